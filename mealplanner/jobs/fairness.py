"""Fairness between people: in each lane they take turns, so one person's many jobs never precede another's first.

The queue takes the job with the highest priority first. A person's first job in a lane gets minus the next number of
the sequence `job_turns` when it becomes the first: when it is enqueued, or when the one before has ended. The person's
other jobs wait behind all of these, and run while no other person waits.
"""

from __future__ import annotations

import uuid
from typing import Final, LiteralString

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from mealplanner.jobs.models import JobPerson

BEHIND: Final = -2_000_000_000
"""The priority of a second job, which is below that of two billion first ones; a third one's is one less."""

_PRIORITY: Final = text(f"""
    SELECT CASE count(*) WHEN 0 THEN -nextval('job_turns')
        ELSE {BEHIND + 1} - count(*) END
    FROM job_people JOIN procrastinate_jobs AS job ON job.id = job_people.job_id
    WHERE job_people.user_id = :user_id AND job.queue_name = :queue AND job.status IN ('todo', 'doing')
""")  # nosec B608

PROMOTE: Final[LiteralString] = """
    UPDATE procrastinate_jobs SET priority = -nextval('job_turns')
    WHERE status = 'todo' AND priority <= -2000000000 AND id = (
        SELECT job.id FROM procrastinate_jobs AS ended
        JOIN job_people AS mine ON mine.job_id = ended.id
        JOIN job_people AS other ON other.user_id = mine.user_id
        JOIN procrastinate_jobs AS job ON job.id = other.job_id AND job.queue_name = ended.queue_name
        WHERE ended.id = %(job_id)s AND job.status IN ('todo', 'doing')
        ORDER BY job.status = 'todo', job.id LIMIT 1
    )
"""
"""Make another job of the same person the first, once a job has ended and none of theirs is running in the lane."""


def priority(session: Session, person: uuid.UUID | None, queue: str) -> int:
    """Return the priority of another job of this person; one that is for no person counts as a first."""
    found: int = session.scalars(_PRIORITY, {"user_id": person, "queue": queue}).one()
    return found


def note(session: Session, job_id: int, person: uuid.UUID) -> None:
    """Store whom a job is for."""
    session.execute(insert(JobPerson).values(job_id=job_id, user_id=person))


def promote(session: Session, job_id: int) -> None:
    """Let the next job of the same person move up when the job `job_id` was cancelled before it began."""
    session.connection().exec_driver_sql(PROMOTE, {"job_id": job_id})
