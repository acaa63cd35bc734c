"""What to buy for an amount of a food, in metric and in American shops."""

from __future__ import annotations

import math
import re
from functools import cache
from itertools import pairwise
from typing import Final

import pytest

from mealplanner.food.pack_table import SHOP_AISLES, sale_of
from mealplanner.food.packs import Purchase, is_only_checked, purchase, shop_aisle, to_buy, tolerance
from mealplanner.food.table import load_foods
from mealplanner.food.wording import Units
from mealplanner.planner.model import Food
from tests.food.laughable import laughable

FOODS: Final = load_foods()
SOLD: Final = [food for food in FOODS.values() if sale_of(food.id).bought == food.id]
BOTH: Final[tuple[Units, ...]] = ("metric", "imperial")
AMOUNTS: Final = sorted({round(1.3**step, 3) for step in range(-8, 38)} | {100, 240, 250, 400, 401, 480, 500, 1000})
"""From a pinch to 16 kg, in grams."""


@cache
def all_bought(units: Units) -> list[tuple[Food, list[Purchase]]]:
    return [(food, [purchase(food, grams, units) for grams in AMOUNTS]) for food in SOLD]


@pytest.mark.parametrize(
    ("food", "grams", "metric", "american"),
    [
        ("chickpeas-canned", 200, "1 tin (400 g)", "1 can (15 oz)"),
        ("chickpeas-canned", 260, "1 tin (400 g)", "1 can (15 oz)"),
        ("chickpeas-canned", 400, "2 tins (400 g each)", "2 cans (15 oz each)"),
        ("tomatoes-canned", 401, "1 tin (400 g)", "1 can (14.5 oz)"),
        ("onion", 300, "3 onions", "3 onions"),
        ("onion", 110, "1 onion", "1 onion"),
        ("onion", 3000, "3 kg", "7 lb"),
        ("potatoes", 4500, "4.5 kg", "10 lb"),
        ("egg", 250, "1 box of 6", "1 carton of 6"),
        ("egg", 600, "1 box of 12", "1 carton of 12"),
        ("parsley", 8, "1 bunch", "1 bunch"),
        ("garlic", 30, "1 bulb", "1 bulb"),
        ("rice-basmati-dry", 900, "1 bag (1 kg)", "1 bag (2 lb)"),
        ("rice-basmati-dry", 1300, "1 bag (1 kg) and 1 bag (500 g)", "1 bag (2 lb) and 1 bag (1 lb)"),
        ("milk-whole", 1200, "1 carton (2 l)", "1 carton (½ gallon)"),
        ("pita", 240, "1 pack of 6", "1 pack of 6"),
        ("beef-ground-95", 280, "300 g", "12 oz"),
        ("vegetable-stock", 700, "2 cubes", "1 carton (32 fl oz)"),
        ("butternut-squash", 440, "1 butternut squash", "1 butternut squash"),
    ],
)  # fmt: skip
def test_an_amount_is_bought_as_shops_sell_it(food: str, grams: float, metric: str, american: str) -> None:
    assert purchase(FOODS[food], grams).words == metric
    assert purchase(FOODS[food], grams, "imperial").words == american


@pytest.mark.parametrize(
    ("food", "grams", "metric", "american"),
    [
        ("chickpeas-canned", 260, "260 g", "9 oz"),
        ("onion", 250, "2¼", "2¼"),
        ("egg", 250, "5", "5"),
        ("garlic", 18, "6 cloves", "6 cloves"),
        ("parsley", 8, "2 tbsp", "2 tbsp"),
        ("cumin", 4, "2 tsp", "2 tsp"),
        ("milk-whole", 520, "500 ml", "2¼ cups"),
        ("potatoes", 4500, "4.5 kg", "10 lb"),
    ],
)  # fmt: skip
def test_the_true_need_is_said_beside_it(food: str, grams: float, metric: str, american: str) -> None:
    assert purchase(FOODS[food], grams).need == metric
    assert purchase(FOODS[food], grams, "imperial").need == american


@pytest.mark.parametrize("units", BOTH)
def test_no_shop_assistant_laughs_at_any_amount_of_any_food(units: Units) -> None:
    patterns = laughable("laughable_packs.tsv")
    bought = [item for _, items in all_bought(units) for item in items]
    texts = {text for item in bought for text in (item.amount, item.words, item.name)}
    needs = {item.need for item in bought}
    assert len(texts) > 1000
    assert [(text, why) for text in texts for pattern, _, why in patterns if pattern.search(text)] == []
    assert [text for text in needs if not re.match(r"[1-9½¼¾⅓⅔⅛]|a pinch$|a little$", text)] == []


