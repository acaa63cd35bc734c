"""Rebalancings as plain values."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from mealplanner.menu.editing.values import PlacedMeal


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a rebalancing stands."""

    status: str
    """`queued`, `running`, `done`, `changed` when the menu was edited meanwhile, `failed` or `cancelled`."""
    step: int
    steps: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRequest:
    """The latest request to balance a menu."""

    menu_id: uuid.UUID
    version: int
    status: str
    message: str
    requested_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff:
    """A day that misses its target, and which of its meals balancing may change."""

    date: datetime.date
    may_change: tuple[PlacedMeal, ...]
    stays: tuple[PlacedMeal, ...]
