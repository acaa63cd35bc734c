"""Upgrade, restart and lose one of two hosts under load: `python -m tests.benchmarks.two_hosts`, as root.

Each host is a network namespace with a web server and a worker. PostgreSQL and HAProxy are outside, as on machines of
their own. The power of one host is cut while its worker makes a menu: its network goes down, and everything on it is
killed. Print how many requests ended how in each phase, what became of the menus, and how long mails waited. The exit
code is 1 if a request was lost in a phase without a power cut, or if anything that the site had accepted was lost.
Needs Linux, root, and the commands `ip` and `haproxy`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.storage.migrations import upgrade
from tests.benchmarks.balanced import DRAIN_SECONDS, FOLDERS, Load, free_ports, haproxy
from tests.faults.programs import Program
from tests.faults.remote import WISH, Remote
from tests.waiting import eventually

BRIDGE = "mealplanner0"
NETWORK = "10.77.0"
PORT = 8000
POWER_CUT = "the power of a host is cut"
MENUS = 6

PROXY = """
defaults
    mode http
    timeout connect 1s
    timeout client 30s
    timeout server 10s
    timeout check 10s
    retries 3
    option redispatch
frontend site
    bind 127.0.0.1:{port}
    default_backend servers
backend servers
    option httpchk GET /readyz
    http-check expect status 200
    # What was only read is asked for again elsewhere when its host is silent; a change is never sent twice.
    retry-on all-retryable-errors
    http-request disable-l7-retry if METH_POST
    default-server check inter 200ms fastinter 200ms fall 1 rise 1
    server one {network}.11:8000
    server two {network}.12:8000
# PostgreSQL, which listens on a socket, for the other hosts.
listen database
    mode tcp
    timeout client 1h
    timeout server 1h
    bind {network}.1:5432
    server postgres unix@{socket}/.s.PGSQL.5432
"""

IN_NAMESPACE = "import os, sys; os.execvp('ip', ['ip', 'netns', 'exec', *sys.argv[1:]])"


def ip(*arguments: str) -> str:
    """Run the command `ip`."""
    return subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True).stdout


@contextmanager
def network(names: list[str]) -> Iterator[None]:
    """Connect namespaces with a bridge; the first has the address 11."""
    _remove(names)
    try:
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("addr", "add", f"{NETWORK}.1/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for number, name in enumerate(names, 11):
            ip("netns", "add", name)
            ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
            ip("link", "set", name, "master", BRIDGE, "up")
            ip("-n", name, "addr", "add", f"{NETWORK}.{number}/24", "dev", "eth0")
            for device in ("lo", "eth0"):
                ip("-n", name, "link", "set", device, "up")
        yield
    finally:
        _remove(names)


def _remove(names: list[str]) -> None:
    for what in (*(("link", name) for name in (*names, BRIDGE)), *(("netns", name) for name in names)):
        with suppress(subprocess.CalledProcessError):  # there is none
            ip(what[0], "del", what[1])


class Host:
    """A web server and a worker in one namespace."""

    def __init__(self, name: str, number: int, folder: Path) -> None:
        self.name, self.address = name, f"{NETWORK}.{number}"
        self._folder = folder
        self._settings = {
            "DATABASE_URL": f"postgresql://mealplanner@{NETWORK}.1:5432/mealplanner",
            "SECRET_KEY": "only for benchmarks, and long enough",
            "MEALPLANNER_DATA_DIR": str(folder),
            "MEALPLANNER_DRAIN_SECONDS": str(DRAIN_SECONDS),
            "MEALPLANNER_LENIENCY": "1000",
            "MEALPLANNER_TRUSTED_PROXIES": "0",
            "MEALPLANNER_LOG_LEVEL": "INFO",
        }
        self.web = self._web()
        self.worker = self._worker()

    def _program(self, log: str, *arguments: str) -> Program:
        inside = ["-c", IN_NAMESPACE, self.name, sys.executable, *arguments]
        return Program(inside, self._settings, self._folder / f"{self.name}-{log}.log")

    def _web(self) -> Program:
        settings = ["-c", "python:mealplanner.gunicorn", "-b", f"{self.address}:{PORT}"]
        program = self._program("web", "-m", "gunicorn", *settings, "--workers", "2", "--threads", "4")
        eventually(self._ready)
        return program

    def _worker(self) -> Program:
        program = self._program("worker", "-m", "mealplanner", "worker")
        eventually(lambda: "worker ready" in program.said())
        return program

    def _ready(self) -> bool:
        try:
            return Remote((self.address, PORT), "").get("/readyz").status == 200
        except OSError:
            return False

    def restart(self) -> None:
        """Stop both as a service manager does, and start them again."""
        for program in (self.worker, self.web):
            program.send(signal.SIGTERM)
        assert self.worker.exit_code() == 0, self.worker.said()
        assert self.web.exit_code() == 0, self.web.said()
        self.web, self.worker = self._web(), self._worker()

    def cut_power(self) -> None:
        """Take it from the network, and kill everything on it: nothing can say goodbye."""
        ip("link", "set", self.name, "down")
        for pid in ip("netns", "pids", self.name).split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    def stop(self) -> None:
        """End what still runs."""
        for program in (self.worker, self.web):
            program.__exit__(None, None, None)


class Menus:
    """People who each ask for one menu."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._people = [Remote(address, f"hungry{number}@example.org") for number in range(MENUS)]
        self._paths: dict[Remote, str] = {}

    def ask(self) -> None:
        """Register, and ask for the menus."""
        for person in self._people:
            person.register()
            answer = person.post("/menu/", {**WISH, "idempotency_key": str(uuid.uuid4())})
            headers = {name.lower(): text for name, text in answer.headers.items()}  # as HAProxy writes them
            self._paths[person] = headers["location"]

    def statuses(self) -> list[str]:
        """Return how far each menu is."""
        return [person.menu_status(path) for person, path in self._paths.items()]


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """Return what a query finds."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return connection.execute(query).fetchall()  # type: ignore[arg-type]


MAKES_A_MENU = """
    SELECT pid FROM procrastinate_jobs JOIN queue_workers USING (worker_id)
    WHERE status = 'doing' AND queue_name LIKE '%menus' LIMIT 1
