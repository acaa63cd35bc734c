"""Amounts as people with kitchen scales read them, in grams or in ounces."""

from __future__ import annotations

import pytest

from mealplanner.food.table import load_foods
from mealplanner.food.wording import OUNCE, Units, ingredient_text

FOODS = load_foods()


@pytest.mark.parametrize(
    ("food", "grams", "text"),
    [
        ("rolled-oats", 62.4, "62 g rolled oats"),
        ("rolled-oats", 9.96, "10 g rolled oats"),
        ("salt", 1.5, "1.5 g table salt"),
        ("salt", 2.0, "2 g table salt"),
    ],
)
def test_grams_are_whole_where_a_kitchen_has_no_finer_scales(food: str, grams: float, text: str) -> None:
    """Below ten, one decimal."""
    assert ingredient_text(FOODS[food], grams) == text


@pytest.mark.parametrize(
    ("ounces", "text"),
    [
        (0.994, "0.99 oz"), (0.996, "1 oz"), (1.0, "1 oz"), (2.24, "2.2 oz"), (9.94, "9.9 oz"), (9.96, "10 oz"),
        (12.4, "12 oz"), (15.4, "15 oz"), (15.6, "1 lb"), (16, "1 lb"), (20, "1 lb 4 oz"), (31.7, "2 lb"),
    ],
)  # fmt: skip
def test_ounces_show_two_figures_and_become_pounds(ounces: float, text: str) -> None:
    """Sixteen to the pound, and never sixteen beside one."""
    assert ingredient_text(FOODS["rolled-oats"], ounces * OUNCE, "imperial") == f"{text} rolled oats"


@pytest.mark.parametrize(
    ("grams", "about"),
    [(0.8, "¼ tsp"), (1.5, "¼ tsp"), (4.5, "¾ tsp"), (6, "1 tsp"), (9, "1½ tsp"), (14, "2¼ tsp")],
)
def test_what_is_too_little_for_scales_is_said_in_spoons(grams: float, about: str) -> None:
    """A teaspoon of salt is 6 g."""
    assert ingredient_text(FOODS["salt"], grams, "imperial").endswith(f" oz table salt (about {about})")


@pytest.mark.parametrize(
    ("grams", "units", "text"),
    [
        (0.1, "imperial", "0.1 g table salt (a pinch)"),
        (0.1, "metric", "0.1 g table salt (a pinch)"),
        (0.01, "metric", "less than 0.1 g table salt (a pinch)"),
        (0.01, "imperial", "less than 0.1 g table salt (a pinch)"),
        (0.7, "imperial", "0.02 oz table salt (a pinch)"),
        (0.8, "metric", "0.8 g table salt"),
    ],
)
def test_what_no_spoon_measures_is_a_pinch(grams: float, units: Units, text: str) -> None:
    assert ingredient_text(FOODS["salt"], grams, units) == text


@pytest.mark.parametrize("units", ["metric", "imperial"])
def test_no_amount_of_any_food_reads_as_nothing(units: Units) -> None:
    for food in FOODS.values():
        for grams in (0.004, 0.01, 0.04, 0.1, 0.14, 0.2, 0.3, 1.0):
            assert not ingredient_text(food, grams, units).startswith(("0 ", "0.00 "))
            assert "( tsp" not in ingredient_text(food, grams, units)


def test_tablespoons_begin_where_one_is_full() -> None:
    """For foods light enough that this is still less than half an ounce."""
    spoons = ((food, food.grams_per.get("tbsp", 0)) for food in FOODS.values() if "tsp" not in food.grams_per)
    light = next(food for food, spoon in spoons if 0 < spoon < 5)
    spoon = light.grams_per["tbsp"]
    assert ingredient_text(light, 1.5 * spoon, "imperial").endswith("(about 1½ tbsp)")
    assert ingredient_text(light, spoon / 3, "imperial").endswith("(about 1 tsp)")


def test_pieces_are_counted_in_either_system() -> None:
    """Whole and half ones; nothing is said of a crumb or of a cartload."""
    food = next(food for food in FOODS.values() if "piece" in food.grams_per and not food.grams_per.get("tsp"))
    piece = food.grams_per["piece"]
    for pieces, about in ((0.5, "½"), (1, "1"), (2.4, "2½"), (12, "12")):
        assert ingredient_text(food, pieces * piece).endswith(f"(about {about})")
        assert ingredient_text(food, pieces * piece, "imperial").endswith(f"(about {about})")
    assert "about" not in ingredient_text(food, 0.2 * piece)
    assert "about" not in ingredient_text(food, 13 * piece)
