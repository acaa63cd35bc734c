"""Leaves a server alone that fails again and again: calls bound to fail cost people time, and the server more."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from typing import Final

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.outcomes import Ask, Call, Kind, Outcome

FAILURES: Final[frozenset[Kind]] = frozenset({"transient", "deadline", "config"})
"""The outcomes that speak against the server; the others are answers, whatever they are worth."""

MOST_FAILURES: Final = 5
"""In a row, after which the server is left alone."""

PAUSE: Final = 60.0
"""Seconds for which it is; then one call finds out whether it is well again."""


class CircuitOpen(Exception):
    """The server has failed too often of late to be asked now. `seconds` until it is asked again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"the model is left alone for {seconds:.0f} s because it failed {MOST_FAILURES} times in a row"
        )
        self.seconds = seconds


class Circuit:
    """Counts the failures of one server, over all threads of a process. `clock` gives seconds that only rise."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._asked_again_at = 0.0

    def through(self, ask: Ask, call: Call) -> Outcome:
        """What `ask(call)` brings. Raises `CircuitOpen`, without asking, while the server is left alone."""
        self._admit()
        outcome = ask(call)
        self._note(failed=outcome.kind in FAILURES)
        return outcome

    def _admit(self) -> None:
        with self._lock:
            seconds = self._asked_again_at - self._clock()
            if self._failures >= MOST_FAILURES:
                if seconds > 0:
                    raise CircuitOpen(seconds)
                self._asked_again_at = self._clock() + PAUSE  # this call finds out; the others go on waiting

    def _note(self, *, failed: bool) -> None:
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            if self._failures >= MOST_FAILURES:
                self._asked_again_at = self._clock() + PAUSE


@functools.cache
def circuit(_server: ModelServer) -> Circuit:
    """The one of this process for that server."""
    return Circuit(time.monotonic)
