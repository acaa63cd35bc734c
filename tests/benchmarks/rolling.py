"""Upgrade two web servers behind HAProxy under load: `python -m tests.benchmarks.rolling`, from the root.

People open pages and change things without a pause while a migration is applied, each server is stopped with SIGTERM
and started again, and each is sent SIGHUP. Print how many requests ended how in each phase. The exit code is 1 if one
failed. Needs the `haproxy` command. Only loopback and a unix socket are used.
"""

from __future__ import annotations

import http.client
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path

from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.storage.migrations import migration_engine, upgrade
from tests.faults.programs import Program
from tests.faults.remote import Remote
from tests.waiting import eventually

PEOPLE = 6
DRAIN_SECONDS = 3
SHORTEST_PHASE = 5.0
"""Seconds that a phase lasts at least, so that every phase meets some hundred requests."""

PROXY = """
defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 30s
    timeout check 10s
    option redispatch
frontend site
    bind 127.0.0.1:{port}
    default_backend servers
backend servers
    option httpchk GET /readyz
    http-check expect status 200
    default-server check inter 200ms fastinter 200ms fall 1 rise 1
    server one 127.0.0.1:{ports[0]}
    server two 127.0.0.1:{ports[1]}
"""


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that were free a moment ago."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [listener.getsockname()[1] for listener in sockets]


class Server:
    """One of the web servers, which is started again on the same port."""

    def __init__(self, url: str, port: int, folder: Path) -> None:
        self._settings = {
            "DATABASE_URL": url,
            "SECRET_KEY": "only for benchmarks, and long enough",
            "MEALPLANNER_DATA_DIR": str(folder),
            "MEALPLANNER_DRAIN_SECONDS": str(DRAIN_SECONDS),
            "MEALPLANNER_LENIENCY": "1000",
            "MEALPLANNER_TRUSTED_PROXIES": "0",
        }
        self._port, self._log = port, folder / f"{port}.log"
        self.program = self._start()

    def _start(self) -> Program:
        arguments = ["-m", "gunicorn", "-c", "python:mealplanner.gunicorn", "-b", f"127.0.0.1:{self._port}"]
        program = Program([*arguments, "--workers", "2", "--threads", "4"], self._settings, self._log)
        eventually(self._ready)
        return program

    def _ready(self) -> bool:
        try:
            return Remote(("127.0.0.1", self._port), "").get("/readyz").status == 200
        except OSError:
            return False

    def restart(self) -> None:
        """Stop it as a service manager does, and start it again."""
        self.program.send(signal.SIGTERM)
        assert self.program.exit_code() == 0, self.program.said()
        self.program = self._start()

    def reload(self) -> None:
        """Replace its processes."""
        self.program.send(signal.SIGHUP)


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

    def table(self) -> Iterator[str]:
        """Yield a line for each phase."""
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


def main() -> int:
    """Run the trial."""
    if shutil.which("haproxy", path="/usr/sbin:/usr/bin") is None:
        print("This needs HAProxy, and there is no `haproxy` command.", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-rolling-"))
    folder.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        postgres = stack.enter_context(EmbeddedPostgres(folder / "postgres"))
        url = postgres.url().render_as_string(hide_password=False)
        upgrade(url)
        port, *ports = free_ports(3)
        servers = [Server(url, own, folder) for own in ports]
        for server in servers:
            stack.callback(lambda server=server: server.program.__exit__(None, None, None))
        (folder / "proxy.cfg").write_text(PROXY.format(port=port, ports=ports))
        stack.enter_context(_proxy(folder, port))
        load = stack.enter_context(Load(("127.0.0.1", port)))
        with load.during("nothing happens"):
            pass
        with load.during("a migration adds a column"), migration_engine(url).begin() as connection:
            connection.exec_driver_sql("ALTER TABLE users ADD COLUMN added text")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'newer'")
        for number, server in enumerate(servers, 1):
            with load.during(f"server {number} restarts"):
                server.restart()
        for number, server in enumerate(servers, 1):
            with load.during(f"server {number} reloads"):
                server.reload()
        load.stop()
        forgotten = load.forgotten()
    print(f"forgotten: {forgotten}")
    print("| phase | requests | lost | how |\n|---|---|---|---|")
    print("\n".join(load.table()))
    return int(load.lost() > 0 or forgotten != [])


@contextmanager
def _proxy(folder: Path, port: int) -> Iterator[None]:
    path = shutil.which("haproxy", path="/usr/sbin:/usr/bin")
    assert path is not None
    with (folder / "proxy.log").open("wb") as log:
        proxy = subprocess.Popen([path, "-db", "-f", folder / "proxy.cfg"], stdout=log, stderr=log)
    try:
        eventually(lambda: _answers(port))
        yield
    finally:
        proxy.terminate()
        proxy.wait()


def _answers(port: int) -> bool:
    try:
        return Remote(("127.0.0.1", port), "").get("/healthz").status == 200
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
