"""Meals as events of a calendar. Pure."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from mealplanner.food.wording import Units


@dataclass(frozen=True, slots=True)
class Revision:
    """How often a meal has changed since it was planned, and when it changed last."""

    number: int
    at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event. `uid` stays the same however often the meal changes, and calendars replace what has that `uid`."""

    uid: str
    start: datetime.datetime | datetime.date
    """A moment in the person's time zone; a date for what has no time of its own."""
    summary: str
    description: str
    link: str
    category: str
    revision: Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAddress:
    """Where a person's meals can be followed; `token` is None when the site's key has changed since it was made."""

    created_at: datetime.datetime
    token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a calendar says of itself, from which day on it has meals, and how they are shown."""

    name: str
    since: datetime.date
    zone: ZoneInfo
    units: Units
    recipes: str
    """The address that all recipes begin with."""


Revisions = Mapping[uuid.UUID, Revision]
"""Meal -> its revision."""
