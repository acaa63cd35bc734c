"""How long a call may take, and whether its answer is still wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mealplanner.llm.outcomes import Stopped

TICK: Final = 0.05
"""Seconds between two checks for an interruption."""


class OutOfTime(Exception):
    """The deadline has passed; the message says during what."""


class Deadline:
    """The deadline of one call, in `seconds` from now. `clock` returns seconds that only grow."""

    def __init__(self, seconds: float, interrupted: Callable[[], bool], clock: Callable[[], float]) -> None:
        self._interrupted, self._clock = interrupted, clock
        self._start = clock()
        self._end = self._start + seconds

    def spent(self) -> float:
        """Return the seconds since the call began."""
        return self._clock() - self._start

    def left(self) -> float:
        """Return the seconds until the deadline, never below zero."""
        return max(self._end - self._clock(), 0.0)

    def until(self, happened: Callable[[float], bool], *, doing: str) -> None:
        """Call `happened(seconds)`, which waits for at most that long, until it returns True.

        Raise `Stopped` after an interruption, and `OutOfTime` at the deadline.
        """
        while True:
            if self._interrupted():
                raise Stopped
            if not self.left():
                raise OutOfTime(f"the deadline passed while {doing}")
            if happened(min(TICK, self.left())):
                return
