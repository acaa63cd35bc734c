"""How long a session lasts, and for how long a password that was typed counts: pure functions of moments and the time.

A session's row has two moments: when it began and when it was used last. When the password was typed last is in the
signed cookie instead, so that a copy of the cookie learns nothing of what is typed later. A moment in the future,
written while a clock was ahead, counts as now and is set right.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

IDLE: Final = datetime.timedelta(days=14)
"""Unused for so long, a session has ended."""

LONGEST: Final = datetime.timedelta(days=90)
"""After so long it has ended, however much it was used."""

TOUCHED: Final = datetime.timedelta(minutes=10)
"""How old `used_at` may get before it is written again, so that most pages write nothing."""

FRESH: Final = datetime.timedelta(minutes=15)
"""For so long after typing the password a person may change what only they should."""

TYPED: Final = "typed"
"""The key in the cookie, in seconds since the epoch."""


def alive(created_at: datetime.datetime, used_at: datetime.datetime, now: datetime.datetime) -> bool:
    """Return whether a session with these moments has not ended yet."""
    return now - used_at < IDLE and now - created_at < LONGEST


def stale(created_at: datetime.datetime, used_at: datetime.datetime, now: datetime.datetime) -> bool:
    """Return whether the moments have to be written again because the session is used at `now`; mostly not."""
    return now - used_at >= TOUCHED or used_at > now or created_at > now


def typed(now: datetime.datetime) -> dict[str, int]:
    """Return what has to change in the cookie because the password was typed at `now`."""
    return {TYPED: seconds(now)}


def set_right(cookie: Mapping[str, Any], now: datetime.datetime) -> dict[str, int]:
    """Return what has to change in a cookie that was written while a clock was ahead; mostly nothing."""
    moment = cookie.get(TYPED)
    return typed(now) if isinstance(moment, int) and moment > seconds(now) else {}


def fresh(cookie: Mapping[str, Any], now: datetime.datetime) -> bool:
    """Return whether the password was typed a short time ago."""
    moment = cookie.get(TYPED)
    return isinstance(moment, int) and seconds(now) - moment < FRESH.total_seconds()


def seconds(moment: datetime.datetime) -> int:
    """Return `moment` as it is written into a cookie."""
    return int(moment.timestamp())
