"""From foods in grams to lines that people read. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from mealplanner.food.table import load_foods
from mealplanner.food.wording import Units, ingredient_text
from mealplanner.planner.model import Ingredient
from mealplanner.recipes.values import IngredientLine


def ingredient_lines(items: Iterable[Ingredient], servings: float, units: Units) -> tuple[IngredientLine, ...]:
    """`items` are for one serving, the lines for `servings`."""
    foods = load_foods()
    return tuple(
        IngredientLine(
            food=item.food_id,
            name=foods[item.food_id].name,
            grams=item.grams * servings,
            text=ingredient_text(foods[item.food_id], item.grams * servings, units),
        )
        for item in items
    )
