"""A circuit breaker: a server that keeps failing is not asked for a while."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from typing import Final

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.outcomes import Ask, Call, Kind, Outcome

FAILURES: Final[frozenset[Kind]] = frozenset({"transient", "deadline", "config"})
"""The outcomes that count against the server; after the others it is alive, whatever its answers are worth."""

MOST_FAILURES: Final = 5
"""Failures in a row after which the circuit opens."""

PAUSE: Final = 60.0
"""Seconds for which it stays open; then one call finds out whether the server works again."""


class CircuitOpen(Exception):
    """The server has failed too often to be asked now; it is asked again in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the model is not asked for {seconds:.0f} s because it failed {MOST_FAILURES} times in a row")
        self.seconds = seconds


class Circuit:
    """The count of one server's failures over all threads of a process. `clock` returns seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._asked_again_at = 0.0

    def through(self, ask: Ask, call: Call) -> Outcome:
        """Return the outcome of `ask(call)`. Raise `CircuitOpen` without asking while the circuit is open."""
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
                self._asked_again_at = self._clock() + PAUSE  # this call finds out; others are still refused

    def _note(self, *, failed: bool) -> None:
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            if self._failures >= MOST_FAILURES:
                self._asked_again_at = self._clock() + PAUSE


@functools.cache
def circuit(_server: ModelServer) -> Circuit:
    """Return the circuit of this process for a server."""
    return Circuit(time.monotonic)
