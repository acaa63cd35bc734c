"""Steps say amounts for the servings asked for, in the person's units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Final

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.recipe_checks import check_recipes
from mealplanner.food.recipes import Written
from mealplanner.food.steps import step_problems, step_text
from mealplanner.food.table import load_foods
from mealplanner.food.wording import Units
from mealplanner.planner.model import PORTIONS, Food, Recipe
from tests.food.laughable import laughable

FOODS: Final = load_foods()
GRAMS: Final = {"olive-oil": 9.0, "salt": 1.2, "garlic": 6.0, "egg": 100.0, "onion": 60.0, "mozzarella": 125.0}


def read(step: str, servings: float = 1, units: Units = "metric") -> str:
    return step_text(step, FOODS, GRAMS, servings, units)


@pytest.mark.parametrize(
    ("step", "one", "six", "american"),
    [
        ("Add {150 ml} of water.", "Add 150 ml of water.", "Add 900 ml of water.", "Add ⅔ cup of water."),
        ("Add {1 tbsp} of water.", "Add 1 tbsp of water.", "Add 90 ml of water.", "Add 1 tbsp of water."),
        ("Keep {60 g} of it.", "Keep 60 g of it.", "Keep 360 g of it.", "Keep 2 oz of it."),
        ("Roll {8 balls}.", "Roll eight balls.", "Roll 48 balls.", "Roll eight balls."),
        ("Roll {2 flat patties}.", "Roll two flat patties.", "Roll twelve flat patties.", "Roll two flat patties."),
        ("Use {1 large mug}.", "Use one large mug.", "Use six large mugs.", "Use one large mug."),
        ("Fold {1 leaf}.", "Fold one leaf.", "Fold six leaves.", "Fold one leaf."),
        ("Half ({olive-oil 1/2}).", "Half (1 tsp).", "Half (2 tbsp).", "Half (1 tsp)."),
        ("All ({olive-oil}).", "All (2 tsp).", "All (4 tbsp).", "All (2 tsp)."),
        ("Half ({garlic 1/2}).", "Half (1 clove).", "Half (6 cloves).", "Half (1 clove)."),
        ("A third ({salt 1/3}).", "A third (a pinch).", "A third (½ tsp).", "A third (a pinch)."),
        ("Half ({onion 1/2}).", "Half (30 g).", "Half (180 g).", "Half (1 oz)."),
        ("Beat {egg}.", "Beat 2 eggs.", "Beat 12 eggs.", "Beat 2 eggs."),
        ("Tear {mozzarella}.", "Tear 125 g.", "Tear 750 g.", "Tear 4½ oz."),
        ("Bake at 200 °C.", "Bake at 200 °C.", "Bake at 200 °C.", "Bake at 400 °F."),
        ("Bake at 180 C.", "Bake at 180 °C.", "Bake at 180 °C.", "Bake at 350 °F."),
        ("Cook to 74 °C.", "Cook to 74 °C.", "Cook to 74 °C.", "Cook to 165 °F."),
        ("Cut 2 cm cubes.", "Cut 2 cm cubes.", "Cut 2 cm cubes.", "Cut ¾ inch cubes."),
        ("Slice 3 mm thick.", "Slice 3 mm thick.", "Slice 3 mm thick.", "Slice ⅛ inch thick."),
        ("Fry for 5 minutes.", "Fry for 5 minutes.", "Fry for 5 minutes.", "Fry for 5 minutes."),
    ],
)
def test_what_stands_in_braces_grows_with_the_servings(step: str, one: str, six: str, american: str) -> None:
    assert (read(step), read(step, 6), read(step, 1, "imperial")) == (one, six, american)


@pytest.mark.parametrize(("servings", "text"), [(0.5, "four"), (0.75, "six"), (0.05, "one"), (1.1, "nine")])
def test_counts_are_whole_and_never_none(servings: float, text: str) -> None:
    assert read("{8 balls}", servings) == f"{text} ball{'' if text == 'one' else 's'}"


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("Pour in 150 ml of water.", "'150 ml' stays the same for more people: expected it in braces, like {150 ml}"),
        ("Stir in two tablespoons of oil.", "'two tablespoons' stays the same for more people"),
        ("Stir in a spoonful of oil.", "'a spoonful' stays the same for more people"),
        ("Keep a cup of the water.", "'a cup' stays the same for more people"),
        ("Roll it into eight small balls.", "'eight small balls' stays the same for more people"),
        ("Beat 3 eggs.", "'3 eggs' stays the same for more people: expected it in braces, like {8 balls}"),
        ("Fry it in {butter 1/2}.", "{butter 1/2} names no food of the recipe"),
        ("Add {a little water}.", "{a little water}: expected an amount like 150 ml, a count like 8 balls"),
        ("Add {150 ml of water.", "a brace without its other one"),
    ],
)
def test_an_amount_that_would_not_grow_is_refused(step: str, problem: str) -> None:
    (found,) = step_problems(step, GRAMS.keys())
    assert found.startswith(problem)


@pytest.mark.parametrize(
    "step",
    [
        "Bake for 20 minutes at 200 °C, in 2 cm slices, 5 mm thick, until 15 % is left; turn them two or three times.",
        "Cover it with twice its volume of water, add two thirds of the salt and drink it from a cup.",
        "Open a 400 g tin, cut it into 20 g pieces between two sheets of paper, and stir in a spoonful at a time.",
    ],
)
def test_times_temperatures_sizes_and_shares_may_stay(step: str) -> None:
    assert list(step_problems(step, GRAMS.keys())) == []


def test_the_catalogue_refuses_such_a_step_and_says_where(
    make_food: Callable[..., Food], make_recipe: Callable[..., Recipe]
) -> None:
    dish = make_recipe(steps=("Put the lentils on with 300 ml of water.", *make_recipe().steps[1:]))
    findings = check_recipes([Written("soups.txt:3", dish)], {"red-lentils": make_food()})
    expected = "step 1: '300 ml' stays the same for more people: expected it in braces, like {150 ml}"
    assert [(item.where, item.problem) for item in findings] == [("soups.txt:3", expected)]


def test_every_step_of_the_catalogue_reads_well_for_one_and_for_twelve() -> None:
    """Nothing is left in braces, and no amount in a step is one that a cook would laugh at."""
    patterns = [(pattern, why) for pattern, _, why in laughable() if not pattern.pattern.startswith("^")]
    for dish in load_catalogue().recipes:
        grams = {item.food_id: item.grams for item in dish.ingredients}
        for step in dish.steps:
            for servings in {*PORTIONS, 3, 6, 9, 12} if "{" in step else {1}:
                for units in ("metric", "imperial"):
                    text = step_text(step, FOODS, grams, servings, units)
                    assert "{" not in text
                    assert not [why for pattern, why in patterns if pattern.search(text)], text


def test_no_dish_shares_out_more_than_it_has() -> None:
    for dish in load_catalogue().recipes:
        shares: Counter[str] = Counter()
        for food, share in re.findall(r"\{([a-z-]+) (\d+/\d+)\}", " ".join(dish.steps)):
            shares[food] += Fraction(share)  # type: ignore[assignment]
        assert all(share <= 1 for share in shares.values()), (dish.slug, shares)
