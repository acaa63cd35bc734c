"""How often something may be tried, and how long to wait then: pure functions and one table.

Each attempt raises a level by one, and time lowers it. Up to `free` attempts there is no wait; from then on each one
doubles it, up to `longest`. Levels end where the longest wait begins, so that nothing grows without bound: without
further attempts the wait is over after `longest`, and everything is forgotten after `forgotten`.
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
        """Return a limit that is as many times more patient."""
        return replace(self, free=int(self.free * leniency), refill=self.refill / leniency)

    def raised(self, level: float, at: datetime.datetime, now: datetime.datetime) -> float:
        """Return the level after an attempt at `now`, when it was `level` at the last one, `at`."""
        left = max(0.0, level - max(0.0, (now - at) / self.refill))
        return min(float(self.most), left + 1)

    def wait(self, level: float) -> datetime.timedelta:
        """Return how long to wait after the attempt that raised the level to `level`."""
        beyond = round(level) - self.free
        if beyond < 0:
            return datetime.timedelta()
        return min(self.longest, self.first * (1 << min(beyond, self.doublings)))

    def wait_left(self, level: float, at: datetime.datetime, now: datetime.datetime) -> datetime.timedelta:
        """Return what is left of that wait at `now`, when the attempt was made `at`."""
        wait = self.wait(level)
        return min(wait, max(datetime.timedelta(), at + wait - now))


NETWORK_FACTOR: Final = 5
"""How many times more patient a /48 is than one of its /64. A customer of many providers has a whole /48, which is
65,536 addresses as they are counted; a mobile network puts many customers into one. Five keeps the first to a few
times what others may try, and the second needs dozens of attackers before others wait."""

_GUESSES: Final = Limit(free=5, refill=30 * MINUTE, first=15 * SECOND, longest=15 * MINUTE)
_BY_ADDRESS: Final = {
    "login": Limit(free=20, refill=3 * MINUTE, first=15 * SECOND, longest=15 * MINUTE),
    "factor": Limit(free=20, refill=3 * MINUTE, first=15 * SECOND, longest=15 * MINUTE),
    "register": Limit(free=50, refill=5 * MINUTE, first=1 * MINUTE, longest=1 * HOUR),
    "forgot": Limit(free=10, refill=5 * MINUTE, first=1 * MINUTE, longest=1 * HOUR),
    "calendar": Limit(free=30, refill=1 * MINUTE, first=15 * SECOND, longest=15 * MINUTE),
    "provider": Limit(free=30, refill=1 * MINUTE, first=15 * SECOND, longest=15 * MINUTE),
    "invitation": Limit(free=30, refill=1 * MINUTE, first=15 * SECOND, longest=15 * MINUTE),
    "shared-list": Limit(free=30, refill=1 * MINUTE, first=15 * SECOND, longest=15 * MINUTE),
    "token": Limit(free=30, refill=1 * MINUTE, first=15 * SECOND, longest=15 * MINUTE),
}

LIMITS: Final[Mapping[tuple[str, str], Limit]] = {
    ("login", "account"): _GUESSES,
    ("login", "pair"): _GUESSES,
    ("password", "person"): replace(_GUESSES, free=10),
    ("forgot", "account"): Limit(free=3, refill=20 * MINUTE, first=5 * MINUTE, longest=1 * HOUR),
    ("mail", "person"): Limit(free=5, refill=20 * MINUTE, first=5 * MINUTE, longest=1 * HOUR),
    ("factor", "account"): _GUESSES,
    ("factor", "pair"): _GUESSES,
    ("new-browser", "person"): Limit(free=5, refill=1 * HOUR, first=1 * HOUR, longest=1 * HOUR),
    ("generate", "person"): Limit(free=60, refill=1 * MINUTE, first=30 * SECOND, longest=10 * MINUTE),
    ("calendar-drawn", "link"): Limit(free=60, refill=1 * MINUTE, first=15 * SECOND, longest=15 * MINUTE),
    ("shared-tick", "link"): Limit(free=600, refill=1 * SECOND, first=5 * SECOND, longest=1 * MINUTE),
    **{(action, "address"): limit for action, limit in _BY_ADDRESS.items()},
    **{(action, "network"): limit.for_leniency(NETWORK_FACTOR) for action, limit in _BY_ADDRESS.items()},
}
"""(What is tried, whose attempts are counted) -> its limit. Of `login`, `password` and `factor` only failures stay
counted, of `calendar`, `invitation` and `shared-list` only addresses that do not work, and of `token` what is refused.

`account` is an account, or an e-mail address that has none; `person` the account that is signed in; `address` where the
request comes from and `network` the IPv6 /48 around it; `pair` an account together with an address that it signed in
from before, or is signed in at (see `auth.signing_in`); `link` a link to a list or
the address of a calendar. `password` is the one that is asked
for once more; `factor` the second step of signing in; `new-browser` a mail about a sign-in.
"""

FORGOTTEN: Final = max(limit.forgotten for limit in LIMITS.values())
"""Whatever is older than this means nothing any more."""


def in_words(wait: datetime.timedelta) -> str:
    """Return `40 seconds`, `2 minutes`, `1 hour`: rounded up, so that coming back then is not too early."""
    seconds = math.ceil(wait / SECOND)
    if seconds <= 90:
        return _counted(max(seconds, 1), "second")
    return (
        _counted(math.ceil(seconds / 60), "minute") if seconds <= 5400 else _counted(math.ceil(seconds / 3600), "hour")
    )


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" + ("" if number == 1 else "s")
