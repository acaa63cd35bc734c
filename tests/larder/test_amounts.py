"""Amounts as people say them."""

from __future__ import annotations

import re
from typing import Literal

import pytest

from mealplanner.food.packs import stock_text
from mealplanner.food.table import load_foods
from mealplanner.larder.amounts import grams_of
from mealplanner.larder.presentation import EXAMPLES

FOODS = load_foods()


@pytest.mark.parametrize(
    ("food", "text", "grams"),
    [
        ("chickpeas-canned", "2 tins", 480), ("chickpeas-canned", "half a tin", 120),
        ("chickpeas-canned", "2 tins (400 g each)", 480), ("spinach", "½ bag", 100), ("spinach", "250g", 250),
        ("onion", "3", 330), ("onion", "3 onions", 330), ("onion", "1,5 kg", 1500), ("onion", "2¼", 247.5),
        ("chickpeas-canned", "a tin", 240), ("egg", "6", 300), ("egg", "1 box of 6", 300),
        ("egg-white", "2", 66), ("garlic", "3 cloves", 9),
        ("garlic", "1 Bulb", 36), ("milk-whole", "1 litre", 1031.3), ("milk-whole", "1/2 l", 515.7),
        ("bread-rye", "4 slices", 128), ("olive-oil", "1 1/2 cups", 324), ("mozzarella", "two balls", 250),
        ("beef-ground-95", "1 lb 4 oz", 567), ("beef-ground-95", "1.5 pounds", 680.4), ("salt", "2 tsp", 12),
    ],
)  # fmt: skip
def test_an_amount_is_understood(food: str, text: str, grams: float) -> None:
    assert grams_of(FOODS[food], text) == pytest.approx(grams, abs=0.1)


@pytest.mark.parametrize("units", ["metric", "imperial"])
def test_the_examples_of_the_form_are_understood(units: Literal["metric", "imperial"]) -> None:
    weight, packs, _pieces = re.split(", | or ", EXAMPLES[units])
    assert grams_of(FOODS["chickpeas-canned"], weight, units)
    assert grams_of(FOODS["chickpeas-canned"], packs, units)


def test_a_pack_of_the_other_system_is_understood_too() -> None:
    chickpeas = FOODS["chickpeas-canned"]
    assert (grams_of(chickpeas, "2 tins", "imperial"), grams_of(chickpeas, "2 cans")) == (480, 506)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0 g",
        "-3 g",
        "nan",
        "inf",
        "1e9 g",
        "3 wombats",
        "g",
        "2 g g",
        "1/0",
        "400 g, 2 tins",
        "9" * 10_000,
        "½½",
    ],
)
def test_what_is_no_amount_is_not_guessed(text: str) -> None:
    assert grams_of(FOODS["spinach"], text) is None


def test_a_bare_number_of_what_is_not_counted_is_no_amount() -> None:
    assert grams_of(FOODS["chickpeas-canned"], "2") is None


@pytest.mark.parametrize(
    ("food", "grams", "metric", "american"),
    [
        ("chickpeas-canned", 480, "2 tins (400 g each)", "1 lb 1 oz"),
        ("chickpeas-canned", 130, "130 g", "4½ oz"),
        ("onion", 330, "3", "3"),
        ("parsley", 30, "1 bunch", "1 oz"),
        ("rice-white-cooked", 200, "200 g", "1¼ cups"),
    ],
)
def test_what_is_there_is_said_as_people_say_it(food: str, grams: float, metric: str, american: str) -> None:
    assert stock_text(FOODS[food], grams) == metric
    assert stock_text(FOODS[food], grams, "imperial") == american
