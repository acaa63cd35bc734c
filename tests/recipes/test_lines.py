"""Steps of a recipe are read for the servings asked for, however they were stored."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Final

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.recipes.assembly import catalogue_row, recipe_value
from mealplanner.recipes.values import RecipeValue

DISH: Final = load_catalogue().recipes[0]


def value(*steps: str, servings: float) -> RecipeValue:
    row = catalogue_row(uuid.UUID(int=1), replace(DISH, steps=steps), rating=0)
    return recipe_value(row, servings=servings)


@pytest.mark.parametrize("step", ["Pour in {150 ml} of water.", "Pour in 150 ml of water."])
def test_amounts_grow_with_the_servings_with_and_without_the_notation(step: str) -> None:
    assert value(step, servings=1).steps == ("Pour in 150 ml of water.",)
    assert value(step, servings=2).steps == ("Pour in 300 ml of water.",)


def test_it_is_said_where_pieces_are_counted_for_one_serving() -> None:
    """As a model may write them."""
    steps = ("Pour in 150 ml of water.", "Roll it into eight balls.")
    assert not value(*steps, servings=1).counts_are_for_one
    assert value(*steps, servings=2).counts_are_for_one
