"""What a soak looks like over time: connections, memory and answers, sampled and counted."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise

import psycopg

from tests.benchmarks.soak_ledger import Outcome
from tests.benchmarks.soak_site import Site

STATES = """
    SELECT count(*) FILTER (WHERE state = 'active') AS active,
        count(*) FILTER (WHERE state LIKE 'idle in transaction%') AS in_transaction,
        count(*) FILTER (WHERE state = 'idle') AS idle,
        count(*) FILTER (WHERE application_name = 'mealplanner-queue') AS queue
    FROM pg_stat_activity WHERE application_name LIKE 'mealplanner%'
"""

EVERY = 0.5
"""Seconds between two looks."""


@dataclass(frozen=True)
class Sample:
    """One look: seconds since the start, PostgreSQL's view (None while it is away), the application's, and MB."""

    at: float
    backends: dict[str, int] | None
    in_use: float | None
    memory: dict[str, float]


@dataclass
class Requests:
    """Counts and times of requests. One for each thread, added up at the end."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    served: list[float] = field(default_factory=list)

    def note(self, label: str, status: str, outcome: Outcome, seconds: float, at: float) -> None:
        """Note one request; `at` is when it ended. An answer that needed the database counts as served."""
        self.seconds.setdefault(label, []).append(seconds)
        self.statuses[status] += 1
        self.outcomes[outcome] += 1
        if outcome is Outcome.KEPT and label != "GET /healthz":
            self.served.append(at)

    @staticmethod
    def together(parts: Iterable[Requests]) -> Requests:
        """Return the sum of several."""
        total = Requests()
        for part in parts:
            for label, seconds in part.seconds.items():
                total.seconds.setdefault(label, []).extend(seconds)
            total.statuses += part.statuses
            total.outcomes += part.outcomes
            total.served += part.served
        return total

    def longest_gap(self) -> float:
        """Return the longest time in seconds without an answer."""
        moments = sorted(self.served)
        return max((after - before for before, after in pairwise(moments)), default=0.0)


class Watch:
    """A thread that samples a site until it is told to stop."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch")
        self.began = time.monotonic()
        self.samples: list[Sample] = []

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            self.samples.append(self._look())

    def _look(self) -> Sample:
        backends = in_use = None
        with suppress(psycopg.Error):
            (backends,) = self._site.query(STATES)
        with suppress(OSError, http.client.HTTPException):  # a worker may be killed while it answers
            in_use = self._site.in_use()
        return Sample(time.monotonic() - self.began, backends, in_use, self._site.memory())

    def periods(self, seconds: float) -> Iterator[list[Sample]]:
        """Return the samples of each `seconds`, in order."""
        for number in range(int(self.samples[-1].at / seconds) + 1 if self.samples else 0):
            yield [sample for sample in self.samples if int(sample.at / seconds) == number]
