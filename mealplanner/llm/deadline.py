"""How long a call may take, and whether anybody still wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mealplanner.llm.outcomes import Stopped

TICK: Final = 0.05
"""Seconds after which an interruption is noticed."""


class OutOfTime(Exception):
    """The deadline has passed; the words say during what."""


class Deadline:
    """The time of one call. `clock` gives seconds that only grow."""

    def __init__(self, seconds: float, interrupted: Callable[[], bool], clock: Callable[[], float]) -> None:
        self._interrupted, self._clock = interrupted, clock
        self._start = clock()
        self._end = self._start + seconds

    def spent(self) -> float:
        """Seconds since the call began."""
        return self._clock() - self._start

    def left(self) -> float:
        """Seconds until the deadline, never below zero."""
        return max(self._end - self._clock(), 0.0)

    def until(self, happened: Callable[[float], bool], *, doing: str) -> None:
        """Asks `happened(seconds)`, which waits so long at most, until it says yes.

        Raises `Stopped` when nobody wants it any more, and `OutOfTime` at the deadline.
        """
        while True:
            if self._interrupted():
                raise Stopped
            if not self.left():
                raise OutOfTime(f"the time for the call was over while {doing}")
            if happened(min(TICK, self.left())):
                return
