"""Saturates, fibre, sugars and salt of what is eaten."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from mealplanner.planner.details import details
from mealplanner.planner.model import Food, Ingredient, Nutrients

OATS = Food(
    id="oats",
    name="Oats",
    state="dry",
    aisle="grains-pasta",
    source="fdc 1",
    per_100g=Nutrients(kcal=370, protein_g=13, carbohydrate_g=60, fat_g=7),
    saturates_g=1.2,
    fibre_g=10,
    sugars_g=1,
    salt_g=0.01,
    contains=frozenset({"grain"}),
    may_contain=frozenset(),
)


def of(food: Food, grams: float) -> tuple[list[Ingredient], dict[str, Food]]:
    return [Ingredient(food_id=food.id, grams=grams)], {food.id: food}


def test_grams_are_added_up() -> None:
    twice = [Ingredient(food_id="oats", grams=50), Ingredient(food_id="oats", grams=150)]
    found = details(twice, {"oats": OATS})
    assert (found.saturates_g, found.fibre_g, found.sugars_g, found.salt_g) == pytest.approx((2.4, 20, 2, 0.02))
    assert found.incomplete == frozenset()


@pytest.mark.parametrize("figure", ["saturates_g", "fibre_g", "sugars_g", "salt_g"])
def test_a_figure_that_is_not_known_is_said_to_be_incomplete(figure: str) -> None:
    found = details(*of(replace(OATS, **{figure: math.nan}), 100))
    assert getattr(found, figure) == 0
    assert found.incomplete == {figure}


def test_nothing_is_known_of_a_food_without_figures() -> None:
    unknown = Nutrients(math.nan, math.nan, math.nan, math.nan)
    food = replace(OATS, per_100g=unknown, saturates_g=math.nan, fibre_g=math.nan, sugars_g=math.nan, salt_g=math.nan)
    assert details(*of(food, 100)).incomplete == {"saturates_g", "fibre_g", "sugars_g", "salt_g"}


def test_what_can_hardly_be_missing_is_not_mentioned() -> None:
    """Two grams of a spice hold less than two grams of sugars; how much salt a food holds, nothing else tells."""
    spice = replace(OATS, fibre_g=math.nan, sugars_g=math.nan, salt_g=math.nan, saturates_g=math.nan)
    assert details(*of(spice, 1.5)).incomplete == {"salt_g"}
    assert details(*of(spice, 50)).incomplete == {"saturates_g", "fibre_g", "sugars_g", "salt_g"}


def test_a_food_that_is_not_in_the_table_is_an_error() -> None:
    with pytest.raises(KeyError, match="oats"):
        details([Ingredient(food_id="oats", grams=1)], {})
