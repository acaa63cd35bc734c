"""Recipes for Mealie, read again."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from typing import Any

import pytest

from mealplanner.recipe_files.mealie import written
from mealplanner.recipe_files.values import Portable
from tests.recipe_files.dishes import ADDRESS, ODD_TITLES, ROWS, portable


def read(recipes: list[Portable]) -> list[dict[str, Any]]:
    """Write recipes and read them again."""
    with zipfile.ZipFile(io.BytesIO(written(recipes))) as archive:
        assert archive.testzip() is None
        assert all(re.fullmatch(r"recipes/([a-z0-9-]+)/\1\.json", name) for name in archive.namelist())
        return [json.loads(archive.read(name)) for name in archive.namelist()]


def test_every_dish_comes_back_whole() -> None:
    recipes = [portable(row) for row in ROWS]
    found = read(recipes)
    assert len({fields["slug"] for fields in found}) == len(ROWS)
    for one, fields in zip(recipes, found, strict=True):
        assert (fields["name"], fields["recipe_servings"]) == (one.recipe.title, 2)
        assert [line["note"] for line in fields["recipe_ingredient"]] == [line.text for line in one.recipe.ingredients]
        steps = [step["text"] for step in fields["recipe_instructions"]]
        assert steps[-len(one.recipe.steps) :] == list(one.recipe.steps)
        assert one.recipe.day_before in steps[0]
        assert fields["total_time"] == f"{one.recipe.minutes} minutes"
        assert fields["nutrition"]["calories"] == f"{one.recipe.numbers.kcal:.0f}"


def test_what_the_importers_ask_for_is_there() -> None:
    """The migration reads `slug` and `extras`; an ingredient without a food shows no quantity but 0."""
    (fields,) = read([portable(ROWS[0])])
    assert fields["slug"]
    assert fields["extras"] is None
    assert {line["quantity"] for line in fields["recipe_ingredient"]} == {0}
    assert all(tag["name"] and re.fullmatch("[a-z-]+", tag["slug"]) for tag in fields["tags"])
    assert fields["org_url"] == ADDRESS


def test_ids_are_unique_and_stay() -> None:
    recipes = [portable(row) for row in ROWS[:5]]
    ids = [step["id"] for fields in read(recipes) for step in fields["recipe_instructions"]]
    ids += [line["reference_id"] for fields in read(recipes) for line in fields["recipe_ingredient"]]
    assert len({uuid.UUID(one) for one in ids}) == len(ids)
    assert written(recipes) == written(recipes)


@pytest.mark.parametrize("title", ODD_TITLES)
def test_any_title_is_kept_on_one_line(title: str) -> None:
    (fields,) = read([portable(ROWS[0], title=title)])
    assert fields["name"] == title.replace("\t", " ").replace("\n", " ")
