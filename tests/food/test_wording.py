"""Amounts as a cook says them, in metric and in American kitchens."""

from __future__ import annotations

import re
from typing import Final

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.spelling import words
from mealplanner.food.table import load_foods
from mealplanner.food.wording import (
    OUNCE,
    Units,
    count_word,
    ingredient_text,
    part_text,
    said_name,
    volume_text,
    weight_text,
)
from mealplanner.planner.model import PORTIONS
from tests.food.laughable import laughable

FOODS: Final = load_foods()
BOTH: Final[tuple[Units, ...]] = ("metric", "imperial")
UNSAID: Final = frozenset({"canned", "table", "sliced", "chapati"})
"""Words of names that a measure stands for: a tin, a spoon, a slice; and one in another plural."""


@pytest.mark.parametrize(
    ("food", "grams", "metric", "american"),
    [
        ("egg", 100, "2 eggs", "2 eggs"),
        ("egg", 50, "1 egg", "1 egg"),
        ("egg", 25, "½ egg", "½ egg"),
        ("egg", 15, "1 tbsp beaten egg", "1 tbsp beaten egg"),
        ("garlic", 6, "2 cloves of garlic", "2 cloves of garlic"),
        ("garlic", 2, "½ clove of garlic", "½ clove of garlic"),
        ("bread-rye", 64, "2 slices of rye bread", "2 slices of rye bread"),
        ("bread-rye", 24, "25 g rye bread", "¾ oz rye bread"),
        ("corn-tortillas", 72, "3 gluten-free corn tortillas", "3 gluten-free corn tortillas"),
        ("onion", 60, "½ onion (60 g)", "½ onion (60 g)"),
        ("onion", 40, "40 g onion", "1½ oz onion"),
        ("carrots", 180, "3 carrots (180 g)", "3 carrots (180 g)"),
        ("carrots", 2000, "2 kg carrots", "4½ lb carrots"),
        ("celery", 80, "2 stalks of celery (80 g)", "2 stalks of celery (80 g)"),
        ("mozzarella", 125, "1 ball of mozzarella (125 g)", "1 ball of mozzarella (125 g)"),
        ("bay-leaf", 0.3, "1 bay leaf", "1 bay leaf"),
        ("tuna-canned-water", 100, "a 145 g tin of tuna in water, drained (100 g)", "3½ oz tuna in water, drained"),
        ("tuna-canned-oil", 120, "120 g tuna in oil, drained", "a 5 oz can of tuna in oil, drained (120 g)"),
        ("anchovies-canned", 6, *2 * ["2 anchovy fillets in olive oil, drained (6 g)"]),
        ("rice-paper", 14, *2 * ["1 rice paper wrapper (14 g)"]),
        ("almonds", 7.5, "6 almonds (8 g)", "6 almonds (8 g)"),
        ("walnuts", 8, "2 walnuts (8 g)", "2 walnuts (8 g)"),
        ("walnuts", 60, "60 g walnuts", "½ cup walnuts (60 g)"),
        ("breadcrumbs", 6, "2½ tsp dry breadcrumbs, plain", "2½ tsp dry breadcrumbs, plain"),
        ("avocado", 13, "13 g avocado", "½ oz avocado"),
        ("tuna-canned-water", 80, "80 g tuna in water, drained", "2¾ oz tuna in water, drained"),
        ("tomatoes-canned", 1000, "two and a half 400 g tins of tomatoes", "two and a half 14.5 oz cans of tomatoes"),
        ("tomatoes-canned", 80, "80 g canned tomatoes", "⅓ cup canned tomatoes"),
        ("cumin", 2, "1 tsp cumin", "1 tsp cumin"),
        ("turmeric", 1.5, "½ tsp ground turmeric", "½ tsp ground turmeric"),
        ("salt", 3, "½ tsp salt", "½ tsp salt"),
        ("salt", 0.3, "a pinch of salt", "a pinch of salt"),
        ("olive-oil", 13.5, "1 tbsp olive oil (14 g)", "1 tbsp olive oil (14 g)"),
        ("olive-oil", 108, "120 ml olive oil (110 g)", "½ cup olive oil (110 g)"),
        ("parsley", 8, "2 tbsp chopped fresh parsley", "2 tbsp chopped fresh parsley"),
        ("milk-whole", 30, "2 tbsp whole milk", "2 tbsp whole milk"),
        ("milk-whole", 150, "150 ml whole milk", "⅔ cup whole milk"),
        ("milk-whole", 2500, "2.4 l whole milk", "2½ quarts whole milk"),
        ("rolled-oats", 62.5, "65 g rolled oats", "¾ cup rolled oats (65 g)"),
        ("beef-ground-95", 140, "140 g beef mince, 5 % fat", "5 oz beef mince, 5 % fat"),
    ],
)  # fmt: skip
def test_an_amount_is_said_as_cooks_say_it(food: str, grams: float, metric: str, american: str) -> None:
    assert ingredient_text(FOODS[food], grams) == metric
    assert ingredient_text(FOODS[food], grams, "imperial") == american


