"""Cookies of the release before, whose sessions had no row: they named the account's `session_token`.

Such a cookie is exchanged for a session with a row when it comes. New cookies still carry what that release reads, so
that people stay signed in while servers of both releases run. All of this goes with `session_token`, one release later.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mealplanner.auth.sessions.lifetime import alive, seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class OldSession:
    """What such a cookie says.

    `secret` is that of the session to come, the same whenever the same cookie comes: also while the key of the site is
    replaced, and servers with other keys answer beside each other.
    """

    token: uuid.UUID
    created_at: datetime.datetime
    secret: str


def read_by_it(now: datetime.datetime) -> dict[str, int]:
    """Return what that release wants to find in the cookie of a new session, besides the account's token."""
    return dict.fromkeys(("signed_in", "seen"), seconds(now))


def old_session(cookie: Mapping[str, Any], now: datetime.datetime, *, key: str) -> OldSession | None:
    """Return the session of a cookie that the release before made, unless it has ended; `key` signed the cookie."""
    signed_in, seen = cookie.get("signed_in"), cookie.get("seen")
    if not isinstance(signed_in, int) or not isinstance(seen, int):
        return None
    created_at, used_at = (datetime.datetime.fromtimestamp(moment, datetime.UTC) for moment in (signed_in, seen))
    if not alive(created_at, used_at, now):
        return None
    told_apart = f"old session {cookie['_user_id']} {signed_in} {cookie.get('csrf_token')}"
    secret = hmac.new(key.encode(), told_apart.encode(), hashlib.sha256).hexdigest()
    return OldSession(token=uuid.UUID(cookie["_user_id"]), created_at=min(created_at, now), secret=secret)
