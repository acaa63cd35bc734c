"""Other processes that use the embedded PostgreSQL, and what can be seen of it from outside."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

from mealplanner.embedded_postgres.file_locks import locked
from mealplanner.embedded_postgres.server import EmbeddedPostgres

FAST = {"fsync": "off"}

VISIT = """
import signal, sys
from pathlib import Path
from mealplanner.embedded_postgres.server import EmbeddedPostgres

signal.signal(signal.SIGINT, lambda *_: print("interrupted", flush=True))
binaries = Path(sys.argv[2]) if len(sys.argv) > 2 else None
with EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off"}, binaries=binaries):
    print("in", flush=True)
    sys.stdin.readline()
"""


class Visitor:
    """Another process, in a process group of its own, that uses the server until it is told to leave."""

    def __init__(self, root: Path, *arguments: str | Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", VISIT, root, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def says(self) -> str:
        """Wait for its next line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        """Have it release the server, and wait until it has ended."""
        self.process.communicate("\n")
        assert self.process.returncode == 0

    def kill(self) -> None:
        """End it without a chance to release anything."""
        self.process.kill()
        self.process.communicate()


Visit = Callable[..., Visitor]


def connect(postgres: EmbeddedPostgres) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(
        host=str(postgres.socket), port=5432, user="mealplanner", dbname="mealplanner", autocommit=True
    )


def ask(postgres: EmbeddedPostgres, query: str) -> Any:
    with connect(postgres) as connection:
        return connection.execute(query).fetchall()[0][0]


def identity(postgres: EmbeddedPostgres) -> Any:
    """Return a value that differs for every server that was ever started."""
    return ask(postgres, "SELECT pg_postmaster_start_time()")


def postmaster_pid(postgres: EmbeddedPostgres) -> int:
    return int((postgres.data / "postmaster.pid").read_text().split("\n")[0])


def processes(postgres: EmbeddedPostgres) -> list[psutil.Process]:
    """Return the live processes of the server, found by their working directory, with their parents' pids in `info`."""
    found = []
    for process in psutil.process_iter(["ppid"]):
        with suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and process.cwd() == str(postgres.data):
                found.append(process)
    return found


def wait_until_gone(postgres: EmbeddedPostgres) -> None:
    with locked(postgres.root / "server.lock"):
        assert processes(postgres) == []
