"""Meals and facts for tests of the reasons, with sensible values where a test does not care."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any, Final

from mealplanner.menu.why.values import MealFacts, ServedMeal
from mealplanner.planner.model import Ingredient, Recipe
from mealplanner.recipes.values import Numbers

MONDAY: Final = datetime.date(2026, 11, 23)
TARGETS: Final = Numbers(kcal=2000.0, protein_g=100.0, carbohydrate_g=250.0, fat_g=66.7)
NUMBERS: Final = Numbers(kcal=500.0, protein_g=20.0, carbohydrate_g=60.0, fat_g=20.0)


def dish(slug: str, *foods: str, **changes: Any) -> Recipe:
    """Return a dish of 100 g of each food."""
    plain: dict[str, Any] = {"title": slug, "kinds": frozenset({"main"}), "cuisine": "thai", "main_protein": "tofu"}
    plain |= {"minutes": 20, "appliances": frozenset(), "steps": ()}
    parts = tuple(Ingredient(food_id=food, grams=100.0) for food in foods)
    return Recipe(**{**plain, "slug": slug, "ingredients": parts, **changes})


def meal(served: Recipe, day: int = 0, slot: str = "lunch", **changes: Any) -> ServedMeal:
    """Return a meal of the menu that begins on `MONDAY`."""
    plain: dict[str, Any] = {"portion": 1.0, "numbers": NUMBERS, "skipped": False, "locked": False}
    date = MONDAY + datetime.timedelta(days=day)
    return ServedMeal(id=uuid.uuid4(), date=date, slot=slot, dish=served, **{**plain, **changes})


def facts(explained: ServedMeal, before: Sequence[ServedMeal] = (), **changes: Any) -> MealFacts:
    """Return the facts of a meal that comes after the others of its menu."""
    plain: dict[str, Any] = {"targets": TARGETS, "minutes_per_meal": 30, "cuisines": frozenset(), "rating": 0}
    plain |= {"own": False, "usual": frozenset(), "last_eaten": None, "remembered_days": 84}
    return MealFacts(meal=explained, menu=(*before, explained), **{**plain, **changes})
