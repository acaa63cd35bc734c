"""The worker: takes jobs from the queue and runs them, through outages and restarts of the database, until stopped."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import procrastinate
from procrastinate.worker import Worker
from sqlalchemy.engine import make_url

from mealplanner.config import Config
from mealplanner.db.database import Database
from mealplanner.jobs.performing import add_task
from mealplanner.jobs.store import FORGET_SECONDS, Store, is_outage
from mealplanner.jobs.tasks import Task
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
        self._database = database
        self._ready = ready
        self._timing = timing
        self._pause = FIRST_RESTART
        logging.getLogger("procrastinate.worker").addFilter(_not_said_already)

    async def run(self, stop: asyncio.Event) -> None:
        """Returns once `stop` is set and the worker has ended."""
        while not stop.is_set():
            store = Store(connector(self._config, self._timing), self._timing, self._registered)
            work = asyncio.create_task(self._work(store))
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if stop.is_set():
                store.stopping = True
                work.cancel()
            await asyncio.wait({work})
            if not stop.is_set():
                _report(work, self._pause)
                await self._wait(stop)

    async def _wait(self, stop: asyncio.Event) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), self._pause)
        self._pause = min(self._pause * 2, self._timing.longest_restart)

    def _registered(self) -> None:
        log.info("worker ready, %d jobs at a time", self._concurrency)
        self._pause = FIRST_RESTART
        ready, self._ready = self._ready, None
        if ready is not None:
            ready()

    async def _work(self, store: Store) -> None:
        """One worker's life. Cancelling it makes the worker stop gracefully, with signs of life to the end."""
        opened = _app(store, self._tasks, self._database, self._timing).open_async()
        async with opened as app, asyncio.TaskGroup() as chores:
            beside = [chores.create_task(chore(store, self._timing)) for chore in (_keep_watch, _keep_tidy)]
            await self._worker(app).run()  # type: ignore[no-untyped-call]
            for chore in beside:
                chore.cancel()

    def _worker(self, app: procrastinate.App) -> Worker:
        return Worker(
            app,
            queues=sorted({task.queue for task in self._tasks}),
            concurrency=self._concurrency,
            fetch_job_polling_interval=self._timing.poll,
            abort_job_polling_interval=self._timing.poll,
            shutdown_graceful_timeout=self._timing.grace,
            install_signal_handlers=False,
            update_heartbeat_interval=NEVER,  # the library's ends when a shutdown begins; `_keep_watch` goes on
            stalled_worker_timeout=FORGET_SECONDS,
        )


async def _keep_watch(store: Store, timing: Timing) -> None:
    """Gives signs of life and looks for workers that give none any more. Holds none of the slots for jobs."""
    pulse = Pulse(timing.stalled_after)
    while True:
        if pulse.beat(time.time(), reached=await store.beat()):
            await store.take_over()
        await asyncio.sleep(timing.heartbeat)


async def _keep_tidy(store: Store, timing: Timing) -> None:
    while True:
        await asyncio.sleep(timing.sweep)
        await store.sweep()


def _app(store: Store, tasks: Sequence[Task], database: Database, timing: Timing) -> procrastinate.App:
    app = procrastinate.App(connector=store.connector)
    app.job_manager = store
    for task in tasks:
        add_task(app, task, database, timing)
    return app


def connector(config: Config, timing: Timing) -> procrastinate.PsycopgConnector:
    """The queue's own way to the database, still closed."""
    assert config.database_url is not None
    url = make_url(config.database_url)
    _, arguments = url.get_dialect()().create_connect_args(url)
    arguments = {
        **arguments,
        "application_name": "mealplanner-queue",
        "connect_timeout": 5,
        "prepare_threshold": None,  # a prepared statement may not outlive the transaction behind PgBouncer
    }
    return procrastinate.PsycopgConnector(
        kwargs=arguments,
        min_size=0,  # opened when needed, so that a worker may start before its database
        max_size=CONNECTIONS,
        timeout=timing.connect,
        reconnect_timeout=timing.connect,
    )


def _report(work: asyncio.Task[None], pause: float) -> None:
    error = work.exception()
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if error is not None and is_outage(error):
        log.warning("the database is away; the worker starts again in %.1f s", pause)
    else:
        log.error("the worker ended and starts again in %.1f s", pause, exc_info=error)


def _not_said_already(record: logging.LogRecord) -> bool:
    """Drops the library's report of a job that failed: the attempt has logged it, with its request id."""
    return getattr(record, "action", None) != "job_error"
