"""What was eaten, as plain values."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DAYS_OF_A_PAGE: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMeal:
    """A meal of a day gone by, or of today."""

    id: uuid.UUID
    menu_id: uuid.UUID
    version: int
    """Of its menu."""
    planned_on: datetime.date
    slot: str
    recipe_id: uuid.UUID
    title: str
    skipped: bool
    eaten_on: datetime.date | None
    cooked_on: datetime.date | None

    @property
    def ticked(self) -> bool:
        """Whether the person said that they ate or cooked it."""
        return self.eaten_on is not None or self.cooked_on is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The meals of one page, the latest day first."""

    since: datetime.date
    until: datetime.date
    """Both within it."""
    meals: Sequence[PastMeal]
    earlier: datetime.date | None
    """The last day of the page before; None when nothing is older."""
