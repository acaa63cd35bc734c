"""What a shopping list is made of, as plain values. Pure."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import Row

from mealplanner.food.pack_table import Called
from mealplanner.larder.values import Larder
from mealplanner.planner.model import Food

LONGEST_SPAN: Final = 28
"""Days."""
LONGEST_ITEM: Final = 200
LONGEST_NOTE: Final = 200
"""Characters."""
MOST_ITEMS: Final = 200
"""Items of one's own."""
MOST_GRAMS: Final = 1_000_000
MOST_REPLACED: Final = 50
"""Ticks that one tick may replace; two phones leave a handful."""

BOUGHT: Final = "bought"
ELSEWHERE: Final = "elsewhere"
LATER: Final = "later"
OPEN: Final = "open"
STATES: Final = (BOUGHT, ELSEWHERE, LATER, OPEN)
"""Bought, bought somewhere else, not today, and none of these (any more)."""

GOT: Final = frozenset({BOUGHT, ELSEWHERE})

AnyRow = Row[*tuple[Any, ...]]
Subject = str | uuid.UUID
"""What a line of a list is about: the id of a food, or that of an item of one's own."""


class Span(NamedTuple):
    """Some days in a row, both ends included."""

    first: datetime.date
    last: datetime.date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1

    @property
    def address(self) -> dict[str, str]:
        """The fields that name them in an address."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A tick before it is stored (see `models.Tick`)."""

    id: uuid.UUID
    subject: Subject
    state: str
    grams: float | None
    replaces: Sequence[uuid.UUID]

    @property
    def anchor(self) -> str:
        """Where the subject stands on the page."""
        return f"{'item' if isinstance(self.subject, uuid.UUID) else 'food'}-{self.subject}"


class Use(NamedTuple):
    """A meal that asks for a food; `grams` are for all who eat it."""

    date: datetime.date
    slot: str
    meal_id: uuid.UUID
    recipe_id: uuid.UUID
    title: str
    food: str
    """As the dish names it: cooked rice, where rice is bought."""
    grams: float


class Need(NamedTuple):
    """How much of a food the meals of some days need, what a shop calls it, and which meals need it."""

    food: Food
    grams: float
    called: Called
    uses: Sequence[Use]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The state of a subject by all of its ticks."""

    state: str
    grams: float
    """All that was bought; 0 for what was not."""
    ticks: tuple[uuid.UUID, ...]
    """Those that no other one replaced; the next tick of the subject names them."""


UNMARKED: Final = Mark(state=OPEN, grams=0.0, ticks=())


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSpan:
    """The days of a menu, for which a list can be opened."""

    menu_id: uuid.UUID
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRows:
    """A list as it was read."""

    span: Span
    meals: Sequence[AnyRow]
    """By day; also of days beyond the span where something was bought for them."""
    ticks: Sequence[AnyRow]
    items: Sequence[Mapping[str, Any]]
    """Those of one's own: `id`, `text`, and what was ticked of each, whatever the days."""
    notes: Mapping[str, str]
    aisles: Sequence[str]
    baseline: Mapping[str, float] | None
    larder: Larder = field(default_factory=Larder)
