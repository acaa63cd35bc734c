"""`mealplanner up`: the database, the web server and a worker as one program that starts and stops together."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from mealplanner.config import Config
from mealplanner.config.processes import child_environment, metrics_folder
from mealplanner.db.migrations import upgrade
from mealplanner.embedded_postgres.location import attached
from mealplanner.errors import Unavailable
from mealplanner.food.catalogue import load_catalogue
from mealplanner.logs import configure_logging
from mealplanner.metrics import forget_process

log = logging.getLogger(__name__)

START_SECONDS = 60
"""How long the web server may take to answer."""

STOP_SECONDS = 7
"""How long the children may take to stop before they are killed; the database needs what is left of ten seconds."""


class Supervisor:
    """One `mealplanner up`. Its children lead sessions of their own, so that Ctrl-C reaches them through here only."""

    def __init__(self, config: Config, *, host: str, port: int) -> None:
        self._config, self._host, self._port = config, host, port
        self._listens_on = _address(host, port)
        self._stop = threading.Event()
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    @contextlib.contextmanager
    def started(self) -> Iterator[Config]:
        """Everything runs and answers during the block. Raises `Unavailable` when it does not come up."""
        configure_logging(self._config)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stop.set())
        self._refuse_taken_port()
        load_catalogue()
        with attached(self._config) as config:
            assert config.database_url is not None
            upgrade(config.database_url)
            told = {"DATABASE_URL": config.database_url, "MEALPLANNER_LISTENING_AT": self.url}
            self._environment = child_environment(**told)
            try:
                self._spawn("web", "-m", "gunicorn", "-c", "python:mealplanner.gunicorn", "-b", self._listens_on)
                self._spawn("worker", "-m", "mealplanner", "worker")
                self._await_answer()
                yield config
            finally:
                self._stop_children()

    def watch(self) -> int:
        """Waits for a signal; a worker that ends is started again, a web server that ends, ends it all. Exit code."""
        while not self._stop.wait(0.5):
            if self._children["web"].poll() is not None:
                log.error("the web server ended by itself; stopping")
                return 1
            if self._children["worker"].poll() is not None:
                log.error("the worker ended by itself; starting another")
                self._forget("worker")
                self._spawn("worker", "-m", "mealplanner", "worker")
        return 0

    @property
    def url(self) -> str:
        """Where it answers from this machine, whatever else it listens on."""
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # asked for, not bound to  # nosec B104
        return f"http://{_address(here.get(self._host, self._host), self._port)}"

    def _refuse_taken_port(self) -> None:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self._host, self._port))
            except OSError as error:
                raise Unavailable(
                    f"Cannot listen on {self._listens_on}: {error.strerror}. If another program, or another "
                    "mealplanner, uses that port, stop it or choose another one with --port."
                ) from None

    def _spawn(self, name: str, *arguments: str) -> None:
        self._children[name] = subprocess.Popen(
            [sys.executable, *arguments], env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def _forget(self, name: str) -> None:
        if (folder := metrics_folder()) is not None:
            forget_process(folder, self._children[name].pid)

    def _await_answer(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._stop.wait(0.1):
                raise Unavailable("Stopped before it was ready.")
            if self._children["web"].poll() is not None or time.monotonic() > deadline:
                raise Unavailable("The web server did not start; the lines above say why.")

    def _answers(self) -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{self.url}/readyz", timeout=5) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _stop_children(self) -> None:
        for child in self._children.values():
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for name, child in self._children.items():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("the %s process did not stop in time and is killed", name)
                child.kill()
                child.wait()


def _address(host: str, port: int) -> str:
    """As it stands in a URL: an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
