"""Which worker's attempt a job belongs to: the one thing that Procrastinate's public interface does not ask.

Its worker may end a job that was taken from it meanwhile, because it was taken for dead, and given to another. The
statements here read and lock the row of the job first, and are all that relies on the library's tables. setup.cfg pins
the minor version that they were written for, and `tests/jobs/test_ownership.py` fails when one of them is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, LiteralString

import psycopg
from procrastinate import sql
from procrastinate.jobs import Job, Status
from sqlalchemy.orm import Session

from mealplanner.jobs import fairness

OWNED: Final[LiteralString] = """
    SELECT id FROM procrastinate_jobs
    WHERE id = %(job_id)s AND status = 'doing' AND attempts = %(attempts)s
        AND (worker_id = %(worker_id)s OR worker_id IS NULL)
    FOR UPDATE
"""
"""A row if the attempt is still its worker's own. A worker that was forgotten keeps what no other has taken."""

UNCOUNT: Final[LiteralString] = (
    "UPDATE procrastinate_jobs SET attempts = attempts - 1 WHERE id = %(job_id)s AND status = 'todo'"
)
"""The library counts every attempt, also one that a worker hands back because it stops."""


def owns(session: Session, job: Job) -> bool:
    """Return whether this attempt at `job` is still its worker's own; if so, it stays so until the transaction ends."""
    return session.connection().exec_driver_sql(OWNED, _attempt(job)).first() is not None


async def finish(connection: psycopg.AsyncConnection[Any], job: Job, status: Status, *, delete_job: bool) -> bool:
    """End `job`. Return whether it was still its worker's own; if not, nothing is done."""
    steps = [sql.queries["finish_job"], fairness.PROMOTE]
    return await _if_owned(connection, job, steps, status=status.value, delete_job=delete_job)


async def put_back(
    connection: psycopg.AsyncConnection[Any],
    job: Job,
    *,
    retry_at: datetime | None,
    counted: bool,
    priority: int | None = None,
    queue: str | None = None,
    lock: str | None = None,
) -> bool:
    """Return `job` to the queue for `retry_at`, or at once. Return whether it was still its worker's own."""
    steps = [sql.queries["retry_job"], *([] if counted else [UNCOUNT])]
    values = {"retry_at": retry_at, "new_priority": priority, "new_queue_name": queue, "new_lock": lock}
    return await _if_owned(connection, job, steps, **values)


async def _if_owned(
    connection: psycopg.AsyncConnection[Any], job: Job, steps: Sequence[LiteralString], **values: Any
) -> bool:
    attempt = _attempt(job)
    async with connection.transaction():
        if (await connection.execute(OWNED, attempt)).rowcount == 0:
            return False
        for step in steps:
            await connection.execute(step, {**attempt, **values})
    return True


def _attempt(job: Job) -> dict[str, Any]:
    return {"job_id": job.id, "attempts": job.attempts, "worker_id": job.worker_id}
