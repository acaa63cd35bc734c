"""Recipes as JSON, in the shape that programs rely on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mealplanner.recipes.values import Dishes, IngredientLine, Numbers, RatedRecipe, RecipeValue


def recipe_json(recipe: RecipeValue) -> dict[str, Any]:
    """A recipe for its servings; the numbers are for one."""
    plain = asdict(recipe) | {"id": str(recipe.id), **numbers_json(recipe.numbers)}
    del plain["numbers"]
    return {**plain, "ingredients": [ingredient_json(line) for line in recipe.ingredients]}


def dishes_json(dishes: Dishes) -> dict[str, Any]:
    """The dishes that are something to one person."""
    return {
        "own": [recipe_json(recipe) for recipe in dishes.own],
        "rated": [_rated(rated) for rated in dishes.rated],
    }


def numbers_json(numbers: Numbers) -> dict[str, float]:
    """Energy and macros, to a tenth."""
    return {name: round(value, 1) for name, value in asdict(numbers).items()}


def ingredient_json(line: IngredientLine) -> dict[str, Any]:
    """One line of a list of ingredients."""
    return asdict(line) | {"grams": round(line.grams, 1)}


def _rated(rated: RatedRecipe) -> dict[str, Any]:
    return asdict(rated.recipe) | {"id": str(rated.recipe.id), "rating": rated.rating}
