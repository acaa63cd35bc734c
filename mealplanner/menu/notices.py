"""What the page of a menu says besides its meals, and what of it still holds once they are changed. Pure."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the planner said of the meals that it planned, and which of it says what to change about one's wishes."""

    sentences: Sequence[str]
    remedies: Sequence[str]
    as_planned: str | None
    """The fingerprint of these meals."""

    def holding(self, servings: Iterable[Served], *, on_target: bool) -> Sequence[str]:
        """Return what holds for `servings`: all of it for the same meals; for others the remedies, if one is needed."""
        if fingerprint(servings) == self.as_planned:
            return self.sentences
        return () if on_target else self.remedies


def restated(
    said: Sequence[str], *, advice: Sequence[str], holding: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> list[str]:
    """Return what a menu that `said` this says after an edit.

    `before` and `after` are its `dish_notices` then and now. Of the planner's `advice`, only what is `holding` is told.
    """
    gone = {*advice, *before}
    return list(dict.fromkeys((*holding, *(sentence for sentence in said if sentence not in gone), *after)))
