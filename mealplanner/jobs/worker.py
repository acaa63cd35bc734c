"""The worker takes jobs from the queue and runs them until it is stopped, through outages of the database."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial

import procrastinate
from procrastinate.worker import Worker
from sqlalchemy.engine import make_url

from mealplanner.config import Config
from mealplanner.db.limits import CONNECT_SECONDS, TCP_LIMITS
from mealplanner.errors import Unavailable
from mealplanner.jobs import chores
from mealplanner.jobs.computing import Computing
from mealplanner.jobs.lanes import lane_of
from mealplanner.jobs.outages import is_outage
from mealplanner.jobs.performing import add_task
from mealplanner.jobs.store import Store
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.jobs.timing import Pulse, Timing
from mealplanner.storage.database import Database
from mealplanner.storage.migrations import newest_revision, schema_state
from mealplanner.telemetry.scope import Scope, scoped

log = logging.getLogger(__name__)

CONNECTIONS = 3
"""The most that the queue itself uses in one worker, besides the one that listens."""

FIRST_RESTART = 0.5
NEVER = 86_400.0
"""Seconds; for what the library offers and we do differently."""


def run_worker(
    config: Config,
    tasks: Sequence[Task],
    *,
    slots: Mapping[str, int],
    computing: int = 1,
    ready: Callable[[], None] | None = None,
    timing: Timing | None = None,
) -> int:
    """Run jobs of `tasks`, up to `slots` of each queue at a time, until SIGTERM or SIGINT; return the exit code, 0.

    Up to `computing` of them compute at the same time, which takes so many processes.

    `config.database_url` must be set. `ready` is called once, when other workers can see this one. After a signal, jobs
    have `timing.grace` seconds to finish before they are handed back. Call this from the main thread.
    """

    async def until_signalled() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await supervise(config, tasks, slots=slots, computing=computing, stop=stop, ready=ready, timing=timing)

    asyncio.run(until_signalled())
    return 0


async def supervise(
    config: Config,
    tasks: Sequence[Task],
    *,
    slots: Mapping[str, int],
    computing: int = 1,
    stop: asyncio.Event,
    ready: Callable[[], None] | None = None,
    timing: Timing | None = None,
) -> None:
    """Do the same in an event loop that is already running, until `stop` is set."""
    database, computers = Database(_roomy(config, slots)), Computing(computing)
    lent = JobContext(database=database, config=config, computing=computers)
    try:
        await _Supervisor(config, tasks, slots, lent, ready, timing or Timing()).run(stop)
    finally:
        computers.close()
        database.dispose()


def _roomy(config: Config, slots: Mapping[str, int]) -> Config:
    """Return `config` with enough connections that no job waits for another's."""
    at_once = sum(slots.values())
    return dataclasses.replace(config, pool_overflow=max(config.pool_overflow, at_once - config.pool_size))


class SchemaBehind(Exception):
    """The database has not been migrated to what this program needs."""


