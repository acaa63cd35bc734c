"""How foods are bought, as the planner wants to know it."""

from __future__ import annotations

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.goods import KEEPING, all_goods


@pytest.mark.parametrize(
    ("food", "bought"),
    [("rice-white-cooked", "rice-basmati-dry"), ("lemon-juice", "lemon"), ("egg-white", "egg"), ("water", "")],
)
def test_a_food_is_bought_as_what_shops_sell(food: str, bought: str) -> None:
    assert all_goods()[food].bought == bought


@pytest.mark.parametrize("food", ["spinach", "coriander-leaves", "salmon", "chicken-thigh", "tofu-firm", "cream-light"])
def test_what_is_fresh_spoils(food: str) -> None:
    assert all_goods()[food].spoils


@pytest.mark.parametrize("food", ["onion", "salt", "pasta-dry", "peas-frozen", "chickpeas-canned", "egg", "butter"])
def test_what_keeps_for_weeks_does_not(food: str) -> None:
    assert not all_goods()[food].spoils


@pytest.mark.parametrize(
    ("food", "grams"), [("egg", 50), ("egg-white", 33), ("bread-rye", 32), ("chickpeas-cooked", 240), ("tomatoes", 0)]
)
def test_what_is_counted_has_the_grams_of_one(food: str, grams: float) -> None:
    assert all_goods()[food].unit == grams


def test_everything_that_keeps_is_in_the_table() -> None:
    assert load_catalogue().foods.keys() >= KEEPING


def test_every_food_of_the_table_has_its_goods() -> None:
    assert all_goods().keys() == load_catalogue().foods.keys()
