"""Which accounts a browser has signed in to before, as its signed cookie says, also after signing out.

A sign-in from a browser that does not know the account is told to its owner by mail.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

KNOWN: Final = "known"
"""The key in the cookie."""

MOST: Final = 4
"""Accounts that a browser remembers, the last ones first."""


def accounts(cookie: Mapping[str, Any]) -> frozenset[str]:
    """Return the ids of the accounts that signed in before in the browser with this cookie, in hexadecimal."""
    return frozenset(cookie.get(KNOWN, ()))


def remembered(cookie: Mapping[str, Any], user_id: uuid.UUID | None = None) -> dict[str, list[str]]:
    """Return what stays in the cookie when all else goes, with one account more where `user_id` signs in."""
    mine = [user_id.hex] if user_id is not None else []
    known = [*mine, *(other for other in cookie.get(KNOWN, ()) if other not in mine)][:MOST]
    return {KNOWN: known} if known else {}
