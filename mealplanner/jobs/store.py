"""The worker's side of the queue: the library's job manager, made to outlast an outage of the database.

The library's worker stops at the first statement that does not reach the database. The overrides here answer as if
there were nothing to do until it is back, and end a job only if it still belongs to this worker (see `ownership`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager, NotificationCallback

from mealplanner.db.failures import sqlstate
from mealplanner.jobs import ownership
from mealplanner.jobs.outages import Trouble, trouble
from mealplanner.jobs.timing import Timing

log = logging.getLogger(__name__)
T = TypeVar("T")

FORGET_SECONDS = 3600
"""Dead workers are forgotten after this many seconds; their jobs go to others much earlier."""


class Store(JobManager):
    """The queue as one worker sees it. `registered` is called once other workers can see this one."""

    def __init__(self, connector: PsycopgConnector, timing: Timing, registered: Callable[[], None]) -> None:
        super().__init__(connector)
        self._postgres = connector
        self._timing = timing
        self._registered = registered
        self.worker_id: int | None = None
        self._held: set[int | None] = set()
        """The ids of the jobs that this worker knows to be its own."""
        self._unsure = False
        """Whether the database may have assigned this worker a job in an answer that never arrived."""
        self._away = False
        self.stopping = False

    # Called by the library's worker -----------------------------------------------------------------------------

    async def register_worker(self) -> int:
        """Register this worker and return its id."""
        self.worker_id = await super().register_worker()
        self._registered()
        return self.worker_id

    async def unregister_worker(self, worker_id: int) -> None:
        """Remove this worker; without a database, others forget it after `FORGET_SECONDS`."""
        await self._unless_away(super().unregister_worker(worker_id))

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Return the next job, or None during an outage."""
        try:
            if self._unsure:
                await self._return_unseen(worker_id)
            job = await super().fetch_job(queues, worker_id)
        except ConnectorException as error:
            self._unsure = self._unsure or _passes(error) is Trouble.AWAY
            return None
        if job is not None:
            self._held.add(job.id)
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
        while True:
            await self._unless_away(super().listen_for_jobs(on_notification=on_notification, queues=queues))
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

    async def sweep(self) -> None:
        """Delete jobs that ended long ago, and forget workers that died long ago."""
        finished, failed = self._timing.keep_finished_hours, self._timing.keep_failed_hours
        await self._unless_away(self.delete_old_jobs(finished, include_cancelled=True, include_aborted=True))
        await self._unless_away(self.delete_old_jobs(failed, include_failed=True))
        await self._unless_away(self.prune_stalled_workers(FORGET_SECONDS))

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
        self._held.discard(job.id)

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
