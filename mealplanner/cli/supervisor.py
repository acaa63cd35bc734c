"""The parts of `mealplanner up`, which start and stop together: the database, the web server and a worker.

==============  ================================================  ==============================
part            when it ends by itself                            when `up` is killed
==============  ================================================  ==============================
the database    it is started again (`embedded_postgres.keeper`)  the worker stops it
the worker      another one is started                            it finishes its jobs and ends
the web server  `up` stops the rest and ends with an error        it ends
a backup        the next one is made an hour later                it ends
==============  ================================================  ==============================
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from mealplanner.cli.regular_backups import RegularBackups
from mealplanner.client import utc_now
from mealplanner.config import Config
from mealplanner.config.processes import child_environment, metrics_folder
from mealplanner.embedded_postgres.location import attached
from mealplanner.errors import Unavailable
from mealplanner.food.catalogue import load_catalogue
from mealplanner.storage.migrations import upgrade
from mealplanner.telemetry.logs import configure_logging
from mealplanner.telemetry.metrics import DISK_FREE, forget_process

log = logging.getLogger(__name__)

PORT_SECONDS = 10
"""How long a port may be taken, as by the web server of an `up` that was just killed on a slow machine."""

START_SECONDS = 300
"""How long the web server may take to answer on a slow machine; one that ends meanwhile is noticed at once."""

STOP_SECONDS = 7
"""How long the children may take to stop before they are killed; the database needs what is left of ten seconds."""

LONGEST_PAUSE = 30.0
"""Seconds between two starts of a worker that ends again and again."""

QUIET_SECONDS = 60.0
"""A worker that has run for so long is started again without a pause."""


class Supervisor:
    """One `mealplanner up`. Its children lead sessions of their own, so that Ctrl-C reaches them only through here."""

    def __init__(self, config: Config, *, host: str, port: int) -> None:
        self._config, self._host, self._port = config, host, port
        self._listens_on = _address(host, port)
        self._stop = threading.Event()
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._backups = RegularBackups(config, self._start_backup, now=utc_now())
        self._pause = self._started = 0.0

    @contextlib.contextmanager
    def started(self) -> Iterator[Config]:
        """Run a block while everything runs and answers. Raise `Unavailable` when it does not come up."""
        configure_logging(self._config)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stop.set())
        self._refuse_taken_port()
        load_catalogue()
        with attached(self._config) as config:
            assert config.database_url is not None
            upgrade(config.database_url)
            try:
                self._start_web(config.database_url)
                self._start_worker()
                self._await_answer()
                yield config
            finally:
                self._stop_children()

    def watch(self) -> int:
        """Look after the children until a signal comes or the web server ends; return the exit code."""
        while not self._stop.wait(0.5):
            if self._ended("web"):
                log.error("the web server ended by itself; stopping")
                return 1
            self._replace_worker()
            self._look_after_backups()
            self._measure_disk()
        return 0

    @property
    def url(self) -> str:
        """The address at which it answers on this machine."""
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # asked for, not bound to  # nosec B104
        return f"http://{_address(here.get(self._host, self._host), self._port)}"

    def _refuse_taken_port(self) -> None:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            began, told = time.monotonic(), False
            while True:
                try:
                    return probe.bind((self._host, self._port))
                except OSError as error:
                    if error.errno != errno.EADDRINUSE or time.monotonic() > began + PORT_SECONDS:
                        raise Unavailable(
                            f"Cannot listen on {self._listens_on}: {error.strerror}. If another program, or another "
                            "mealplanner, uses that port, stop it or choose another one with --port."
                        ) from None
                if not told and time.monotonic() > began + 1:
                    log.warning("%s is taken; waiting up to %d s until it is free", self._listens_on, PORT_SECONDS)
                    told = True
                time.sleep(0.1)

    def _start_web(self, database_url: str) -> None:
        settings = ("-c", "python:mealplanner.gunicorn", "-b", self._listens_on)
        # SIGQUIT frees the port immediately; SIGTERM would answer the requests in flight first.
        self._start("web", signal.SIGQUIT, "gunicorn", *settings, DATABASE_URL=database_url)

    def _start_worker(self) -> None:
        """Start a worker. It takes a place of its own at the embedded database, which it stops if it is left alone."""
        self._started = time.monotonic()
        self._start("worker", signal.SIGTERM, "mealplanner", "worker")

    def _measure_disk(self) -> None:
        with contextlib.suppress(FileNotFoundError):  # with another database there may be no such folder
            disk = shutil.disk_usage(self._config.data_dir)
            DISK_FREE.labels("data").set(disk.free / disk.total)

    def _look_after_backups(self) -> None:
        self._backups.look(utc_now())
        if "backup" in self._children and not self._backups.running:
            self._forget("backup")
            del self._children["backup"]

    def _start_backup(self, file: Path) -> subprocess.Popen[bytes]:
        """Start to make a backup; like a worker, it takes a place of its own at the embedded database."""
        self._start("backup", signal.SIGTERM, "mealplanner", "backup", "--quiet", str(file))
        return self._children["backup"]

    def _start(self, name: str, orphaned: signal.Signals, *module: str, **environment: str) -> None:
        """Start a child that receives the signal `orphaned` when this process ends."""
        self._children[name] = subprocess.Popen(
            [sys.executable, "-m", "mealplanner.cli.child", str(os.getpid()), str(int(orphaned)), *module],
            env=child_environment(MEALPLANNER_LISTENING_AT=self.url, **environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _replace_worker(self) -> None:
        """Start another worker if there is none, after a growing pause if the last ones ended soon."""
        if not self._ended("worker"):
            return
        ran = time.monotonic() - self._started
        if ran < self._pause:
            return
        log.error("the worker ended by itself; starting another")
        self._pause = 0.0 if ran > QUIET_SECONDS else min(2 * self._pause + 1, LONGEST_PAUSE)
        self._forget("worker")
        self._start_worker()

    def _ended(self, name: str) -> bool:
        return self._children[name].poll() is not None

    def _forget(self, name: str) -> None:
        if (folder := metrics_folder()) is not None:
            forget_process(folder, self._children[name].pid)

    def _await_answer(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._stop.wait(0.1):
                raise Unavailable("Stopped before it was ready.")
            if self._ended("web") or time.monotonic() > deadline:
                raise Unavailable("The web server did not start; the lines above say why.")
            self._replace_worker()

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
            with contextlib.suppress(ProcessLookupError):  # its own children too, which a killed one leaves
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _address(host: str, port: int) -> str:
    """Return the address as it stands in a URL: an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
