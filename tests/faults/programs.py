"""The programs under test: gunicorn with the product's settings, and a worker, each a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from tests.faults.remote import Remote
from tests.waiting import PATIENCE, eventually

ROOT = Path(__file__).resolve().parents[2]

WORKERS = 2
"""That each gunicorn of these tests has."""

THREADS = 8
"""Threads of each worker."""

POOL = 3
"""Connections that each of these may open: fewer than it has threads, so that they can be used up."""

SILENT = {"PROMETHEUS_MULTIPROC_DIR", "GUNICORN_CMD_ARGS", "WEB_CONCURRENCY"}
"""Variables of the environment of the tests that would change what is tested."""


class Program:
    """A process that lives for a block. `settings` are variables of its environment."""

    def __init__(self, arguments: Sequence[str], settings: Mapping[str, str], log: Path, *, inherit: int = -1) -> None:
        ours = {name: value for name, value in os.environ.items() if name not in SILENT}
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**ours, **settings, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[inherit] if inherit >= 0 else [],
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.send(signal.SIGTERM)
        try:
            self._process.wait(PATIENCE)
        finally:
            if self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    @property
    def pid(self) -> int:
        """Return the pid of the process that was started."""
        return self._process.pid

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it is still running."""
        self._process.send_signal(number)

    def exit_code(self) -> int:
        """Wait for its end; negative for the signal that killed it."""
        return self._process.wait(PATIENCE)

    def alive(self) -> bool:
        """Return whether it is still running."""
        return self._process.poll() is None

    def said(self) -> str:
        """Return what it has written so far."""
        return self.log.read_text(errors="replace")


class Web(Program):
    """gunicorn, listening on a port of loopback that is reserved for it."""

    def __init__(self, settings: Mapping[str, str], log: Path, *options: str, app: str = "served") -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
            self.address: tuple[str, int] = listener.getsockname()
            file = listener.fileno()
            arguments = ["-m", "gunicorn", "-c", "python:mealplanner.gunicorn", "--bind", f"fd://{file}"]
            super().__init__(
                [*arguments, "--workers", str(WORKERS), "--threads", str(THREADS), *options, f"tests.faults.{app}:app"],
                settings,
                log,
                inherit=file,
            )

    def visitor(self, email: str = "person@example.org") -> Remote:
        """Return a new user of this server."""
        return Remote(self.address, email)

    def workers(self) -> set[int]:
        """Return the pids of the processes that serve."""
        return {child.pid for child in psutil.Process(self.pid).children()}

    def await_workers(self) -> None:
        """Return when it has as many workers as it should."""
        eventually(lambda: not self.alive() or len(self.workers()) == WORKERS, "all workers")
        assert self.alive(), self.said()

    @contextmanager
    def only(self, worker: int) -> Iterator[None]:
        """Freeze all workers but one during the block, so that it serves every request."""
        frozen = [psutil.Process(pid) for pid in self.workers() - {worker}]
        for process in frozen:
            process.suspend()
        try:
            yield
        finally:
            for process in frozen:
                process.resume()

    def connections_in_use(self) -> float:
        """Return the application's own figure, over all its processes."""
        return self.figure("mealplanner_db_connections_in_use")

    def figure(self, name: str, label: str = "") -> float:
        """Return the sum of a metric over all its labels, or over those that contain `label`."""
        lines = self.visitor().get("/metrics").text.splitlines()
        return sum(
            float(line.rpartition(" ")[2])
            for line in lines
            if line.startswith((f"{name} ", f"{name}{{")) and label in line
        )


class Worker(Program):
    """A worker that is ready."""

    def __init__(self, settings: Mapping[str, str], log: Path, concurrency: int = 2) -> None:
        super().__init__(["-m", "tests.faults.worker", str(concurrency)], settings, log)

    def __enter__(self) -> Self:
        eventually(lambda: "ready" in self.said().splitlines() or self._process.poll() is not None)
        assert self._process.poll() is None, self.said()
        return self
