"""Recipes for Paprika, read again."""

from __future__ import annotations

import datetime
import gzip
import io
import json
import zipfile
from typing import Any

import pytest

from mealplanner.recipe_files.paprika import written
from mealplanner.recipe_files.values import Portable
from tests.recipe_files.dishes import ADDRESS, ODD_TITLES, ROWS, portable

TODAY = datetime.date(2026, 11, 29)
FIELDS = {
    *("uid", "name", "description", "ingredients", "directions", "notes", "servings", "prep_time", "cook_time"),
    *("total_time", "difficulty", "rating", "on_favorites", "categories", "nutritional_info", "source", "source_url"),
    *("image_url", "photo", "photo_data", "photo_hash", "photo_large", "photos", "scale", "created", "hash"),
}


def read(recipes: list[Portable]) -> list[dict[str, Any]]:
    """Write recipes and read them again."""
    with zipfile.ZipFile(io.BytesIO(written(recipes, TODAY))) as archive:
        assert archive.testzip() is None
        assert all(name.endswith(".paprikarecipe") and "/" not in name for name in archive.namelist())
        return [json.loads(gzip.decompress(archive.read(name))) for name in archive.namelist()]


def test_every_dish_comes_back_whole() -> None:
    recipes = [portable(row) for row in ROWS]
    found = read(recipes)
    assert len({fields["uid"] for fields in found}) == len({fields["hash"] for fields in found}) == len(ROWS)
    for one, fields in zip(recipes, found, strict=True):
        assert set(fields) == FIELDS
        assert fields["name"] == one.recipe.title
        assert fields["ingredients"].split("\n") == [line.text for line in one.recipe.ingredients]
        steps = fields["directions"].split("\n\n")
        assert steps[-len(one.recipe.steps) :] == list(one.recipe.steps)
        assert one.recipe.day_before in steps[0]
        assert fields["servings"] == "2 servings"
        by_hand, waiting = (int(fields[name].removesuffix(" min") or 0) for name in ("prep_time", "cook_time"))
        assert by_hand + waiting == one.recipe.minutes
        assert f"{one.recipe.numbers.kcal:.0f} kcal" in fields["nutritional_info"]


def test_what_programs_read_has_its_form() -> None:
    (fields,) = read([portable(ROWS[0])])
    assert datetime.datetime.fromisoformat(fields["created"]).date() == TODAY
    assert fields["source_url"] == ADDRESS
    assert all(isinstance(name, str) for name in fields["categories"])


@pytest.mark.parametrize("title", ODD_TITLES)
def test_any_title_is_kept_on_one_line(title: str) -> None:
    (fields,) = read([portable(ROWS[0], title=title)])
    assert fields["name"] == title.replace("\t", " ").replace("\n", " ")


def test_dishes_with_one_title_are_two_files() -> None:
    found = read([portable(row, title="Soup") for row in ROWS[:2]])
    assert [fields["name"] for fields in found] == ["Soup", "Soup"]
