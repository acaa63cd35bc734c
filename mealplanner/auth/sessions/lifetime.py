"""How long a session lasts: pure functions of what the signed cookie says and of the time.

The cookie carries three moments, in seconds since the epoch: when the person signed in, when they were seen last (kept
up to date now and then, so that reading a page writes nothing), and when they typed their password last. A moment in
the future, written while a clock was ahead, counts as now and is set right.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

IDLE: Final = datetime.timedelta(days=14)
"""Unused for so long, a session has ended."""

LONGEST: Final = datetime.timedelta(days=90)
"""After so long it has ended, however much it was used."""

TOUCHED: Final = datetime.timedelta(hours=1)
"""How old `seen` may get before the cookie is sent again."""

FRESH: Final = datetime.timedelta(minutes=15)
"""For so long after typing the password a person may change what only they should."""

SIGNED_IN, SEEN, TYPED = MOMENTS = "signed_in", "seen", "typed"


def stamps(now: datetime.datetime) -> dict[str, int]:
    """Return what the cookie of a new session carries."""
    return dict.fromkeys(MOMENTS, _seconds(now))


def alive(cookie: Mapping[str, Any], now: datetime.datetime) -> bool:
    """Return whether the session has not ended yet; one without its moments has."""
    return _within(cookie, SEEN, IDLE, now) and _within(cookie, SIGNED_IN, LONGEST, now)


def touched(cookie: Mapping[str, Any], now: datetime.datetime) -> dict[str, int]:
    """Return what has to change in the cookie because the person was seen at `now`; mostly nothing."""
    seconds = _seconds(now)
    ahead = {name: seconds for name in MOMENTS if isinstance(cookie.get(name), int) and cookie[name] > seconds}
    return ahead if _within(cookie, SEEN, TOUCHED, now) else {**ahead, SEEN: seconds}


def typed(now: datetime.datetime) -> dict[str, int]:
    """Return what has to change in the cookie because the password was typed at `now`."""
    return {TYPED: _seconds(now)}


def fresh(cookie: Mapping[str, Any], now: datetime.datetime) -> bool:
    """Return whether the password was typed a short time ago."""
    return _within(cookie, TYPED, FRESH, now)


def _within(cookie: Mapping[str, Any], name: str, span: datetime.timedelta, now: datetime.datetime) -> bool:
    moment = cookie.get(name)
    return isinstance(moment, int) and _seconds(now) - moment < span.total_seconds()


def _seconds(moment: datetime.datetime) -> int:
    return int(moment.timestamp())
