"""`mealplanner up` as a process with a data directory of its own, and a client for it."""

from __future__ import annotations

import contextlib
import http.cookiejar
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from tests.waiting import PATIENCE


def free_port() -> int:
    """Return a port that is free, below those that systems give to connections, so that none takes it meanwhile."""
    while True:
        port = random.randrange(10_000, 30_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextlib.contextmanager
def data_directory() -> Iterator[Path]:
    """Yield a folder that the database's user can reach, which for root pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-tests-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a `mealplanner` command to its end, without warnings of how slow this machine is."""
    command = [sys.executable, "-m", "mealplanner", *arguments]
    settings = child_environment(**{"MEALPLANNER_SLOW_TRANSACTION_MS": "600000"} | environment)
    return subprocess.run(command, env=settings, capture_output=True, text=True, timeout=PATIENCE)


class Installation:
    """One `mealplanner up`, with `environment` added to this process's."""

    def __init__(self, data: Path, *options: str, port: int | None = None, **environment: str) -> None:
        self.data = data
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  # lives as long as the process; see close()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mealplanner", "up", "--port", str(self.port), *options],
            env=child_environment(MEALPLANNER_DATA_DIR=str(data), **environment),
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )
        self.lines: list[str] = []

    def await_ready(self) -> Installation:
        """Read what it prints until the line with the address."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if "answers at" in line:
                return self
        said = f"it ended with {self.process.wait()}: {self.lines} {self.said()}"
        self.close()  # or a later test would meet the warning of files that are open
        raise AssertionError(said)

    def said(self) -> str:
        """Return what it has written to standard error so far."""
        self.errors.seek(0)
        return self.errors.read()

    def processes(self) -> list[psutil.Process]:
        """Return itself and its children; the database's processes are none of them."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        return [psutil.Process(self.process.pid), *family]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop and return its exit code."""
        self.process.send_signal(how)
        try:
            return self.process.wait(PATIENCE)
        finally:
            self.close()

    def kill_all(self) -> None:
        """Kill itself and its children."""
        kill(self.processes())
        self.process.wait()
        self.close()

    def close(self) -> None:
        """Close its output, and kill it if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.errors.close()


def postgres_of(data: Path) -> list[psutil.Process]:
    """Return the processes of the private database in `data`."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and process.cwd().startswith(str(data)):
                found.append(process)
    return found


def kill(processes: list[psutil.Process]) -> None:
    """Kill processes, some of which may end by themselves."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


class Client:
    """A browser with cookies, forms and the security token."""

    def __init__(self, address: str) -> None:
        self.address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def get(self, path: str, *, accept: str = "text/html") -> tuple[int, str]:
        """Return the status and the text of a page, after redirects."""
        return self._open(urllib.request.Request(self.address + path, headers={"Accept": accept}))

    def json(self, path: str) -> Any:
        """Return a page as JSON."""
        return json.loads(self.get(path, accept="application/json")[1])

    def post(self, path: str, form: dict[str, Any]) -> tuple[int, str]:
        """Send a form with a security token, and return the status and the address that it led to."""
        with contextlib.closing(self._sent(path, form)) as answer:
            return answer.status, answer.url.removeprefix(self.address)

    def send(self, path: str, form: dict[str, Any]) -> tuple[int, str]:
        """Send a form with a security token, and return the status and the text of the answer."""
        with contextlib.closing(self._sent(path, form)) as answer:
            return answer.status, answer.read().decode()

    def _sent(self, path: str, form: dict[str, Any]) -> Any:
        _, page = self.get("/auth/login")
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert token is not None
        body = urllib.parse.urlencode(form, doseq=True).encode()
        return self._answer(urllib.request.Request(self.address + path, body, {"X-CSRFToken": token[1]}))

    def _open(self, request: urllib.request.Request) -> tuple[int, str]:
        with contextlib.closing(self._answer(request)) as answer:
            return answer.status, answer.read().decode()

    def _answer(self, request: urllib.request.Request) -> Any:
        try:
            return self.opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            return error


def child_environment(**changes: str) -> dict[str, str]:
    """Return this process's environment without settings of the product, and with `changes`."""
    ours = ("MEALPLANNER_", "DATABASE_URL", "SECRET_KEY", "USE_NEW", "PROMETHEUS")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | changes
