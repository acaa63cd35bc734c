"""Leaving a mail server alone while it does not answer, so that mails that wait for it hold up no other jobs.

A mail that is refused here goes back to the queue like one that the server refused for now.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from mealplanner.mail.errors import NotTaken, OutcomeOfMailUnknown, Silent

FIRST_PAUSE: Final = 30.0
LONGEST_PAUSE: Final = 300.0
"""Seconds that a server is left alone: after its first failure, doubled after each further one, up to the longest."""


class Circuit:
    """What one process knows of one mail server, and who may talk to it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._talking = 0
        self._answers = False  # unknown at first: one attempt finds out
        self._failures = 0
        self._alone_until = 0.0

    @contextmanager
    def conversation(self) -> Iterator[None]:
        """Let the block talk to the server. Raise `NotTaken` at once if it should be left alone now."""
        self._begin()
        try:
            yield
        except (Silent, OutcomeOfMailUnknown):
            self._end(answered=False)
            raise
        except BaseException:
            self._end(answered=True)
            raise
        self._end(answered=True)

    def _begin(self) -> None:
        with self._lock:
            left = self._alone_until - self._clock()
            if left > 0:
                raise NotTaken(f"the mail server did not answer a moment ago; it is asked again in {left:.0f} s")
            if self._talking and not self._answers:
                raise NotTaken("other mails are being handed to the mail server")
            self._talking += 1

    def _end(self, *, answered: bool) -> None:
        with self._lock:
            self._talking -= 1
            if answered:
                self._answers, self._failures, self._alone_until = True, 0, 0.0
            elif self._answers or self._clock() >= self._alone_until:  # not again for one that began before
                self._answers = False
                pause = min(FIRST_PAUSE * 2**self._failures, LONGEST_PAUSE)
                self._failures += 1
                self._alone_until = self._clock() + pause
