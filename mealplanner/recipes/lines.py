"""Lists of ingredients, and steps, as people read them. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from mealplanner.food.steps import step_text
from mealplanner.food.unknown import stored_foods
from mealplanner.food.wording import Units, ingredient_text
from mealplanner.recipes.values import IngredientLine


def ingredient_lines(
    foods: Iterable[str], grams: Iterable[float], servings: float, units: Units
) -> tuple[IngredientLine, ...]:
    """Return the lines for `servings`; `foods` are ids, and `grams` are those of one serving."""
    return _lines(tuple(foods), tuple(grams), servings, units)


@functools.lru_cache(maxsize=2048)
def _lines(
    foods: tuple[str, ...], grams: tuple[float, ...], servings: float, units: Units
) -> tuple[IngredientLine, ...]:
    """Return the lines. They are cached: a week has hundreds, recipes never change, and portions come in quarters."""
    return tuple(_line(food, amount * servings, units) for food, amount in zip(foods, grams, strict=True))


def step_lines(
    steps: Iterable[str], foods: Iterable[str], grams: Iterable[float], servings: float, units: Units
) -> tuple[str, ...]:
    """Return the steps for `servings`; `grams` are those of one serving."""
    table, amounts = stored_foods(), dict(zip(foods, grams, strict=True))
    return tuple(step_text(step, table, amounts, servings, units) for step in steps)


def preparation_line(sentence: str, foods: Iterable[str], grams: Iterable[float], servings: float, units: Units) -> str:
    """Return what is prepared the day before, for `servings`; empty where there is nothing."""
    return step_lines((sentence,), foods, grams, servings, units)[0] if sentence else ""


def _line(food_id: str, grams: float, units: Units) -> IngredientLine:
    food = stored_foods()[food_id]
    return IngredientLine(food=food_id, name=food.name, grams=grams, text=ingredient_text(food, grams, units))
