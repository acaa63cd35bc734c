"""What food provides: a sum over the food table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mealplanner.planner.model import Food, Ingredient, Nutrients, Recipe


def total(ingredients: Iterable[Ingredient], foods: Mapping[str, Food]) -> Nutrients:
    """Return the energy (kcal) and macros (g) of `ingredients` together.

    Raise `KeyError`, naming the food id, when one is not in `foods`: a figure that is not known is never taken
    for zero.
    """
    kcal = protein_g = carbohydrate_g = fat_g = 0.0
    for item in ingredients:
        hundreds, per_100g = item.grams / 100, foods[item.food_id].per_100g
        kcal += per_100g.kcal * hundreds
        protein_g += per_100g.protein_g * hundreds
        carbohydrate_g += per_100g.carbohydrate_g * hundreds
        fat_g += per_100g.fat_g * hundreds
    return Nutrients(kcal, protein_g, carbohydrate_g, fat_g)


def is_known(recipe: Recipe, foods: Mapping[str, Food]) -> bool:
    """Return whether every ingredient of `recipe` is in `foods`."""
    return all(item.food_id in foods for item in recipe.ingredients)


def nutrients(recipe: Recipe, foods: Mapping[str, Food]) -> Nutrients:
    """Return the energy (kcal) and macros (g) of one serving of `recipe`. Raise like `total`."""
    return total(recipe.ingredients, foods)
