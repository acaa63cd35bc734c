"""Where jobs compute: a single one in the worker's own process, others beside it in processes that it starts for them.

Two threads of one process compute no faster than one, and hold up its mails. A worker that makes one menu at a time
needs no other process, and one that has nothing to do soon has none left.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Pipe
from threading import Lock, Semaphore
from typing import Any, Final, TypeVar

from mealplanner.config.processes import helper_environment
from mealplanner.jobs.helper import BEGUN, DONE, RAISED, STEP
from mealplanner.jobs.pickling import dumps, loads

T = TypeVar("T")

LOOK: Final = 0.1
"""Seconds between two looks whether the job should end."""

Checkpoint = Callable[[int, int], None]


class HelperDied(Exception):
    """A process that computed was killed."""

    def __init__(self) -> None:
        super().__init__("the process that computed this was killed; it may have run out of memory")


class _NotBegun(HelperDied):
    """It ended by itself just before it got the task."""


class Computing:
    """Computes up to `at_once` tasks at the same time: on the thread that asks for it where no other is computed."""

    def __init__(self, at_once: int = 1) -> None:
        self._turns = Semaphore(at_once)
        self._lock = Lock()
        self._computed = 0
        self._idle: list[_Helper] = []
        self._all: set[_Helper] = set()
        self._closed = False

    def __call__(
        self, check: Callable[[], None], checkpoint: Checkpoint, function: Callable[..., T], *arguments: object
    ) -> T:
        """Return what `function` returns for `arguments` and `checkpoint`, or raise what it raises.

        `function` is a pure one of a module. `check` and `checkpoint` run here, and may raise to end it. Raise
        `HelperDied` when the process that computes is killed.
        """
        while not self._turns.acquire(timeout=LOOK):
            check()
        try:
            with self._counted() as alone:
                if alone:
                    return function(*arguments, checkpoint=checkpoint)
                computed: T = self._elsewhere(check, checkpoint, dumps((function, arguments)))
                return computed
        finally:
            self._turns.release()

    @contextmanager
    def _counted(self) -> Iterator[bool]:
        """Count the block among what is computed; yield whether nothing else was when it began."""
        with self._lock:
            alone = not self._computed
            self._computed += 1
        try:
            yield alone
        finally:
            with self._lock:
                self._computed -= 1

    def close(self) -> None:
        """End all processes, whatever they do."""
        with self._lock:
            helpers, self._idle, self._closed = list(self._all), [], True
        for helper in helpers:
            self._end(helper)

    def _elsewhere(self, check: Callable[[], None], checkpoint: Checkpoint, task: bytes) -> Any:
        while True:
            helper, fresh = self._take()
            try:
                kind, value = helper.compute(task, check, checkpoint)
            except _NotBegun:
                self._end(helper)
                if fresh:
                    raise
                continue
            except BaseException:
                self._end(helper)
                raise
            with self._lock:
                self._idle.append(helper)
            if kind == RAISED:
                raise value
            return value

    def _take(self) -> tuple[_Helper, bool]:
        """Return the process that was used last, or a new one, and whether it is new."""
        with self._lock:
            if self._closed:
                raise HelperDied
            if self._idle:
                return self._idle.pop(), False
            helper = _Helper()
            self._all.add(helper)
            return helper, True

    def _end(self, helper: _Helper) -> None:
        helper.end()
        with self._lock:
            self._all.discard(helper)


class _Helper:
    """One process, which ends with this one."""

    def __init__(self) -> None:
        self._connection, theirs = Pipe()
        ends_with = (str(os.getpid()), str(int(signal.SIGKILL)))
        module = ("mealplanner.jobs.helper", str(theirs.fileno()))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mealplanner.cli.child", *ends_with, *module],
            env=helper_environment(),
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()

    def compute(self, task: bytes, check: Callable[[], None], checkpoint: Checkpoint) -> tuple[str, Any]:
        """Return how it ended, `DONE` or `RAISED`, and with what."""
        died: type[HelperDied] = _NotBegun
        try:
            self._connection.send_bytes(task)
            while True:
                if not self._connection.poll(LOOK):
                    check()
                    continue
                kind, *values = loads(self._connection.recv_bytes())
                if kind == BEGUN:
                    died = HelperDied
                elif kind == STEP:
                    checkpoint(*values)
                else:
                    assert kind in (DONE, RAISED)
                    return kind, values[0]
        except (EOFError, ConnectionError) as error:
            raise died from error

    def end(self) -> None:
        """Kill it: it has nothing that could be lost."""
        self._connection.close()
        self._process.kill()
        self._process.wait()
