"""What food provides: a sum over the food table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mealplanner.planner.model import Food, Ingredient, Nutrients, Recipe


def total(ingredients: Iterable[Ingredient], foods: Mapping[str, Food]) -> Nutrients:
    """Return the energy (kcal) and macros (g) of `ingredients` together.

    Raise `KeyError`, naming the food id, when one is not in `foods`: a figure that is not known is never taken
    for zero.
    """
    return sum((foods[item.food_id].per_100g * (item.grams / 100) for item in ingredients), Nutrients())


def nutrients(recipe: Recipe, foods: Mapping[str, Food]) -> Nutrients:
    """Return the energy (kcal) and macros (g) of one serving of `recipe`. Raise like `total`."""
    return total(recipe.ingredients, foods)
