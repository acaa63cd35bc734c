"""Where a dish stands on a person's menus, as plain values."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mealplanner.menu.editing.values import Seen
from mealplanner.preferences.values import Preferences
from mealplanner.presentation.formatting import weekday_name
from mealplanner.recipes.assembly import RecipeRow
from mealplanner.recipes.opinions.values import Opinions


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A meal of one of the person's menus."""

    meal_id: uuid.UUID
    menu_id: uuid.UUID
    version: int
    """Of the menu."""
    date: datetime.date
    day: int
    """In the menu, from 0."""
    slot: str
    recipe_id: uuid.UUID
    title: str
    servings: float
    """The portion times the people at the table: what has to be cooked."""
    locked: bool
    eaten: bool
    cooked: bool

    @property
    def occasion(self) -> str:
        """Return `Tuesday dinner`."""
        return f"{weekday_name(self.date)} {self.slot}"

    def seen_by(self, user_id: uuid.UUID, version: int) -> Seen:
        """Return it as a meal that the person edits, who saw its menu at `version`."""
        return Seen(user_id=user_id, menu_id=self.menu_id, meal_id=self.meal_id, version=version)


@dataclass(frozen=True, slots=True, kw_only=True)
class DishRead:
    """What was read for the page of one dish."""

    row: RecipeRow
    opinions: frozenset[str]
    servings: float
    needed: float | None
    """The servings for the meal that it was opened from, and for later ones of that menu while it keeps."""
    place: Place | None
    """The meal that it was opened from."""
    meal_is_gone: bool
    """Whether it was opened from a meal that is not there any more."""
    can_be_served: bool
    """Whether that meal serves another dish and could serve this one instead."""
    still_planned: Sequence[Place]
    """The meals from today on that serve it, though the person wants it never again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EaterRead:
    """What was read of a person to say which dishes suit them."""

    preferences: Preferences
    ratings: Mapping[str, int]
    opinions: Opinions
    own: Sequence[RecipeRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRead:
    """What was read of a dish and of the meals to come."""

    row: RecipeRow
    places: Sequence[Place]
