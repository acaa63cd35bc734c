"""Worker processes for tests, to be killed, frozen and stopped, and the jobs that they run."""

from __future__ import annotations

import functools
import os
import signal
import threading
import uuid
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from sqlalchemy import text
from sqlalchemy.orm import Session

from mealplanner.config import Config
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.jobs.timing import Timing
from mealplanner.jobs.worker import run_worker
from tests.waiting import PATIENCE

STEPS = [1, 2, 3]

TAKE_OVER = "UPDATE dough SET token = :token RETURNING steps"
KNEAD = "UPDATE dough SET steps = steps || CAST(:step AS int) WHERE token = :token RETURNING steps"


def knead(parent: Connection, context: JobContext) -> None:
    """Knead dough in three steps, waiting for the parent's word after each; every write is fenced by a token."""
    token = uuid.uuid4()

    def write(statement: str, **values: object) -> list[int] | None:
        def work(session: Session) -> list[int] | None:
            return session.scalar(text(statement), {"token": token, **values})

        return context.database.run(work)

    done = write(TAKE_OVER) or []
    for step in STEPS[len(done) :]:
        if write(KNEAD, step=step) is None:
            parent.send("fenced off")
            return
        parent.send(("step", step, context.attempt))
        parent.recv()
    parent.send("kneaded")


def crash(_parent: Connection, _context: JobContext) -> None:
    """Kill the worker."""
    os.kill(os.getpid(), signal.SIGKILL)


def listen(parent: Connection, context: JobContext) -> None:
    """Run until interrupted."""
    parent.send("started")
    pause = threading.Event()
    while not pause.wait(0.01):
        context.check()


def hang(parent: Connection, _context: JobContext) -> None:
    """Never end and never check for an interruption."""
    parent.send("started")
    threading.Event().wait()


def report(parent: Connection, context: JobContext) -> None:
    """Tell the parent that the job has failed for good."""
    parent.send(("failed", context.attempt, context.error))


RECIPES = {"knead": knead, "crash": crash, "listen": listen, "hang": hang}


def task(recipe: str, parent: Connection | None = None) -> Task:
    """Return the task that runs `recipe`; a process that only enqueues it needs no parent."""
    run = functools.partial(RECIPES[recipe], parent)
    return Task(name=f"kitchen.{recipe}", run=run, failed=functools.partial(report, parent), attempts=2)


def main(config: Config, timing: Timing, parent: Connection) -> None:
    """Run a worker, one job at a time, and end with its exit code."""
    tasks = [task(recipe, parent) for recipe in RECIPES]
    raise SystemExit(run_worker(config, tasks, slots={"default": 1}, ready=lambda: parent.send("ready"), timing=timing))


class WorkerProcess:
    """A worker process for the length of a block: ready when the block begins, dead when it ends."""

    def __init__(self, config: Config, timing: Timing) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=main, args=(config, timing, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> Self:
        assert self.hear() == "ready"
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()
        self._pipe.close()

    def hear(self) -> Any:
        """Return the next message of the worker or its job; fail when there is none in time."""
        assert self._pipe.poll(PATIENCE), "the worker process is silent"
        return self._pipe.recv()

    def say_go(self) -> None:
        """Let the job continue."""
        self._pipe.send("go")

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def exit_code(self) -> int | None:
        """Wait for the end; the code is negative for the signal that killed the process."""
        self._process.join(PATIENCE)
        return self._process.exitcode
