"""What goes wrong during a soak, at random from its seed."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from typing import LiteralString

import psycopg

from tests.benchmarks.soak_site import Site

LOCKS: tuple[LiteralString, ...] = (
    "LOCK TABLE user_profiles IN ACCESS EXCLUSIVE MODE",
    "LOCK TABLE menus IN ACCESS EXCLUSIVE MODE",
    "SELECT FROM users FOR UPDATE",
    "SELECT FROM menus FOR UPDATE",
)


class Faults(threading.Thread):
    """One fault every `pause` seconds on average. Without `restarts`, PostgreSQL and the job workers stay up."""

    def __init__(self, site: Site, seed: str, stop: threading.Event, *, pause: float, restarts: bool) -> None:
        super().__init__(name="faults")
        self._site, self._stop_asked, self._pause = site, stop, pause
        self._rng = random.Random(seed)
        self._kinds = {**GENTLE, **(HARSH if restarts else {})}
        self.done: Counter[str] = Counter()
        self.error: BaseException | None = None

    def run(self) -> None:
        """Cause faults until told to stop, and end those that have begun."""
        kinds = list(self._kinds)
        self._rng.shuffle(kinds)
        turn = 0
        try:
            while not self._stop_asked.wait(self._rng.uniform(0.5, 1.5) * self._pause):
                name = kinds[turn] if turn < len(kinds) else self._rng.choice(kinds)  # each once, then by chance
                turn += 1
                self.done[name] += 1
                with suppress(psycopg.OperationalError):  # PostgreSQL may be on its way back from the fault before
                    self._kinds[name](self)
        except BaseException as error:
            self.error = error

    def terminate_backends(self) -> None:
        """End some of the application's connections, or all."""
        share = self._rng.choice((0.3, 1.0))
        self._site.query(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE application_name LIKE 'mealplanner%' AND random() < {share}"
        )

    def kill_web_worker(self) -> None:
        """Kill one, as the kernel does when memory runs out."""
        with suppress(ProcessLookupError, IndexError):
            os.kill(self._rng.choice(self._site.web_workers()), signal.SIGKILL)

    def hold_lock(self) -> None:
        """Hold a lock, as a migration or a forgotten psql does: sometimes for longer than requests wait."""
        with self._site.postgres.locked(self._rng.choice(LOCKS)):
            self._stop_asked.wait(self._rng.choice((0.5, 2.0, 4.0)))

    def exhaust_connections(self) -> None:
        """Take all connections that PostgreSQL has left."""
        with ExitStack() as stack:
            with suppress(psycopg.OperationalError):
                while True:
                    stack.enter_context(self._site.postgres.connect())
            self._stop_asked.wait(self._rng.uniform(0.5, 2.0))

    def kill_job_worker(self) -> None:
        """Kill one in the middle of a job."""
        self._rng.choice(self._site.job_workers).kill()

    def restart_postgres(self) -> None:
        """Restart it as for maintenance, which ends every connection."""
        self._site.postgres.stop()
        self._stop_asked.wait(self._rng.uniform(0.0, 3.0))
        self._site.postgres.start()

    def crash_postgres(self) -> None:
        """Kill one backend, so that PostgreSQL ends all and recovers."""
        self._site.postgres.crash()


Kind = Callable[[Faults], None]

GENTLE: Mapping[str, Kind] = {
    "backends terminated": Faults.terminate_backends,
    "web worker killed": Faults.kill_web_worker,
    "lock held": Faults.hold_lock,
    "connections exhausted": Faults.exhaust_connections,
}
HARSH: Mapping[str, Kind] = {
    "job worker killed": Faults.kill_job_worker,
    "PostgreSQL restarted": Faults.restart_postgres,
    "PostgreSQL crashed": Faults.crash_postgres,
}
