"""Shared by tests of workers: a worker on a thread, jobs that report what they do, and views of the queue."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine, text

from mealplanner.config import Config
from mealplanner.jobs.queue import enqueue
from mealplanner.jobs.tasks import Interrupted, JobContext, Task
from mealplanner.jobs.timing import Timing
from mealplanner.jobs.worker import supervise
from mealplanner.storage.database import Database
from tests.waiting import PATIENCE

QUICK = Timing(
    heartbeat=0.1,
    stalled_after=PATIENCE,
    poll=0.1,
    grace=PATIENCE,
    patience=PATIENCE,
    retry=0.01,
    connect=1.0,
    longest_restart=0.2,
)
"""Quick in everything but in taking others for dead and in interrupting jobs."""

Told = SimpleQueue[Any]
"""What jobs tell a test."""


def jobs(engine: Engine, columns: str = "status") -> list[tuple[Any, ...]]:
    """Return the jobs as another connection sees them, oldest first."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM procrastinate_jobs ORDER BY id"))]


def listening(admin: Engine) -> bool:
    """Return whether a worker receives notifications."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mealplanner-queue' AND query ~ '^LISTEN'"
    with admin.connect() as connection:
        return bool(connection.scalar(text(query)))


def put(database: Database, task: Task, **arguments: Any) -> int:
    """Enqueue a job and commit."""
    return database.run(lambda session: enqueue(session, task, **arguments))


def hear(told: Told) -> Any:
    """Return the next message of a job; fail when there is none in time."""
    return told.get(timeout=PATIENCE)


def until_interrupted(
    told: Told, tell: Callable[[JobContext], object] = lambda _: "started"
) -> Callable[[JobContext], None]:
    """Return a job that runs until it is interrupted, and reports how."""
    pause = threading.Event()

    def run(context: JobContext) -> None:
        told.put(tell(context))
        try:
            while not pause.wait(0.01):
                context.check()
        except Interrupted as interruption:
            told.put(type(interruption).__name__)
            raise

    return run


class WorkerThread:
    """A worker on a thread for the length of a block: ready when the block begins, gone when it ends."""

    def __init__(self, config: Config, tasks: Sequence[Task], timing: Timing, slots: Mapping[str, int]) -> None:
        self._arguments = (config, tasks, timing, slots)
        self._running = threading.Event()
        self.ready = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def __enter__(self) -> Self:
        self.start()
        assert self.ready.wait(PATIENCE), f"the worker did not start: {self._error}"
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.stop()
        self.join()

    def start(self) -> None:
        """Start it without waiting until it is ready."""
        self._thread.start()
        assert self._running.wait(PATIENCE)

    def stop(self) -> None:
        """Ask it to stop, as a signal does."""
        self._loop.call_soon_threadsafe(self._stop.set)

    def join(self) -> None:
        """Wait for its end."""
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the worker did not stop"
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as error:
            self._error = error

    async def _main(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._running.set()
        config, tasks, timing, slots = self._arguments
        await supervise(config, tasks, slots=slots, stop=self._stop, ready=self.ready.set, timing=timing)


StartWorker = Callable[..., WorkerThread]
"""Makes a worker from tasks, and `timing`, `concurrency` (the same for each queue, or `slots`) and `config` if they
matter."""
