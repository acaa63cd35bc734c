"""Deleting jobs that ended long ago, and workers that died long ago."""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import Integer, bindparam, text
from sqlalchemy.orm import Session

from mealplanner.jobs.lanes import HOUSEKEEPING
from mealplanner.jobs.tasks import JobContext, Task

log = logging.getLogger(__name__)

PAGE: Final = 1000
"""Jobs in one transaction. Written into the statement: a plan for any number would read all events."""

FORGET_SECONDS: Final = 3600
"""Dead workers are forgotten after this many seconds; their jobs go to others much earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long a job is kept after its end."""

    finished: datetime.timedelta = datetime.timedelta(hours=24)
    failed: datetime.timedelta = datetime.timedelta(days=7)
    """Longer, so that an operator can look into it."""


_DELETE_PAGE: Final = text("""
    WITH page AS (
        SELECT id, status FROM procrastinate_jobs WHERE id > :after ORDER BY id LIMIT :page
    ), dated AS (
        SELECT page.id, page.status, min(event.at) AS asked_at, max(event.at) AS ended_at
        FROM page JOIN procrastinate_events AS event ON event.job_id = page.id
        GROUP BY page.id, page.status
    ), deleted AS (
        DELETE FROM procrastinate_jobs AS job USING dated
        WHERE job.id = dated.id AND job.status = dated.status AND (
            dated.status IN ('succeeded', 'cancelled', 'aborted') AND dated.ended_at <= now() - :finished
            OR dated.status = 'failed' AND dated.ended_at <= now() - :failed)
        RETURNING job.id
    ), unnamed AS (
        DELETE FROM job_people USING deleted WHERE job_people.job_id = deleted.id
    )
    SELECT (SELECT max(id) FROM page) AS last, (SELECT count(*) FROM deleted) AS deleted,
        coalesce((SELECT min(asked_at) FROM dated) <= now() - :finished, false) AS more
""").bindparams(bindparam("page", type_=Integer, literal_execute=True))
"""Jobs are numbered as they are enqueued. So the walk begins at the oldest, and ends with the first page on which every
job was enqueued too recently to be deleted: it meets none of the others, however many there are."""

_FORGET: Final = (
    "DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => :seconds)",
    "DELETE FROM queue_workers WHERE NOT EXISTS (SELECT FROM procrastinate_workers WHERE id = worker_id)",
    "DELETE FROM job_people WHERE job_id < (SELECT min(id) FROM procrastinate_jobs)",
)
"""The last for jobs that a worker of the release before has deleted."""


def sweep(context: JobContext, *, retention: Retention | None = None) -> None:
    """Delete in transactions of at most `PAGE` jobs each."""
    last, deleted, more = 0, 0, True
    while more:
        context.check()
        work = partial(_delete_page, after=last, retention=retention or Retention())
        last, found, more = context.database.run(work)
        deleted += found
    context.database.run(_forget_workers)
    log.info("deleted %d jobs that ended long ago", deleted)


def _delete_page(session: Session, *, after: int, retention: Retention) -> tuple[int, int, bool]:
    limits = {"finished": retention.finished, "failed": retention.failed}
    row = session.execute(_DELETE_PAGE, {"after": after, "page": PAGE, **limits}).one()
    return row.last or after, row.deleted, row.more


def _forget_workers(session: Session) -> None:
    for statement in _FORGET:
        session.execute(text(statement), {"seconds": FORGET_SECONDS} if ":seconds" in statement else {})


SWEEP: Final = Task(name="queue.sweep", queue=HOUSEKEEPING.queue, run=sweep, every=3600.0)
