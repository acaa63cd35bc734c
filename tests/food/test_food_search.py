"""Foods by what people call them."""

from __future__ import annotations

import pytest

from mealplanner.food.food_search import MOST_FOUND, found_foods


@pytest.mark.parametrize(
    ("text", "food"),
    [
        ("spinach", "spinach"), ("Spinnach", "spinach"), ("eggs", "egg"), ("tin of chickpeas", "chickpeas-canned"),
        ("chickpeas-canned", "chickpeas-canned"), ("olive oil", "olive-oil"),
        ("Chickpeas, canned, drained", "chickpeas-canned"),
    ],
)  # fmt: skip
def test_a_food_is_found_by_its_name(text: str, food: str) -> None:
    assert [found.id for found in found_foods(text)] == [food]


def test_a_name_of_several_foods_finds_all_of_them() -> None:
    assert {"chickpeas-canned", "chickpeas-dry"} <= {food.id for food in found_foods("chickpeas")}
    assert 1 < len(found_foods("rice")) <= MOST_FOUND


@pytest.mark.parametrize("text", ["", " ", "unobtainium", "x" * 10_000, "???"])
def test_what_names_nothing_finds_nothing(text: str) -> None:
    assert found_foods(text) == ()
