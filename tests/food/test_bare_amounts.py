"""Amounts in plain words, as models write them, grow with the servings where they can be told for certain."""

from __future__ import annotations

import pytest

from mealplanner.food.bare_amounts import count_pieces, marked
from mealplanner.food.steps import step_text
from mealplanner.food.table import load_foods


@pytest.mark.parametrize(
    ("step", "for_two"),
    [
        ("Pour in 150 ml of water.", "Pour in 300 ml of water."),
        ("Add 50g of flour and 1½ tbsp of oil.", "Add 100 g of flour and 3 tbsp of oil."),
        ("Stir in two tablespoons of milk.", "Stir in 4 tbsp of milk."),
        ("Add half a litre of stock.", "Add 1 l of stock."),
        ("Add a spoonful of water; keep a cup of it.", "Add 2 tbsp of water; keep 475 ml of it."),
        ("Add ½ tsp of salt.", "Add 1 tsp of salt."),
        ("Open a 400 g tin and drink from a cup.", "Open a 400 g tin and drink from a cup."),
        ("Cut it into 20 g pieces.", "Cut it into 20 g pieces."),
        ("Use 1-2 tbsp of oil.", "Use 1-2 tbsp of oil."),
    ],
)
def test_a_bare_amount_is_doubled_for_two(step: str, for_two: str) -> None:
    assert step_text(step, load_foods(), {}, 2, "metric") == for_two


def test_a_step_that_knows_the_notation_is_left_alone() -> None:
    assert marked("Add {150 ml} of water to a 5 g block.") == "Add {150 ml} of water to a 5 g block."


@pytest.mark.parametrize("unit", ["ml", "g", "°C", "cm", "balls", "tbsp"])
def test_a_number_beyond_all_kitchens_is_left_as_it_is(unit: str) -> None:
    """A model may write any."""
    step = f"Take {'9' * 390} {unit}."
    assert step_text(step, load_foods(), {}, 3, "imperial") == step


@pytest.mark.parametrize(
    ("steps", "counts"),
    [
        (["Roll it into eight balls."], True),
        (["Cut it up.", "Shape 2 thin, flat things."], False),
        (["Cut it into 2 cm slices and bake it for 8 minutes a slice."], False),
        (["Roll it into {8 balls}."], False),
        (["Simmer it in one piece."], False),
    ],
)
def test_numbers_of_pieces_are_found(steps: list[str], counts: bool) -> None:
    assert count_pieces(steps) is counts
