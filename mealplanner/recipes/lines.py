"""From foods in grams to lines that people read. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from mealplanner.food.table import load_foods
from mealplanner.food.wording import Units, ingredient_text
from mealplanner.recipes.values import IngredientLine


def ingredient_lines(
    foods: Iterable[str], grams: Iterable[float], servings: float, units: Units
) -> tuple[IngredientLine, ...]:
    """`foods` are ids, and `grams` of each are for one serving; the lines are for `servings`."""
    return _lines(tuple(foods), tuple(grams), servings, units)


@functools.lru_cache(maxsize=2048)
def _lines(
    foods: tuple[str, ...], grams: tuple[float, ...], servings: float, units: Units
) -> tuple[IngredientLine, ...]:
    """Remembered, since a week has hundreds of lines and a dish never changes; portions come in quarters."""
    return tuple(_line(food, amount * servings, units) for food, amount in zip(foods, grams, strict=True))


def _line(food_id: str, grams: float, units: Units) -> IngredientLine:
    food = load_foods()[food_id]
    return IngredientLine(food=food_id, name=food.name, grams=grams, text=ingredient_text(food, grams, units))
