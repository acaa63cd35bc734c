"""Portions that a plate cannot hold, or for which a dish cannot be made, are not served."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mealplanner.planner.model import MOST_GRAMS, PORTIONS, Ingredient, PlanRequest, Recipe
from mealplanner.planner.plan import plan
from mealplanner.planner.pool import open_pool

Ask = Callable[..., PlanRequest]


def of_weight(recipe: Recipe, grams: float) -> Recipe:
    """`recipe` with all its foods in proportion, so that a serving weighs `grams`."""
    factor = grams / sum(item.grams for item in recipe.ingredients)
    parts = tuple(Ingredient(food_id=item.food_id, grams=item.grams * factor) for item in recipe.ingredients)
    return replace(recipe, ingredients=parts)


@pytest.mark.parametrize(
    ("changes", "servings", "portions"),
    [
        ({}, 1, PORTIONS),
        ({"grams": 450}, 1, PORTIONS),
        ({"grams": 600}, 1, (0.5, 0.75, 1.0, 1.25, 1.5)),
        ({"grams": 600}, 4, (0.5, 0.75, 1.0, 1.25, 1.5)),
        ({"grams": 1900}, 1, ()),
        ({"makes": 2}, 1, (2.0,)),
        ({"makes": 2}, 2, (1.0, 1.25, 1.5, 1.75, 2.0)),
        ({"makes": 2}, 4, PORTIONS),
        ({"makes": 8}, 1, ()),
        ({"makes": 8, "keeps_days": 3}, 1, PORTIONS),
    ],
)
def test_portions_that_may_be_served(
    kitchen: Any, ask: Ask, changes: dict[str, Any], servings: int, portions: tuple[float, ...]
) -> None:
    """A soufflé for two is served to two, and a cake for eight to anyone, since the rest keeps."""
    dish = of_weight(kitchen.recipes[0], changes.get("grams", 300))
    dish = replace(dish, **{name: value for name, value in changes.items() if name != "grams"})
    assert ask(servings=servings).portions_of(dish) == portions


def test_a_dish_without_such_a_portion_is_not_in_the_pool(kitchen: Any, ask: Ask) -> None:
    whole = tuple(replace(recipe, makes=8) for recipe in kitchen.recipes[:20]) + kitchen.recipes[20:]
    pool = open_pool(ask(), whole, kitchen.foods)
    assert len(pool.dishes) == len(whole) - 20
    assert len(open_pool(ask(servings=16), whole, kitchen.foods).dishes) == len(whole)


def test_no_meal_of_a_plan_is_too_heavy(kitchen: Any, ask: Ask) -> None:
    """With watery dishes, of which large portions would be wanted."""
    watery = tuple(of_weight(recipe, 700) for recipe in kitchen.recipes)
    heavy = replace(kitchen, recipes=watery)
    made = plan(ask(kcal=2600, days=3), heavy.recipes, heavy.foods)
    weights = [700 * meal.portion for day in made.days for meal in day.meals]
    assert max(weights) <= MOST_GRAMS
    assert max(meal.portion for day in made.days for meal in day.meals) > 1