@pytest.mark.parametrize(("pattern", "example", "why"), laughable("laughable_packs.tsv"))
def test_each_pattern_finds_its_example(pattern: re.Pattern[str], example: str, why: str) -> None:
    assert pattern.search(example), why


@pytest.mark.parametrize("units", BOTH)
def test_enough_is_bought_and_never_less_when_more_is_needed(units: Units) -> None:
    for food, items in all_bought(units):
        bought = [item.grams for item in items]
        assert all(
            got >= grams - tolerance(food, grams, units) - 1e-9 for got, grams in zip(bought, AMOUNTS, strict=True)
        ), food.id
        assert all(less <= more + 1e-9 for less, more in pairwise(bought)), food.id


@pytest.mark.parametrize("units", BOTH)
def test_no_more_is_left_over_than_one_small_pack_and_a_little(units: Units) -> None:
    """Fewer packs may leave a little more than the exact number of small ones would."""
    for food, items in all_bought(units):
        sale = sale_of(food.id)
        smallest = min((pack.grams for pack in sale.packs[units]), default=0)
        step = 115 if sale.is_weighed[units] else 0
        for grams, item in zip(AMOUNTS, items, strict=True):
            left = item.grams - grams
            assert left <= max(1.5 * smallest, step, 0.15 * grams), (food.id, grams, left)


@pytest.mark.parametrize("grams", [0, -1, math.nan, math.inf])
def test_no_amount_is_refused(grams: float) -> None:
    with pytest.raises(ValueError, match="expected grams above 0"):
        purchase(FOODS["onion"], grams)


@pytest.mark.parametrize(
    ("needs", "bought"),
    [
        ({"egg-white": 99, "egg-yolk": 34}, {"egg": 150}),
        ({"egg": 100, "egg-white": 33, "egg-yolk": 34}, {"egg": 200}),
        ({"lemon-juice": 48, "lemon-zest": 6}, {"lemon": 58}),
        ({"lemon-juice": 48, "lemon": 58, "lemon-zest": 6}, {"lemon": 116}),
        ({"lime-juice": 44, "lime": 67}, {"lime": 134}),
        ({"chickpeas-cooked": 100, "chickpeas-canned": 140}, {"chickpeas-canned": 240}),
        ({"water": 500}, {}),
        ({}, {}),
    ],
)
def test_what_shops_sell_as_one_thing_is_bought_as_one(needs: dict[str, float], bought: dict[str, float]) -> None:
    assert {item.food.id: pytest.approx(item.grams) for item in to_buy(needs)} == bought


def test_cooked_rice_is_bought_dry() -> None:
    """Two and a half to three times as much comes out of the pot."""
    (item,) = to_buy({"rice-white-cooked": 280})
    assert item.food.id == "rice-basmati-dry"
    assert 90 <= item.grams <= 115
    assert item.needed == {"rice-white-cooked": 280}


def test_only_a_dish_that_uses_the_zest_asks_for_unwaxed_lemons() -> None:
    (plain,) = to_buy({"lemon-juice": 48})
    (unwaxed,) = to_buy({"lemon-juice": 96, "lemon-zest": 6})
    assert purchase(plain.food, plain.grams, called=plain.called).words == "1 lemon"
    assert purchase(unwaxed.food, unwaxed.grams, called=unwaxed.called).words == "2 unwaxed lemons"


def test_little_of_a_staple_is_only_looked_for() -> None:
    assert is_only_checked(FOODS["cumin"], 5)
    assert is_only_checked(FOODS["olive-oil"], 100)
    assert not is_only_checked(FOODS["olive-oil"], 400)
    assert not is_only_checked(FOODS["spinach"], 5)


@pytest.mark.parametrize(
    ("food", "aisle"),
    [
        ("parsley", "vegetables"), ("cumin", "spices"), ("peas-frozen", "frozen"), ("tomatoes-canned", "tins"),
        ("rice-white-cooked", "dry-goods"), ("egg-white", "dairy"), ("lemon-zest", "fruit"), ("tofu-firm", "chilled"),
        ("black-beans-cooked", "tins"), ("black-beans-dry", "dry-goods"), ("raisins", "nuts"), ("beer", "drinks"),
        ("butter", "dairy"), ("tuna-canned-water", "tins"), ("salmon", "fish"), ("bagel", "bakery"),
    ],
)  # fmt: skip
def test_a_food_stands_in_the_aisle_where_people_look_for_it(food: str, aisle: str) -> None:
    assert shop_aisle(food) == aisle


def test_every_aisle_of_the_shop_has_foods() -> None:
    assert {shop_aisle(food.id) for food in SOLD} == SHOP_AISLES.keys()