def test_no_cook_laughs_at_any_amount_of_any_dish() -> None:
    """All foods of all dishes, in all portions, for one to twelve people, in both systems."""
    patterns = laughable()
    amounts = {
        (item.food_id, round(item.grams * portion * people, 6))
        for dish in load_catalogue().recipes
        for item in dish.ingredients
        for portion in PORTIONS
        for people in range(1, 13)
    }
    texts = {ingredient_text(FOODS[food], grams, units) for food, grams in amounts for units in BOTH}
    assert len(texts) > 20_000
    assert [(text, why) for text in texts for pattern, _, why in patterns if pattern.search(text)] == []


@pytest.mark.parametrize(("pattern", "example", "why"), laughable())
def test_each_pattern_finds_its_example(pattern: re.Pattern[str], example: str, why: str) -> None:
    assert pattern.search(example), why


@pytest.mark.parametrize("units", BOTH)
def test_every_food_is_said_by_its_whole_name_and_no_amount_is_nothing(units: Units) -> None:
    """What a label has to promise is in the name, so no measure may drop it."""
    for food in FOODS.values():
        for grams in (0.004, 0.04, 0.2, 1, 3, 10, 30, 60, 100, 240, 400, 1000, 9000):
            text = ingredient_text(food, grams, units)
            assert set(words(food.name)) - set(words(text)) <= UNSAID, text
            assert re.match(r"[1-9½¼¾⅓⅔⅛]|an? |half a |[a-z]+ (and a half )?[\d.]+ (g|ml|oz|fl oz) ", text), text


@pytest.mark.parametrize("units", BOTH)
def test_what_is_said_lies_near_the_grams(units: Units) -> None:
    """Where no weight stands beside it, a count of standard pieces is within a fifth of what is computed with."""
    for food, piece in (("egg", 50), ("corn-tortillas", 24), ("bread-rye", 32)):
        for grams in range(piece // 2, 12 * piece):
            text = ingredient_text(FOODS[food], grams, units)
            if found := re.match(r"(\d*)(½?) (?:eggs?|gluten-free corn tortillas?|slices? of rye bread)$", text):
                count = int(found[1] or 0) + (0.5 if found[2] else 0)
                assert abs(count * piece - grams) <= 0.1 * grams + 1, text


@pytest.mark.parametrize(
    ("ounces", "text"),
    [
        (0.1, "3 g"), (0.3, "¼ oz"), (0.994, "1 oz"), (2.24, "2¼ oz"), (5.3, "5½ oz"), (9.4, "9 oz"), (15.4, "15 oz"),
        (15.6, "1 lb"), (20, "1 lb 4 oz"), (31.7, "2 lb"), (36, "2¼ lb"),
    ],
)  # fmt: skip
def test_ounces_are_those_of_kitchen_scales(ounces: float, text: str) -> None:
    assert weight_text(ounces * OUNCE, "imperial") == text


@pytest.mark.parametrize(
    ("grams", "text"),
    [(7.4, "7 g"), (14.4, "14 g"), (17, "15 g"), (62, "60 g"), (253, "250 g"), (997, "1 kg")],
)
def test_grams_are_rounded_to_what_scales_show(grams: float, text: str) -> None:
    assert weight_text(grams) == text


@pytest.mark.parametrize(
    ("millilitres", "metric", "american"),
    [
        (5, "1 tsp", "1 tsp"),
        (40, "2½ tbsp", "2½ tbsp"),
        (150, "150 ml", "⅔ cup"),
        (1200, "1.2 l", "5 cups"),
        (4050, "4.1 l", "4½ quarts"),
    ],
)  # fmt: skip
def test_water_is_said_in_spoons_jugs_and_cups(millilitres: float, metric: str, american: str) -> None:
    assert (volume_text(millilitres), volume_text(millilitres, "imperial")) == (metric, american)


@pytest.mark.parametrize(
    ("food", "grams", "text"),
    [
        ("olive-oil", 13.5, "1 tbsp"),
        ("garlic", 6, "2 cloves"),
        ("garlic", 4.5, "1½ cloves"),
        ("salt", 0.2, "a pinch"),
        ("onion", 55, "55 g"),
    ],
)
def test_an_amount_can_stand_without_its_food(food: str, grams: float, text: str) -> None:
    """What varies in size is weighed: half of an onion is no number."""
    assert part_text(FOODS[food], grams) == text


@pytest.mark.parametrize(("food", "american"), [("walnuts", "¼ cup"), ("chestnuts", "1 oz"), ("onion", "1 oz")])
def test_a_part_of_what_varies_in_size_is_poured_where_a_cup_of_it_is(food: str, american: str) -> None:
    assert (part_text(FOODS[food], 30), part_text(FOODS[food], 30, "imperial")) == ("30 g", american)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Turmeric, ground", "ground turmeric"),
        ("Greek yoghurt, fat-free, vegetarian", "fat-free Greek yoghurt, vegetarian"),
        ("Sardines in olive oil, drained", "sardines in olive oil, drained"),
    ],
)
def test_what_a_table_says_behind_a_name_is_said_before_it(name: str, said: str) -> None:
    assert said_name(name) == said


def test_numbers_up_to_twelve_are_words() -> None:
    assert [count_word(1), count_word(12), count_word(13)] == ["one", "twelve", "13"]
