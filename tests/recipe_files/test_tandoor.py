"""Recipes for Tandoor, read again."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from mealplanner.recipe_files.amounts import Amount, amount_of
from mealplanner.recipe_files.tandoor import written
from mealplanner.recipe_files.values import Portable
from mealplanner.recipes.values import IngredientLine
from tests.recipe_files.dishes import ADDRESS, ODD_TITLES, ROWS, portable

RECIPE = {
    *("name", "description", "keywords", "steps", "working_time", "waiting_time", "internal", "nutrition", "servings"),
    *("servings_text", "source_url"),
}
STEP = {"name", "instruction", "ingredients", "time", "order", "show_as_header", "show_ingredients_table"}
INGREDIENT = {
    *("food", "unit", "amount", "note", "order", "is_header", "no_amount"),
    *("always_use_plural_unit", "always_use_plural_food"),
}


def read(recipes: list[Portable]) -> list[dict[str, Any]]:
    """Write recipes and read them again."""
    found = []
    with zipfile.ZipFile(io.BytesIO(written(recipes))) as outer:
        for name in outer.namelist():
            assert name.endswith(".zip")
            with zipfile.ZipFile(io.BytesIO(outer.read(name))) as inner:
                assert inner.namelist() == ["recipe.json"]
                found.append(json.loads(inner.read("recipe.json")))
    return found


def test_every_dish_comes_back_whole() -> None:
    recipes = [portable(row) for row in ROWS]
    for one, fields in zip(recipes, read(recipes), strict=True):
        assert (set(fields), fields["name"], fields["servings"]) == (RECIPE, one.recipe.title, 2)
        assert fields["working_time"] + fields["waiting_time"] == one.recipe.minutes
        assert f"{one.recipe.numbers.kcal:.0f} kcal" in fields["description"]
        assert all(set(step) == STEP for step in fields["steps"])
        texts = [step["instruction"] for step in fields["steps"]]
        assert texts[-len(one.recipe.steps) :] == list(one.recipe.steps)
        first, *others = (step["ingredients"] for step in fields["steps"])
        assert not any(others)
        assert all(set(item) == INGREDIENT and item["amount"] > 0 for item in first)
        assert len(first) == len(one.recipe.ingredients)


def test_fields_fit_their_columns() -> None:
    """Of Tandoor's database: 128 characters of a title, 512 of a description, and 128 of a food."""
    (fields,) = read([portable(ROWS[0], title="x" * 300)])
    assert len(fields["name"]) == 128
    for found in read([portable(row) for row in ROWS]):
        assert len(found["description"]) <= 512
        assert all(len(item["food"]["name"]) <= 128 for item in found["steps"][0]["ingredients"])
        assert all(len(item["note"]) <= 256 for item in found["steps"][0]["ingredients"])
    assert fields["source_url"] == ADDRESS


@pytest.mark.parametrize("title", ODD_TITLES[:-1])
def test_any_title_is_kept_on_one_line(title: str) -> None:
    (fields,) = read([portable(ROWS[0], title=title)])
    assert fields["name"] == title.replace("\t", " ").replace("\n", " ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 eggs", Amount(2, "", "eggs", "")),
        ("1½ tbsp olive oil (20 g)", Amount(1.5, "tbsp", "olive oil", "20 g")),
        ("⅓ cup rice", Amount(0.333, "cup", "rice", "")),
        ("1.5 kg potatoes", Amount(1.5, "kg", "potatoes", "")),
        ("2 cloves of garlic", Amount(2, "", "cloves of garlic", "")),
        ("1 large onion (110 g)", Amount(1, "", "large onion", "110 g")),
        ("a pinch of salt", Amount(240, "g", "Food", "a pinch of salt")),
        ("1 lb 3 oz chicken", Amount(240, "g", "Food", "1 lb 3 oz chicken")),
        ("half a 400 g tin of tomatoes", Amount(240, "g", "Food", "half a 400 g tin of tomatoes")),
        ("3 \N{MULTIPLICATION SIGN} 400 g tins", Amount(240, "g", "Food", "3 \N{MULTIPLICATION SIGN} 400 g tins")),
    ],
)
def test_an_ingredient_is_cut_into_its_parts(text: str, expected: Amount) -> None:
    """What is no single number and unit is in grams, with the text as a note."""
    assert amount_of(IngredientLine(food="food", name="Food", grams=240, text=text)) == expected
