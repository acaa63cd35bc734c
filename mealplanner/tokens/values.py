"""Tokens as plain values. Pure."""

from __future__ import annotations

import base64
import datetime
import re
import uuid
from dataclasses import dataclass
from typing import Final

from mealplanner.tokens.scopes import Scope

PREFIX: Final = "mp_"
"""What every token begins with, so that programs that look for leaked secrets recognise one."""
BYTES: Final = 32
SHAPE: Final = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
"""What a token looks like."""
USED_EVERY: Final = datetime.timedelta(minutes=5)
"""How old the time of the last use may get before it is stored again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiTokenValue:
    """A token without its secret."""

    id: uuid.UUID
    name: str
    scopes: frozenset[Scope]
    created_at: datetime.datetime
    expires_at: datetime.datetime
    last_used_at: datetime.datetime | None
    ended_at: datetime.datetime | None

    def unnoted(self, now: datetime.datetime) -> bool:
        """Return whether a use at `now` is to be stored: the last one stored is too long ago to stand for it."""
        return self.last_used_at is None or now - self.last_used_at >= USED_EVERY


def written(secret: bytes) -> str:
    """Return the text of the token whose random bytes are `secret`."""
    return PREFIX + base64.urlsafe_b64encode(secret).rstrip(b"=").decode("ascii")
