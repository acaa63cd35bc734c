"""The worker's side of the queue: the library's job manager, made to outlast an outage of the database.

The library's worker stops at the first statement that does not reach the database. The overrides here answer as if
there were nothing to do until it is back, and end a job only if it still belongs to this worker (see `ownership`).
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final, LiteralString, TypeVar

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Notification, Status
from procrastinate.manager import JobManager, NotificationCallback

from mealplanner.db.failures import sqlstate
from mealplanner.jobs import figures, ownership
from mealplanner.jobs.lanes import lane_of
from mealplanner.jobs.outages import Trouble, trouble
from mealplanner.jobs.timing import Timing

log = logging.getLogger(__name__)
T = TypeVar("T")

_INTRODUCE: Final[LiteralString] = """
    INSERT INTO queue_workers (worker_id, host, pid, lanes)
    VALUES (%(worker_id)s, %(host)s, %(pid)s, %(lanes)s::jsonb)
"""
_LEAVE: Final[LiteralString] = "DELETE FROM queue_workers WHERE worker_id = %(worker_id)s"


class Store(JobManager):
    """The queue as one worker sees it, which runs up to `slots` jobs of each queue at a time.

    `registered` is called once other workers can see this one.
    """

    def __init__(
        self,
        connector: PsycopgConnector,
        timing: Timing,
        slots: Mapping[str, int],
        registered: Callable[[], None],
    ) -> None:
        super().__init__(connector)
        self._postgres = connector
        self._timing = timing
        self._slots = slots
        self._registered = registered
        self.worker_id: int | None = None
        self._held: dict[int | None, str] = {}
        """The queues of the jobs that this worker knows to be its own, by their ids."""
        self._wake: NotificationCallback | None = None
        """Makes the library's worker look for jobs."""
        self._news = 0
        """How often there was a reason to look."""
        self._unsure = False
        """Whether the database may have assigned this worker a job in an answer that never arrived."""
        self._away = False
        self.stopping = False

    # Called by the library's worker -----------------------------------------------------------------------------

    async def register_worker(self) -> int:
        """Register this worker and return its id."""
        self.worker_id = await super().register_worker()
        lanes = json.dumps([lane_of(queue) for queue in self._slots])
        me = {"worker_id": self.worker_id, "host": socket.gethostname(), "pid": os.getpid(), "lanes": lanes}
        await self._postgres.execute_query_async(_INTRODUCE, **me)
        self._registered()
        return self.worker_id

    async def unregister_worker(self, worker_id: int) -> None:
        """Remove this worker; without a database, the sweep of another forgets it."""
        await self._unless_away(super().unregister_worker(worker_id))
        await self._unless_away(self._postgres.execute_query_async(_LEAVE, worker_id=worker_id))

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Return the next job of the queues that have a slot free; None if there is none, or during an outage."""
        while True:
            news = self._news
            job = await self._fetch(self._free(queues), worker_id)
            if job is not None or news == self._news:
                return job

    def _free(self, queues: Iterable[str] | None) -> list[str]:
        busy = Counter(self._held.values())
        return [queue for queue in queues or self._slots if busy[queue] < self._slots[queue]]

    async def _fetch(self, queues: list[str], worker_id: int) -> Job | None:
        if not queues:
            return None
        try:
            if self._unsure:
                await self._return_unseen(worker_id)
            job = await super().fetch_job(queues, worker_id)
        except ConnectorException as error:
            self._unsure = self._unsure or _passes(error) is Trouble.AWAY
            return None
        if job is not None:
            self._held[job.id] = job.queue
        return job

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """End `job`, if it still belongs to this worker; wait for a database that is away."""
        await self._end(job, partial(ownership.finish, job=job, status=status, delete_job=delete_job))

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Return `job` to the queue for `retry_at`, if it still belongs to this worker.

        Without a time it goes back at once, and the attempt does not count.
        """
        again = partial(
            ownership.put_back,
            job=job,
            retry_at=retry_at,
            counted=retry_at is not None,
            priority=priority,
            queue=queue,
            lock=lock,
        )
        await self._end(job, again)

    async def list_jobs_to_abort_async(self, queue: str | None = None) -> Iterable[int]:
        """Return the ids of the running jobs that were cancelled; none during an outage."""
        return await self._unless_away(super().list_jobs_to_abort_async(queue)) or []

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Listen until cancelled, and again after each outage; polling finds what was announced meanwhile."""

        async def hear(*, channel: str, notification: Notification) -> None:
            self._news += 1
            await on_notification(channel=channel, notification=notification)

        self._wake = on_notification
        while True:
            await self._unless_away(super().listen_for_jobs(on_notification=hear, queues=queues))
            await asyncio.sleep(self._timing.poll)

    # Called by the supervisor -----------------------------------------------------------------------------------

    async def beat(self) -> bool:
        """Send a heartbeat. Return whether it reached the database."""
        if self.worker_id is None:
            return False
        try:
            await self.update_heartbeat(self.worker_id)
        except ConnectorException as error:
            self._note(away=_passes(error) is Trouble.AWAY)
            return False
        self._note(away=False)
        return True

    def _note(self, *, away: bool) -> None:
        if away and not self._away:
            log.warning("the database is away; running jobs go on, others wait")
        if self._away and not away:
            log.warning("the database is back")
        self._away = away

    async def take_over(self) -> None:
        """Return the jobs of dead workers to the queue; the attempts that died with them count."""
        jobs = await self._unless_away(self.get_stalled_jobs(seconds_since_heartbeat=self._timing.stalled_after))
        for job in jobs or []:
            log.warning("the worker of %s died; the job goes back to the queue", job.task_name)
            await self._unless_away(self.put_back(job))

    async def put_back(self, job: Job) -> None:
        """Return the job of a dead worker to the queue, unless another worker has done so already."""
        async with self._postgres.pool.connection() as connection:
            await ownership.put_back(connection, job, retry_at=None, counted=True)

    async def report_figures(self) -> None:
        """Set the metrics of the queue; during an outage they stay as they are."""
        await self._unless_away(figures.report(self._postgres, stalled_after=self._timing.stalled_after))

    # Outages ----------------------------------------------------------------------------------------------------

    async def _end(self, job: Job, act: Callable[[psycopg.AsyncConnection[Any]], Awaitable[bool]]) -> None:
        """Keep trying until the database is back: an end that is lost would look like an attempt that died."""
        while True:
            try:
                async with self._postgres.pool.connection() as connection:
                    if not await act(connection):
                        log.warning("%s ended here but belongs to another worker by now", job.task_name)
                break
            except psycopg.Error as error:
                _passes(error)
                if self.stopping:
                    log.warning("%s is left for another worker: %s", job.task_name, error)
                    break
                await asyncio.sleep(self._timing.poll)
        self._held.pop(job.id, None)
        await self._look_again(job)

    async def _look_again(self, ended: Job) -> None:
        """Make the library's worker look at once for a job that takes the slot of one that has ended.

        It does so by itself only where all of its slots were taken.
        """
        self._news += 1
        if self._wake is not None and ended.id is not None:
            await self._wake(channel="", notification={"type": "job_inserted", "job_id": ended.id})

    async def _return_unseen(self, worker_id: int) -> None:
        """Return to the queue what was assigned to this worker in answers that never arrived."""
        for job in await self.list_jobs_async(status="doing", worker_id=worker_id):
            if job.id not in self._held:
                await self.retry_job(job)
        self._unsure = False

    @staticmethod
    async def _unless_away(answer: Awaitable[T]) -> T | None:
        """Return what `answer` brings, or None during an outage and other trouble that passes."""
        try:
            return await answer
        except (ConnectorException, psycopg.Error) as error:
            _passes(error)
            return None


def _passes(error: BaseException) -> Trouble:
    """Return the trouble if it passes, and log it; `error` is swallowed then. Raise `error` if it is a mistake."""
    found = trouble(error)
    if found is Trouble.MISTAKE:
        raise error
    cause = error.__cause__ or error
    level = logging.WARNING if found is Trouble.PASSING else logging.INFO  # `_note` warns once of an outage
    log.log(level, "the queue's statement failed and is tried again: %s (%s)", cause, sqlstate(cause))
    return found
