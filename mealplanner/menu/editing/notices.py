"""What a menu says to its cook, once other dishes are served. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from mealplanner.menu.generation.buying_notes import buying_notes
from mealplanner.planner.model import Food, Recipe
from mealplanner.preferences.dislikes import warnings
from mealplanner.preferences.values import Preferences


def with_notices(
    said: Sequence[str], dishes: Collection[Recipe], preferences: Preferences, foods: Mapping[str, Food]
) -> list[str]:
    """Return what a menu that says `said` has to say when it serves `dishes` too."""
    served = {item.food_id for dish in dishes for item in dish.ingredients}
    doubts = warnings(preferences.disliked_ingredients, foods, served)
    notes = buying_notes((preferences.diet_type, *preferences.dietary_restrictions), dishes, foods)
    return list(dict.fromkeys((*said, *doubts, *notes)))
