"""How often something may be tried, and how long to wait then: pure functions and one table.

Each attempt raises a level by one, and time lowers it. Up to `free` attempts there is no wait; from then on each one
doubles it, up to `longest`. Levels end where the longest wait begins, so that nothing grows without end: whoever stops
is free again after `longest`, and forgotten after `forgotten`.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

SECOND: Final = datetime.timedelta(seconds=1)
MINUTE: Final = datetime.timedelta(minutes=1)
HOUR: Final = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`free` attempts without a wait, one of them forgotten in each `refill`; then waits from `first` to `longest`."""

    free: int
    refill: datetime.timedelta
    first: datetime.timedelta
    longest: datetime.timedelta

    @property
    def doublings(self) -> int:
        """How often the first wait doubles until it is the longest."""
        return math.ceil(math.log2(self.longest / self.first))

    @property
    def most(self) -> int:
        """The level beyond which nothing changes."""
        return self.free + self.doublings

    @property
    def forgotten(self) -> datetime.timedelta:
        """The time after which nothing is left of any number of attempts."""
        return self.most * self.refill

    def for_leniency(self, leniency: float) -> Limit:
        """As many times more patient."""
        return replace(self, free=int(self.free * leniency), refill=self.refill / leniency)

    def wait(self, level: float) -> datetime.timedelta:
        """How long to wait after the attempt that raised the level to `level`."""
        beyond = round(level) - self.free
        if beyond < 0:
            return datetime.timedelta()
        return min(self.longest, self.first * (1 << min(beyond, self.doublings)))

    def wait_left(self, level: float, at: datetime.datetime, now: datetime.datetime) -> datetime.timedelta:
        """What is left of that wait at `now`, when the attempt was made `at`."""
        wait = self.wait(level)
        return min(wait, max(datetime.timedelta(), at + wait - now))


_GUESSES: Final = Limit(free=5, refill=30 * MINUTE, first=15 * SECOND, longest=15 * MINUTE)

LIMITS: Final[Mapping[tuple[str, str], Limit]] = {
    ("login", "account"): _GUESSES,
    ("login", "pair"): _GUESSES,
    ("login", "address"): Limit(free=20, refill=3 * MINUTE, first=15 * SECOND, longest=15 * MINUTE),
    ("register", "address"): Limit(free=50, refill=5 * MINUTE, first=1 * MINUTE, longest=1 * HOUR),
    ("forgot", "account"): Limit(free=3, refill=20 * MINUTE, first=5 * MINUTE, longest=1 * HOUR),
    ("forgot", "address"): Limit(free=10, refill=5 * MINUTE, first=1 * MINUTE, longest=1 * HOUR),
    ("mail", "person"): Limit(free=5, refill=20 * MINUTE, first=5 * MINUTE, longest=1 * HOUR),
    ("generate", "person"): Limit(free=60, refill=1 * MINUTE, first=30 * SECOND, longest=10 * MINUTE),
}
"""(What is tried, whose attempts are counted) -> its limit. `login` counts failures, everything else counts attempts.

`account` is an e-mail address, whether or not it has an account; `address` where the request comes from; `person` who
is signed in; `pair` an account together with an address that it signed in from before (see `auth.services`).
"""

FORGOTTEN: Final = max(limit.forgotten for limit in LIMITS.values())
"""Whatever is older than this means nothing any more."""


def in_words(wait: datetime.timedelta) -> str:
    """`40 seconds`, `2 minutes`, `1 hour`: rounded up, so that coming back then is not too early."""
    seconds = math.ceil(wait / SECOND)
    if seconds <= 90:
        return _counted(max(seconds, 1), "second")
    return (
        _counted(math.ceil(seconds / 60), "minute") if seconds <= 5400 else _counted(math.ceil(seconds / 3600), "hour")
    )


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" + ("" if number == 1 else "s")
