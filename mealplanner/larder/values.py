"""The larder as plain values."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

MOST_GRAMS: Final = 100_000
"""Of one food with one date."""
MOST_ITEMS: Final = 500
SOON_DAYS: Final = 5
"""From how many days before its date a food is marked to be used soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An amount of a food with one best-before date."""

    id: uuid.UUID
    food_id: str
    grams: Decimal
    best_before: datetime.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Grams of a food that go into the larder, or come out of it where they are below 0."""

    food_id: str
    best_before: datetime.date | None
    grams: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a person wants the larder to do."""

    subtract: bool = True
    """Shopping lists leave out what is there."""
    fill: bool = False
    """What is bought goes into it."""
    empty: bool = True
    """What is cooked comes out of it."""
    staples: bool = False
    """Staples such as salt, oil and spices are always there."""
    use_soon: bool = False
    """New menus prefer dishes that use what must be eaten soon."""


SETTINGS: Final[Mapping[str, str]] = {
    "subtract": "Leave what we have off shopping lists",
    "fill": "Put what we buy from a list in here",
    "empty": "Take out what a meal used when we tick it as cooked",
    "staples": "We always have staples such as salt, oil and spices",
    "use_soon": "Plan new menus around what should be eaten soon",
}
"""Setting -> how people read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Larder:
    """All that a person has in the house."""

    items: Sequence[Item] = ()
    """By food; of each food, what keeps shortest comes first."""
    always: frozenset[str] = frozenset()
    """Foods, by their ids, that are always there."""
    settings: Settings = field(default_factory=Settings)
    moves: Sequence[tuple[uuid.UUID, Move]] = ()
    """What was moved recently, each with its cause; only read for shopping lists."""
