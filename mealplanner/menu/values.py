"""Menus as plain values, for pages and JSON.

Energy is in kcal, masses are in grams. The numbers of meals and days are for one person; ingredients are for the
portion and the servings of the meal.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mealplanner.recipes.values import IngredientLine, Numbers, RecipeSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class MealValue:
    """One meal of a menu."""

    id: uuid.UUID
    slot: str
    time: datetime.time
    portion: float
    servings: int
    locked: bool
    note: str | None
    skipped: str | None
    """`reserved` keeps its energy for what is eaten instead; `shared` gives it to the day's other meals."""
    eaten: bool
    cooked: bool
    recipe: RecipeSummary
    numbers: Numbers
    """All zero for a meal that is skipped and whose energy is shared."""
    ingredients: tuple[IngredientLine, ...]
    preparation: str = ""
    """What to do for it the day before; empty where there is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayValue:
    """One day of a menu, with its meals in the order they are eaten."""

    date: datetime.date
    minutes: int
    """Of the meals that are not skipped."""
    totals: Numbers
    meals: tuple[MealValue, ...]
    replaced_by: uuid.UUID | None = None
    """The menu that this day belongs to instead; here it stands as it was planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuSummary:
    """A menu without its meals: enough for lists and for the page that shows progress."""

    id: uuid.UUID
    status: str
    start_date: datetime.date
    days: int
    source: str
    seed: int
    step: int
    steps: int
    message: str
    error_code: str | None
    created_at: datetime.datetime
    model_asked: bool
    """Whether anything was sent to a model for this menu."""
    version: int
    """Counts the edits: 1 at first, one more with each."""
    can_undo: bool
    can_redo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuValue:
    """A whole menu."""

    summary: MenuSummary
    targets: Numbers
    preferences: Mapping[str, Any]
    """As they were when the menu was requested, by the names of the table `user_profiles`."""
    warnings: tuple[str, ...]
    remedies: Sequence[Mapping[str, Any]]
    """What was computed to help and still holds: `text`, one of the warnings, and `changes` of the preferences."""
    days: tuple[DayValue, ...]

    @property
    def model_dishes(self) -> int:
        """How many different dishes of this menu a model wrote."""
        return len({meal.recipe.id for day in self.days for meal in day.meals if meal.recipe.source == "model"})
