"""What a serving of a recipe provides: the sum of its foods."""

from __future__ import annotations

from collections.abc import Mapping

from mealplanner.planner.model import Food, Nutrients, Recipe


def nutrients(recipe: Recipe, foods: Mapping[str, Food]) -> Nutrients:
    """Energy (kcal) and macros (g) of one serving of `recipe`.

    Raises `KeyError`, naming the food id, when an ingredient is not in `foods`: a figure that is not known
    is never taken for zero.
    """
    return sum((foods[item.food_id].per_100g * (item.grams / 100) for item in recipe.ingredients), Nutrients())
