"""Links to lists, as plain values. Pure."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Final

from mealplanner.food.wording import Units
from mealplanner.shopping.values import Span

LONGEST_DAYS: Final = 31
"""For how long a link may work."""
PURPOSE: Final = "shared list"
"""Tells these links from other secret addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedList:
    """The list that a link leads to, and its owner."""

    share_id: uuid.UUID
    user_id: uuid.UUID
    span: Span
    units: Units
    expires_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveShare:
    """A link that works; `token` is what it ends with, and None when the site's key has changed since it was made."""

    id: uuid.UUID
    created_at: datetime.datetime
    expires_at: datetime.datetime
    token: str | None
