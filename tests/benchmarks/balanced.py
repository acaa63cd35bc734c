"""What the trials of web servers behind HAProxy share: people who use the site, and the proxy itself."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path

from mealplanner.storage.migrations import migration_engine
from tests.faults.remote import Remote

PEOPLE = 6
DRAIN_SECONDS = 3
SHORTEST_PHASE = 5.0
"""Seconds that a phase lasts at least, so that every phase meets some hundred requests."""

FOLDERS = "/usr/sbin:/usr/bin:/sbin:/bin"
"""Where the commands of an administrator are."""


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that were free a moment ago."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [listener.getsockname()[1] for listener in sockets]


class Load:
    """People who open pages and change things without a pause."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.phase = "before"
        self._address = address
        self._results: Counter[tuple[str, str]] = Counter()
        self._stored: dict[Remote, set[str]] = {}
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._use, args=(number,)) for number in range(PEOPLE)]

    def _use(self, number: int) -> None:
        person = Remote(self._address, f"person{number}@example.org")
        person.register()
        units = cycle(["imperial", "metric"])
        acts: list[Callable[[], int]] = [
            lambda: person.get("/").status,
            lambda: person.get("/menu/").status,
            lambda: person.get("/preferences").status,
            lambda: self._choose(person, next(units)),
            lambda: person.get("/recipes/").status,
        ]
        while not self._stop.is_set():
            for act in acts:
                phase = self.phase
                try:
                    status = act()
                    result = "answered" if status < 400 else str(status)
                except (OSError, http.client.HTTPException) as error:
                    result = type(error).__name__
                self._results[phase, result] += 1

    def _choose(self, person: Remote, units: str) -> int:
        """Store a setting, and remember what may be stored from now on: both, until an answer says which."""
        self._stored.setdefault(person, {"metric"}).add(units)
        status = person.post("/auth/account/settings", {"time_zone": "UTC", "units": units}).status
        if status < 400:
            self._stored[person] = {units}
        return status

    def forgotten(self) -> list[str]:
        """Return the people for whom the site stores something else than what it said it had stored."""
        headers = {"Accept": "application/json"}
        found = {person: person.get("/auth/account", **headers).json["units"] for person in self._stored}
        return [person.email for person, units in found.items() if units not in self._stored[person]]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Have all people finish what they do."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @contextmanager
    def during(self, phase: str) -> Iterator[None]:
        """Count what ends in the block, and for a few seconds, under this name."""
        self.phase, began = phase, time.monotonic()
        yield
        time.sleep(max(0.0, SHORTEST_PHASE - (time.monotonic() - began)))

    def before_any_restart(self, url: str) -> None:
        """Go through the phases that each trial begins with: nothing, and a migration of the database at `url`."""
        with self.during("nothing happens"):
            pass
        with self.during("a migration adds a column"), migration_engine(url).begin() as connection:
            connection.exec_driver_sql("ALTER TABLE users ADD COLUMN added text")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'newer'")

    def table(self) -> str:
        """Return a table with a line for each phase."""
        return "\n".join(("| phase | requests | lost | how |", "|---|---|---|---|", *self._lines()))

    def _lines(self) -> Iterator[str]:
        phases = dict.fromkeys(phase for phase, _ in self._results)
        for phase in phases:
            counts = {result: count for (name, result), count in self._results.items() if name == phase}
            lost = {result: count for result, count in counts.items() if result != "answered"}
            yield f"| {phase} | {sum(counts.values())} | {sum(lost.values())} | {lost or ''} |"

    def lost(self, *, but_in: str = "") -> int:
        """Return how many requests were not answered, or with an error, in all phases but `but_in`."""
        return sum(
            count for (phase, result), count in self._results.items() if result != "answered" and phase != but_in
        )


@contextmanager
def haproxy(folder: Path) -> Iterator[None]:
    """Run HAProxy by the file `proxy.cfg` in `folder`."""
    path = shutil.which("haproxy", path=FOLDERS)
    assert path is not None
    with (folder / "proxy.log").open("wb") as log:
        proxy = subprocess.Popen([path, "-db", "-f", folder / "proxy.cfg"], stdout=log, stderr=log)
    try:
        yield
    finally:
        proxy.terminate()
        proxy.wait()
