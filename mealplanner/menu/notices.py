"""What the page of a menu says besides its meals, and what of it still holds once they are changed. Pure."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from mealplanner.menu.generation.buying_notes import buying_notes
from mealplanner.planner.model import Food, Recipe
from mealplanner.preferences.dislikes import warnings
from mealplanner.preferences.values import Preferences


class Served(NamedTuple):
    """What is served at a place of a menu, as far as the planner's advice depends on it."""

    day: int
    position: int
    recipe_id: uuid.UUID
    portion: float


def fingerprint(servings: Iterable[Served]) -> str:
    """Return what tells these servings from any others."""
    return hashlib.blake2b(repr(sorted(servings)).encode(), digest_size=16).hexdigest()


def dish_notices(dishes: Collection[Recipe], preferences: Preferences, foods: Mapping[str, Food]) -> list[str]:
    """Return what to know in order to cook `dishes` by one's preferences."""
    served = {item.food_id for dish in dishes for item in dish.ingredients}
    rules = (preferences.diet_type, *preferences.dietary_restrictions)
    return [*warnings(preferences.disliked_ingredients, foods, served), *buying_notes(rules, dishes, foods)]


def restated(
    said: Sequence[str], *, advice: Sequence[str], as_planned: bool, before: Sequence[str], after: Sequence[str]
) -> list[str]:
    """Return what a menu that `said` this says after an edit.

    `before` and `after` are its `dish_notices` then and now. The planner's `advice` is about the meals that it planned,
    so it is left out unless these stand there again.
    """
    gone = {*advice, *before}
    told = advice if as_planned else ()
    return list(dict.fromkeys((*told, *(sentence for sentence in said if sentence not in gone), *after)))
