"""What must be eaten soon, and which dishes use it up. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mealplanner.food.pack_table import sale_of
from mealplanner.food.table import load_foods
from mealplanner.larder.values import Item
from mealplanner.planner.model import Recipe

FOR_ALL_OF_IT: Final = 25.0
"""Points taken off a dish that uses up a food, in the planner's scale, where a favourite has 10 off."""
MOST: Final = 40.0
"""Points off a dish, however many foods it uses up."""


def bonuses(items: Iterable[Item], dishes: Iterable[Recipe], *, servings: int) -> dict[str, float]:
    """Return slug -> points off for each dish that uses some of `items`, by how much of each `servings` use up."""
    there: dict[str, float] = {}
    for item in items:
        there[item.food_id] = there.get(item.food_id, 0.0) + float(item.grams)
    found = {dish.slug: _points(dish, there, servings) for dish in dishes} if there else {}
    return {slug: points for slug, points in found.items() if points}


def used_of(dish: Recipe, food_ids: Iterable[str]) -> dict[str, float]:
    """Return grams of each of the foods that one serving of `dish` uses; cooked rice uses rice."""
    wanted, used = frozenset(food_ids), dict[str, float]()
    for item in dish.ingredients:
        if item.food_id in load_foods():
            sale = sale_of(item.food_id)
            name = item.food_id if item.food_id in wanted else sale.bought
            if name in wanted:
                used[name] = used.get(name, 0.0) + item.grams / (1 if name == item.food_id else sale.yields)
    return used


def _points(dish: Recipe, there: Mapping[str, float], servings: int) -> float:
    shares = (min(1.0, grams * servings / there[food]) for food, grams in used_of(dish, there).items())
    return min(MOST, FOR_ALL_OF_IT * sum(shares))