"""
MAILS = """
    SELECT count(*), coalesce(extract(epoch FROM max(finished_at - created_at)), 0)::float8,
        count(*) FILTER (WHERE status <> 'sent')
    FROM mails
"""


def trial(folder: Path, stack: ExitStack) -> int:
    """Run all phases and print the tables."""
    postgres = stack.enter_context(EmbeddedPostgres(folder / "postgres"))
    url = postgres.url().render_as_string(hide_password=False)
    upgrade(url)
    names = ["mealplanner1", "mealplanner2"]
    stack.enter_context(network(names))
    (port,) = free_ports(1)
    (folder / "proxy.cfg").write_text(PROXY.format(port=port, network=NETWORK, socket=postgres.socket))
    stack.enter_context(haproxy(folder))
    hosts = [Host(name, number, folder) for number, name in enumerate(names, 11)]
    for host in hosts:
        stack.callback(host.stop)
    address = ("127.0.0.1", port)
    eventually(lambda: Remote(address, "").get("/healthz").status == 200)
    load = stack.enter_context(Load(address))
    load.before_any_restart(url)
    for number, host in enumerate(hosts, 1):
        with load.during(f"host {number} restarts"):
            host.restart()
    menus = Menus(address)
    with load.during(f"{MENUS} menus are asked for"):
        menus.ask()
        ((busy,),) = eventually(lambda: rows(url, MAKES_A_MENU), "a menu that is made")
    began = time.monotonic()
    with load.during(POWER_CUT):
        next(host for host in hosts if host.worker.pid == busy).cut_power()
        eventually(lambda: set(menus.statuses()) == {"ready"}, "all menus")
    made = time.monotonic() - began
    with load.during("the other host alone"):
        pass
    load.stop()
    forgotten = load.forgotten()
    ((mails, longest, unsent),) = rows(url, MAILS)
    print(load.table())
    print(f"all {MENUS} menus ready {made:.0f} s after the power cut; forgotten settings: {forgotten or 'none'}")
    print(f"{mails} mails, {unsent} not sent; the longest waited {longest:.2f} s")
    return int(load.lost(but_in=POWER_CUT) > 0 or forgotten != [] or unsent > 0)


def main() -> int:
    """Run the trial."""
    missing = [name for name in ("haproxy", "ip") if shutil.which(name, path=FOLDERS) is None]
    if missing or os.geteuid() != 0:
        print(f"This needs root{' and the command ' if missing else ''}{' and '.join(missing)}.", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-hosts-"))
    folder.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        return trial(folder, stack)


if __name__ == "__main__":
    sys.exit(main())
