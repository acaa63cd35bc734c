"""A sign-in that is half way: the password was right, and the second step is still to come.

It is kept in the signed cookie for a while, and dies with the password. Pure.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

HALF: Final = "half"
"""The key in the cookie."""

PATIENCE: Final = datetime.timedelta(minutes=10)
"""For so long after the password the second step may follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfWay:
    """Whose password was right, and a digest of its hash."""

    user_id: uuid.UUID
    proof: str


def noted(user_id: uuid.UUID, password_hash: str, now: datetime.datetime) -> dict[str, Any]:
    """Return what the cookie carries."""
    return {HALF: {"id": user_id.hex, "proof": digest(password_hash), "at": int(now.timestamp())}}


def half_way(cookie: Mapping[str, Any], now: datetime.datetime) -> HalfWay | None:
    """Return the sign-in that is half way, unless it took too long."""
    half = cookie.get(HALF)
    if half is None or int(now.timestamp()) - half["at"] >= PATIENCE.total_seconds():
        return None
    return HalfWay(user_id=uuid.UUID(half["id"]), proof=half["proof"])


def digest(password_hash: str) -> str:
    """Return what stands for a hash in the cookie, which does not tell the hash."""
    return hashlib.sha256(password_hash.encode()).hexdigest()
