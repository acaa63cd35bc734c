"""Usual meals as plain values."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SLOTS: Final = ("breakfast", "lunch", "dinner", "snack")
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""As programs write them; the place is the number that is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The dish, by its slug, that a person usually eats in `slot` on `weekdays` (Monday is 0)."""

    slot: str
    slug: str
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownUsualMeal:
    """A usual meal as a page shows it."""

    slot: str
    weekdays: tuple[int, ...]
    words: str
    """Such as "Breakfast every weekday"."""
    recipe_id: uuid.UUID | None
    """None when there is no such dish any more."""
    title: str
    refusal: str | None
    """Why new menus leave it out, as a sentence; None when they serve it."""


def usual_places(usual: Iterable[Usual], dates: Sequence[datetime.date]) -> Mapping[tuple[int, str], str]:
    """Return (place in `dates`, slot) -> slug of the dish that is usual on that day."""
    dishes = {(weekday, meal.slot): meal.slug for meal in usual for weekday in sorted(meal.weekdays)}
    return {
        (number, slot): dishes[date.weekday(), slot]
        for number, date in enumerate(dates)
        for slot in SLOTS
        if (date.weekday(), slot) in dishes
    }
