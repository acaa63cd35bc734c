"""The one proof that dishes may be served, before any change of a menu is stored. Pure.

What a dish must not hold, what the person dislikes or never wants again, and the appliances that they have are decided
as the planner decides them, by the preferences of now. How long a dish takes is the person's own choice here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace

from mealplanner.food.suitability import unsuitable
from mealplanner.menu.editing.errors import Refused
from mealplanner.menu.editing.values import Dishes, Eater, PlacedMeal
from mealplanner.menu.generation.plan_request import plan_request
from mealplanner.planner.model import Food, PlanRequest, Recipe


def prove(
    changes: Iterable[tuple[PlacedMeal, PlacedMeal]], dishes: Dishes, eater: Eater, foods: Mapping[str, Food]
) -> None:
    """Raise `Refused` unless every dish that `changes` serve, pairs of a meal before and after, may be served."""
    request = plan_request(eater.preferences, foods, days=1, seed=0, recent={}, ratings=eater.ratings)
    for before, after in changes:
        dish = dishes.known.get(after.recipe_id)
        if dish is None or (after.recipe_id != before.recipe_id and after.recipe_id in dishes.deleted):
            raise Refused(f"You deleted “{after.title}”, so it cannot be served again.", "recipe_id")
        if reason := why_not(dish, request, foods):
            raise Refused(f"“{dish.title}” does not suit you any more. {reason}", "recipe_id")


def why_not(dish: Recipe, request: PlanRequest, foods: Mapping[str, Food]) -> str | None:
    """Return why `dish` must not be served to the person of `request`, in a sentence; None when it may be."""
    found = unsuitable(dish, replace(request, minutes_per_meal=sys.maxsize, minutes_on={}), foods)
    return found.reason if found is not None else None
