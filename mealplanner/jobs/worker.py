"""The worker: takes jobs from the queue and runs them, through outages and restarts of the database, until stopped."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import procrastinate
from procrastinate.worker import Worker
from sqlalchemy.engine import make_url

from mealplanner.config import Config
from mealplanner.db.database import Database
from mealplanner.db.limits import CONNECT_SECONDS, TCP_LIMITS
from mealplanner.jobs.performing import add_task
from mealplanner.jobs.store import FORGET_SECONDS, Store, is_outage
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.jobs.timing import Pulse, Timing

log = logging.getLogger(__name__)

CONNECTIONS = 3
"""That the queue itself uses at most in one worker, besides the one that listens."""

FIRST_RESTART = 0.5
NEVER = 86_400.0
"""Seconds; for what the library does itself and we do otherwise."""


def run_worker(
    config: Config,
    tasks: Sequence[Task],
    *,
    concurrency: int,
    ready: Callable[[], None] | None = None,
    timing: Timing | None = None,
) -> int:
    """Runs up to `concurrency` jobs of `tasks` at a time until SIGTERM or SIGINT; returns the exit code, 0.

    `config.database_url` must be set. `ready` is called once, when the worker is known to the others. On a signal the
    jobs have `timing.grace` seconds to finish and are handed back after that. Call it from the main thread.
    """

    async def until_signalled() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await supervise(config, tasks, concurrency=concurrency, stop=stop, ready=ready, timing=timing)

    asyncio.run(until_signalled())
    return 0


async def supervise(
    config: Config,
    tasks: Sequence[Task],
    *,
    concurrency: int,
    stop: asyncio.Event,
    ready: Callable[[], None] | None = None,
    timing: Timing | None = None,
) -> None:
    """Like `run_worker`, in a loop that is there already, until `stop` is set."""
    database = Database(_roomy(config, concurrency))
    try:
        await _Supervisor(config, tasks, concurrency, database, ready, timing or Timing()).run(stop)
    finally:
        database.dispose()


def _roomy(config: Config, concurrency: int) -> Config:
    """So many connections that no job waits for another one's."""
    return dataclasses.replace(config, pool_overflow=max(config.pool_overflow, concurrency - config.pool_size))


class _Supervisor:
    """Starts a worker, and another one whenever it ends by itself."""

    def __init__(
        self,
        config: Config,
        tasks: Sequence[Task],
        concurrency: int,
        database: Database,
        ready: Callable[[], None] | None,
        timing: Timing,
    ) -> None:
        self._config = config
        self._tasks = tasks
        self._concurrency = concurrency
        self._lent = JobContext(database=database, config=config)
        self._ready = ready
        self._timing = timing
        self._pause = FIRST_RESTART
        logging.getLogger("procrastinate.worker").addFilter(_not_said_already)

    async def run(self, stop: asyncio.Event) -> None:
        """Returns once `stop` is set and the worker has ended."""
        while not stop.is_set():
            error: Exception | None = None
            try:
                await self._work(stop)
            except Exception as raised:
                error = raised
            if not stop.is_set():
                _report(error, self._pause)
                await _set_within(self._pause, stop)
                self._pause = min(self._pause * 2, self._timing.longest_restart)

    def _registered(self) -> None:
        log.info("worker ready, %d jobs at a time", self._concurrency)
        self._pause = FIRST_RESTART
        ready, self._ready = self._ready, None
        if ready is not None:
            ready()

    async def _work(self, stop: asyncio.Event) -> None:
        """One worker's life, with signs of life to its very end.

        What runs beside it is told to end by an event: Python 3.11 may lose a cancellation that meets an answer.
        """
        store = Store(connector(self._config, self._timing), self._timing, self._registered)
        worker = self._worker(_app(store, self._tasks, self._lent, self._timing))
        over = asyncio.Event()
        async with worker.app.open_async(), asyncio.TaskGroup() as beside:
            beside.create_task(_every(self._timing.heartbeat, _watch(store, self._timing), over))
            beside.create_task(_every(self._timing.sweep, store.sweep, over))
            stopping = beside.create_task(_stop_on(stop, store, worker))
            try:
                await worker.run()  # type: ignore[no-untyped-call]
            finally:
                over.set()
                stopping.cancel()

    def _worker(self, app: procrastinate.App) -> Worker:
        return Worker(
            app,
            queues=sorted({task.queue for task in self._tasks}),
            concurrency=self._concurrency,
            fetch_job_polling_interval=self._timing.poll,
            abort_job_polling_interval=self._timing.poll,
            shutdown_graceful_timeout=self._timing.grace,
            install_signal_handlers=False,
            update_heartbeat_interval=NEVER,  # the library's ends when a shutdown begins; `_watch` goes on
            stalled_worker_timeout=FORGET_SECONDS,
        )


async def _stop_on(stop: asyncio.Event, store: Store, worker: Worker) -> None:
    await stop.wait()
    store.stopping = True
    worker.stop()  # type: ignore[no-untyped-call]


async def _every(seconds: float, act: Callable[[], Awaitable[None]], over: asyncio.Event) -> None:
    while not over.is_set():
        await act()
        await _set_within(seconds, over)


async def _set_within(seconds: float, event: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


def _watch(store: Store, timing: Timing) -> Callable[[], Awaitable[None]]:
    """Gives a sign of life and looks for workers that give none any more. Holds none of the slots for jobs."""
    pulse = Pulse(timing.stalled_after)

    async def watch() -> None:
        if pulse.beat(time.time(), reached=await store.beat()):
            await store.take_over()

    return watch


def _app(store: Store, tasks: Sequence[Task], lent: JobContext, timing: Timing) -> procrastinate.App:
    app = procrastinate.App(connector=store.connector)
    app.job_manager = store
    for task in tasks:
        add_task(app, task, lent, timing)
    return app


def connector(config: Config, timing: Timing) -> procrastinate.PsycopgConnector:
    """The queue's own way to the database, still closed."""
    assert config.database_url is not None
    url = make_url(config.database_url)
    _, arguments = url.get_dialect()().create_connect_args(url)
    arguments = {
        **arguments,
        "application_name": "mealplanner-queue",
        "connect_timeout": CONNECT_SECONDS,
        **TCP_LIMITS,
        "prepare_threshold": None,  # a prepared statement may not outlive the transaction behind PgBouncer
    }
    return procrastinate.PsycopgConnector(
        kwargs=arguments,
        min_size=0,  # opened when needed, so that a worker may start before its database
        max_size=CONNECTIONS,
        timeout=timing.connect,
        reconnect_timeout=timing.connect,
    )


def _report(error: BaseException | None, pause: float) -> None:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if error is not None and is_outage(error):
        log.warning("the database is away; the worker starts again in %.1f s", pause)
    else:
        log.error("the worker ended and starts again in %.1f s", pause, exc_info=error)


def _not_said_already(record: logging.LogRecord) -> bool:
    """Drops the library's report of a job that failed: the attempt has logged it, with its request id."""
    return getattr(record, "action", None) != "job_error"