class _Supervisor:
    """Runs a worker, and starts another one whenever it ends unexpectedly."""

    def __init__(
        self,
        config: Config,
        tasks: Sequence[Task],
        slots: Mapping[str, int],
        lent: JobContext,
        ready: Callable[[], None] | None,
        timing: Timing,
    ) -> None:
        self._config = config
        self._tasks = tasks
        self._slots = slots
        self._chores = [task for task in tasks if task.every is not None and task.queue in slots]
        self._lent = lent
        self._ready = ready
        self._timing = timing
        self._pause = FIRST_RESTART
        self._behind = False
        logging.getLogger("procrastinate.worker").addFilter(_not_said_already)

    async def run(self, stop: asyncio.Event) -> None:
        """Return once `stop` is set and the worker has ended."""
        while not stop.is_set():
            error: Exception | None = None
            try:
                await self._work(stop)
            except Exception as raised:
                error = raised
            if not stop.is_set():
                self._report(error)
                await _set_within(self._pause, stop)
                self._pause = min(self._pause * 2, self._timing.longest_restart)

    def _report(self, error: Exception | None) -> None:
        if isinstance(error, SchemaBehind):
            if not self._behind:
                revision = newest_revision()
                log.warning("waiting for the database to be at revision %s: run `mealplanner migrate`", revision)
            self._behind = True
        else:
            _report(error, self._pause)

    def _registered(self) -> None:
        lanes = ", ".join(f"{lane_of(queue)} {at_once}" for queue, at_once in self._slots.items())
        log.info("worker ready; jobs at a time: %s", lanes)
        self._pause = FIRST_RESTART
        ready, self._ready = self._ready, None
        if ready is not None:
            ready()

    async def _work(self, stop: asyncio.Event) -> None:
        """Run one worker, with heartbeats to its very end.

        What runs beside it ends by an event: Python 3.11 may lose a cancellation that coincides with a result.
        """
        await asyncio.to_thread(self._require_schema)
        store = Store(connector(self._config, self._timing), self._timing, self._slots, self._registered)
        worker = self._worker(_app(store, self._tasks, self._lent, self._timing))
        over = asyncio.Event()
        async with worker.app.open_async(), asyncio.TaskGroup() as beside:
            beside.create_task(_every(self._timing.heartbeat, _watch(store, self._timing), over))
            beside.create_task(_every(self._timing.figures, store.report_figures, over))
            beside.create_task(_every(self._timing.chores, self._ask_for_chores, over))
            stopping = beside.create_task(_stop_on(stop, store, worker))
            try:
                await worker.run()
            finally:
                over.set()
                stopping.cancel()

    async def _ask_for_chores(self) -> None:
        """Enqueue the housekeeping that is due; without a database, it stays due."""
        with scoped(Scope("queue.chores")), suppress(Unavailable):
            await asyncio.to_thread(self._lent.database.run, partial(chores.ask, tasks=self._chores))

    def _require_schema(self) -> None:
        """Raise `SchemaBehind` until the database has been migrated."""
        if not self._lent.database.run(lambda session: schema_state(session.connection()).usable):
            raise SchemaBehind

    def _worker(self, app: procrastinate.App) -> Worker:
        return Worker(
            app,
            queues=list(self._slots),
            concurrency=sum(self._slots.values()),
            fetch_job_polling_interval=self._timing.poll,
            abort_job_polling_interval=self._timing.poll,
            shutdown_graceful_timeout=self._timing.grace,
            install_signal_handlers=False,
            update_heartbeat_interval=NEVER,  # the library's heartbeat ends when a shutdown begins; `_watch` continues
            stalled_worker_timeout=NEVER,  # the sweep forgets dead workers
        )


async def _stop_on(stop: asyncio.Event, store: Store, worker: Worker) -> None:
    await stop.wait()
    store.stopping = True
    worker.stop()


async def _every(seconds: float, act: Callable[[], Awaitable[None]], over: asyncio.Event) -> None:
    while not over.is_set():
        await act()
        await _set_within(seconds, over)


async def _set_within(seconds: float, event: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


def _watch(store: Store, timing: Timing) -> Callable[[], Awaitable[None]]:
    """Return a function that sends a heartbeat and takes over from dead workers. It occupies no slot for jobs."""
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
    """Return the queue's own pool of connections, not opened yet."""
    assert config.database_url is not None
    url = make_url(config.database_url)
    _, arguments = url.get_dialect()().create_connect_args(url)
    arguments = {
        **arguments,
        "application_name": "mealplanner-queue",
        "connect_timeout": CONNECT_SECONDS,
        **TCP_LIMITS,
        "prepare_threshold": None,  # behind PgBouncer, prepared statements do not outlive the transaction
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
    if isinstance(error, Unavailable) or (error is not None and is_outage(error)):
        log.warning("the database does not answer; the worker restarts in %.1f s: %s", pause, error.__cause__ or error)
    else:
        log.error("the worker ended unexpectedly and restarts in %.1f s", pause, exc_info=error)


def _not_said_already(record: logging.LogRecord) -> bool:
    """Drop the library's report of a failed job, which the attempt has already logged with its request id."""
    return getattr(record, "action", None) != "job_error"
