"""Recipes in the vocabulary of schema.org."""

from __future__ import annotations

import json

import pytest

from mealplanner.recipe_files.schema_org import structured_data, written
from mealplanner.recipe_files.values import Portable
from mealplanner.recipes.assembly import recipe_value
from tests.recipe_files.dishes import ADDRESS, ROWS, portable
from tests.recipe_files.vocabulary import expected, faults


@pytest.mark.parametrize("servings", [0.25, 1, 2.5, 12])
def test_every_dish_keeps_to_the_vocabulary(servings: float) -> None:
    known = expected()
    found = {row.slug: list(faults(structured_data(recipe_value(row, servings=servings)), known)) for row in ROWS}
    assert {slug: said for slug, said in found.items() if said} == {}


@pytest.mark.parametrize(
    "change",
    [
        {"cookTime": "20 min"},
        {"prepTime": "20 min"},
        {"recipeYield": ""},
        {"recipeInstructions": [{"@type": "Step"}]},
        {"nutrition": {"@type": "Recipe"}},
        {"nutrition": {"@type": "NutritionInformation", "calories": "much"}},
    ],
)
def test_the_check_finds_what_is_wrong(change: dict[str, object]) -> None:
    data = structured_data(recipe_value(ROWS[0]))
    assert list(faults({**data, **change}, expected()))


def test_one_recipe_is_an_object_and_several_are_a_graph() -> None:
    one, several = json.loads(written([portable(ROWS[0])])), json.loads(written([portable(row) for row in ROWS[:2]]))
    assert (one["@context"], one["@type"], one["url"]) == ("https://schema.org", "Recipe", ADDRESS)
    assert [node["name"] for node in several["@graph"]] == [row.title for row in ROWS[:2]]
    assert not list(faults(one, expected()))


def test_text_of_any_script_stays_as_it_is() -> None:
    read = json.loads(written([Portable(recipe_value(ROWS[0]._replace(title='"שלום" 🍜')), ADDRESS)]))
    assert read["name"] == '"שלום" 🍜'
