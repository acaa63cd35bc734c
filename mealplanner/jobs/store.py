"""The worker's side of the queue: the library's own job manager, made to outlive an outage and to fence its jobs.

The library's worker stops at the first statement that does not reach the database, and lets a worker that was taken
for dead end a job that another one has taken over since. Both are mended here, in overrides of public methods.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any, LiteralString, TypeVar

import psycopg
from procrastinate import PsycopgConnector, sql
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager, NotificationCallback

from mealplanner.jobs.timing import Timing

log = logging.getLogger(__name__)
T = TypeVar("T")

_AWAY = (psycopg.OperationalError, psycopg.InterfaceError)

_OWNED = """
    SELECT FROM procrastinate_jobs
    WHERE id = %(job_id)s AND status = 'doing' AND attempts = %(attempts)s
        AND (worker_id = %(worker_id)s OR worker_id IS NULL)
    FOR UPDATE
"""
"""Whether an attempt is still its worker's own; a worker that was forgotten keeps what nobody has taken over."""

_UNCOUNT = "UPDATE procrastinate_jobs SET attempts = attempts - 1 WHERE id = %(job_id)s AND status = 'todo'"

FORGET_SECONDS = 3600
"""Dead workers are forgotten after this long; their jobs are taken over much earlier."""

_AT_ONCE = {"retry_at": None, "new_priority": None, "new_queue_name": None, "new_lock": None}


def is_outage(error: BaseException) -> bool:
    """Whether `error` says that the database is away, rather than that a statement was wrong."""
    cause = error.__cause__ if isinstance(error, ConnectorException) else error
    return isinstance(cause, _AWAY)


class Store(JobManager):
    """Which jobs there are and what becomes of them. `registered` is called once the others know of this worker."""

    def __init__(self, connector: PsycopgConnector, timing: Timing, registered: Callable[[], None]) -> None:
        super().__init__(connector)
        self._postgres = connector
        self._timing = timing
        self._registered = registered
        self.worker_id: int | None = None
        self._held: set[int | None] = set()
        self._unsure = False
        self._away = False
        self.stopping = False

    # What the library's worker calls ----------------------------------------------------------------------------

    async def register_worker(self) -> int:
        """Adds this worker to the others."""
        self.worker_id = await super().register_worker()
        self._registered()
        return self.worker_id

    async def unregister_worker(self, worker_id: int) -> None:
        """Takes this worker from the others; without a database it is forgotten in time."""
        await self._unless_away(super().unregister_worker(worker_id))

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The next job, None during an outage."""
        try:
            if self._unsure:
                await self._return_unseen(worker_id)
            job = await super().fetch_job(queues, worker_id)
        except ConnectorException as error:
            if not is_outage(error):
                raise
            self._unsure = True
            return None
        if job is not None:
            self._held.add(job.id)
        return job

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Ends `job`, if it is still ours; waits for a database that is away."""
        end = {"status": status.value, "delete_job": delete_job}
        await self._settle(job, lambda: self._if_owned(job, [sql.queries["finish_job"]], end))

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Puts `job` back for `retry_at`, if it is still ours. Without a time it goes back at once and uncounted."""
        steps = [sql.queries["retry_job"]] if retry_at else [sql.queries["retry_job"], _UNCOUNT]
        values = {"retry_at": retry_at, "new_priority": priority, "new_queue_name": queue, "new_lock": lock}
        await self._settle(job, lambda: self._if_owned(job, steps, values))

    async def list_jobs_to_abort_async(self, queue: str | None = None) -> Iterable[int]:
        """The ids of running jobs that were cancelled, none during an outage."""
        return await self._unless_away(super().list_jobs_to_abort_async(queue)) or []

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Listens for ever, again after each outage; looking from time to time covers what was said meanwhile."""
        while True:
            await self._unless_away(super().listen_for_jobs(on_notification=on_notification, queues=queues))
            await asyncio.sleep(self._timing.poll)

    # What the supervisor calls ----------------------------------------------------------------------------------

    async def beat(self) -> bool:
        """Gives a sign of life; whether it reached the database."""
        if self.worker_id is None:
            return False
        try:
            await self.update_heartbeat(self.worker_id)
        except ConnectorException as error:
            if not is_outage(error):
                raise
            self._note(away=True)
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
        """Puts the jobs of dead workers back into the queue; the attempts that died with them count."""
        jobs = await self._unless_away(self.get_stalled_jobs(seconds_since_heartbeat=self._timing.stalled_after))
        for job in jobs or []:
            log.warning("the worker of %s died; the job goes back to the queue", job.task_name)
            await self._unless_away(self.put_back(job))

    async def put_back(self, job: Job) -> None:
        """Puts `job` back at once, if this attempt at it is still the one that died; it counts."""
        await self._if_owned(job, [sql.queries["retry_job"]], _AT_ONCE)

    async def sweep(self) -> None:
        """Deletes jobs that ended long ago, and forgets workers that died long ago."""
        finished, failed = self._timing.keep_finished_hours, self._timing.keep_failed_hours
        await self._unless_away(self.delete_old_jobs(finished, include_cancelled=True, include_aborted=True))
        await self._unless_away(self.delete_old_jobs(failed, include_failed=True))
        await self._unless_away(self.prune_stalled_workers(FORGET_SECONDS))

    # How ----------------------------------------------------------------------------------------------------------

    async def _if_owned(self, job: Job, steps: list[LiteralString], values: dict[str, Any]) -> None:
        """Carries out `steps` in one transaction if nobody has taken over this attempt at `job`."""
        values = {"job_id": job.id, "attempts": job.attempts, "worker_id": job.worker_id, **values}
        async with self._postgres.pool.connection() as connection:
            if (await connection.execute(_OWNED, values)).rowcount == 0:
                log.warning("%s ended here but is not this worker's any more", job.task_name)
                return
            for step in steps:
                await connection.execute(step, values)

    async def _settle(self, job: Job, act: Callable[[], Awaitable[None]]) -> None:
        """Keeps trying until the database is back: an end that gets lost would be an attempt that died."""
        while True:
            try:
                await act()
                break
            except _AWAY as error:
                if self.stopping:
                    log.warning("%s stays behind, for others to take over: %s", job.task_name, error)
                    break
                await asyncio.sleep(self._timing.poll)
        self._held.discard(job.id)

    async def _return_unseen(self, worker_id: int) -> None:
        """Puts back what was given to this worker by answers that were lost in an outage."""
        for job in await self.list_jobs_async(status="doing", worker_id=worker_id):
            if job.id not in self._held:
                await self.retry_job(job)
        self._unsure = False

    @staticmethod
    async def _unless_away(answer: Awaitable[T]) -> T | None:
        """What `answer` brings, None during an outage."""
        try:
            return await answer
        except (ConnectorException, *_AWAY) as error:
            if not is_outage(error):
                raise
            return None
