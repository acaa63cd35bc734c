"""Invitations as plain values."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Final

PURPOSE: Final = "invitation"
"""Tells these links from other secret ones."""

LONGEST_NOTE: Final = 100
MOST_DAYS: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedInvitation:
    """An invitation as an operator sees it. `token` ends its link; None unless it works and can be shown again."""

    id: uuid.UUID
    note: str
    created_at: datetime.datetime
    expires_at: datetime.datetime
    state: str
    token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedInvitation:
    """The invitation that an account was made with."""

    note: str
    created_at: datetime.datetime
    used_at: datetime.datetime


def state_of(
    *,
    used_at: datetime.datetime | None,
    revoked_at: datetime.datetime | None,
    expires_at: datetime.datetime,
    now: datetime.datetime,
) -> str:
    """Return `used`, `revoked`, `expired` or `open`."""
    if used_at is not None:
        return "used"
    if revoked_at is not None:
        return "revoked"
    return "open" if expires_at > now else "expired"
