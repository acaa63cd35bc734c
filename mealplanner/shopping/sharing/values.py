"""Links to lists, as plain values. Pure."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import uuid
from dataclasses import dataclass
from typing import Final

from mealplanner.food.wording import Units
from mealplanner.shopping.values import Span

LONGEST_DAYS: Final = 31
"""A link may live for so long."""


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


def token_of(share_id: uuid.UUID, key: str) -> str:
    """Return the end of a link: it can be shown to its owner again, and not be guessed without the site's key."""
    secret = hmac.new(key.encode(), b"shared list " + share_id.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode("ascii")


def hash_of(token: str) -> bytes:
    """Return what is stored of a link."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
