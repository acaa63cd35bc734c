"""Recipes as JSON, in the format that programs rely on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mealplanner.planner.details import DETAILS, Details
from mealplanner.planner.model import FIGURES, Nutrients
from mealplanner.recipes.values import Dishes, IngredientLine, Numbers, RatedRecipe, RecipeValue


def recipe_json(recipe: RecipeValue) -> dict[str, Any]:
    """Return a recipe for its servings; its numbers and details are for one serving."""
    plain = asdict(recipe) | {"id": str(recipe.id), **numbers_or_null(recipe.numbers)}
    del plain["numbers"]
    return {
        **plain,
        "details": None if recipe.details is None else details_json(recipe.details),
        "ingredients": [ingredient_json(line) for line in recipe.ingredients],
    }


def dishes_json(dishes: Dishes) -> dict[str, Any]:
    """Return the dishes that a person owns or has rated."""
    return {
        "own": [recipe_json(recipe) for recipe in dishes.own],
        "rated": [_rated(rated) for rated in dishes.rated],
    }


def numbers_json(numbers: Numbers) -> dict[str, float]:
    """Return energy and macros, rounded to a tenth."""
    return {name: round(value, 1) for name, value in asdict(numbers).items()}


def numbers_or_null(numbers: Numbers | Nutrients | None) -> dict[str, float | None]:
    """Return energy and macros, rounded to a tenth; null where they are not known."""
    return {name: None if numbers is None else round(getattr(numbers, name), 1) for name in FIGURES}


def details_json(details: Details) -> dict[str, Any]:
    """Return saturates, fibre, sugars and salt, rounded to a tenth, and which of them may be higher."""
    figures: dict[str, Any] = {name: round(getattr(details, name), 1) for name in DETAILS}
    return figures | {"incomplete": sorted(details.incomplete)}


def ingredient_json(line: IngredientLine) -> dict[str, Any]:
    """Return one line of a list of ingredients."""
    return asdict(line) | {"grams": round(line.grams, 1)}


def _rated(rated: RatedRecipe) -> dict[str, Any]:
    return asdict(rated.recipe) | {"id": str(rated.recipe.id), "rating": rated.rating}
