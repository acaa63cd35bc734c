"""The site of a soak: PostgreSQL, gunicorn with two workers and two job workers, each a process of its own."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import psutil

from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.storage.migrations import upgrade
from tests.faults.postgres import Postgres
from tests.faults.programs import Program
from tests.faults.remote import Remote
from tests.installation import free_port
from tests.waiting import PATIENCE, eventually

JOB_WORKERS = 2
LOCAL = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class JobWorker:
    """`mealplanner worker`, started again when it was killed, as by a service manager."""

    def __init__(self, settings: Mapping[str, str], log: Path) -> None:
        self._settings, self._log = settings, log
        self._lives = 0
        self.port = free_port()
        self._program = self._start()

    def kill(self) -> None:
        """Kill it with SIGKILL; another one takes its place."""
        self._program.send(signal.SIGKILL)
        self._program.exit_code()
        self._program = self._start()

    def stop(self) -> int:
        """Ask it to end; return its exit code."""
        return _ended(self._program)

    @property
    def pid(self) -> int:
        """Return the pid of the one that runs now."""
        return self._program.pid

    def logs(self) -> list[Path]:
        """Return what it and its predecessors have written."""
        return sorted(self._log.parent.glob(f"{self._log.name}-*"))

    def _start(self) -> Program:
        self._lives += 1
        arguments = ["-m", "mealplanner", "worker", "--metrics-port", str(self.port)]
        return Program(arguments, self._settings, self._log.with_name(f"{self._log.name}-{self._lives}"))


class Site:
    """Everything that runs, and ways to observe and to harm it."""

    def __init__(self, server: EmbeddedPostgres, folder: Path) -> None:
        self.server = server
        self.postgres = Postgres(server)
        settings = {
            "DATABASE_URL": self.postgres.url,
            "SECRET_KEY": "only for a soak, and long enough",
            "MEALPLANNER_DATA_DIR": str(folder),
            "MEALPLANNER_LOG_FORMAT": "json",
            "MEALPLANNER_LENIENCY": "1000",  # all people come from one address, in a hurry
        }
        self.port = free_port()
        options = ["-m", "gunicorn", "-c", "python:mealplanner.gunicorn", "-b", f"127.0.0.1:{self.port}"]
        self.web = Program(options, settings, folder / "web.log")
        self.job_workers = [JobWorker(settings, folder / f"worker-{number}.log") for number in range(JOB_WORKERS)]

    def __enter__(self) -> Self:
        try:
            eventually(self._ready)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def _ready(self) -> bool:
        with suppress(OSError):
            return Remote(("127.0.0.1", self.port), "-").get("/readyz").status == 200
        return False

    def stop(self) -> list[int]:
        """Ask everything but PostgreSQL to end; return the exit codes."""
        return [_ended(self.web), *(worker.stop() for worker in self.job_workers)]

    def web_workers(self) -> list[int]:
        """Return the pids of the processes that serve."""
        return sorted(child.pid for child in psutil.Process(self.web.pid).children())

    def figures(self) -> Iterator[str]:
        """Return what each address of metrics answers, line by line."""
        for port in (self.port, *(worker.port for worker in self.job_workers)):
            with LOCAL.open(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
                yield from answer.read().decode().splitlines()

    def in_use(self) -> float:
        """Return the connections that are out, by the application's own figures, over all processes."""
        lines = [line for line in self.figures() if line.startswith("mealplanner_db_connections_in_use{")]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    def memory(self) -> dict[str, float]:
        """Return kind of process -> its private memory in MB, summed."""
        kinds = {"web": self.web_workers(), "jobs": [worker.pid for worker in self.job_workers]}
        return {kind: sum(_private(pid) for pid in pids) for kind, pids in kinds.items()}

    def logs(self) -> list[Path]:
        """Return what everything has written."""
        return [self.web.log, *(log for worker in self.job_workers for log in worker.logs())]

    def query(self, statement: str) -> list[dict[str, Any]]:
        """Return the rows of a statement, on a connection apart."""
        with self.postgres.connect() as connection:
            cursor = connection.execute(statement.encode())
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor]


@contextmanager
def running(settings: Mapping[str, str]) -> Iterator[Site]:
    """Start everything in a new folder, with `settings` for PostgreSQL, and leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-soak-"))
    folder.chmod(0o755)  # for the database's unprivileged user
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = stack.enter_context(EmbeddedPostgres(folder / "postgres", settings=settings))
        upgrade(server.url().render_as_string(hide_password=False))
        yield stack.enter_context(Site(server, folder))


def _ended(program: Program) -> int:
    program.send(signal.SIGTERM)
    try:
        return program.exit_code()
    except subprocess.TimeoutExpired:
        program.send(signal.SIGKILL)
        return program.exit_code()


def _private(pid: int) -> float:
    with suppress(psutil.Error):
        return float(psutil.Process(pid).memory_full_info().uss) / 1e6
    return 0.0
