"""Enqueueing and cancelling jobs in the caller's own transaction: a job exists exactly when what it serves does."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from procrastinate import SyncPsycopgConnector, sql
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from sqlalchemy import text
from sqlalchemy.orm import Session

from mealplanner.db.failures import raise_translated
from mealplanner.jobs import fairness
from mealplanner.jobs.lanes import Lane
from mealplanner.jobs.tasks import Task
from mealplanner.storage.failures import translated
from mealplanner.telemetry.scope import current_scope

_FOLLOWED = text("""
    SELECT true FROM procrastinate_jobs AS mine
    JOIN procrastinate_jobs AS later ON later.lock = mine.lock AND later.id > mine.id AND later.status = 'todo'
    WHERE mine.id = :job_id LIMIT 1
""")

_queue = JobManager(SyncPsycopgConnector())
"""Never opened: every call below passes the connection of its session."""


def enqueue(
    session: Session,
    task: Task,
    *,
    person: uuid.UUID | None = None,
    lane: Lane | None = None,
    lock: str | None = None,
    **arguments: Any,
) -> int:
    """Add a job for `task` and return its id; a worker starts it as soon as the transaction of `session` commits.

    `arguments` are JSON values. `person` is the account that waits for the job, whose jobs are taken in turn with those
    of others. `lane` is another than the task's own. Jobs that share a `lock` run one at a time, in the order in which
    they were enqueued. The job inherits the request id of the current scope. Raise a kind of `Unavailable` when the
    database fails.
    """
    queue = task.queue if lane is None else lane.queue
    job = Job(
        task_name=task.name,
        queue=queue,
        priority=fairness.priority(session, person, queue),
        lock=lock,
        queueing_lock=None,
        task_kwargs={"request_id": current_scope().request_id, "arguments": arguments},
    )
    with _domain_errors():
        identifier = _queue.defer_job(job, connection=_driver_connection(session)).id
    assert identifier is not None
    if person is not None:
        fairness.note(session, identifier, person)
    return identifier


def cancel(session: Session, job_id: int) -> None:
    """Cancel a job when the transaction of `session` commits; do nothing if the job has ended already.

    A waiting job never starts; a running one gets `JobCancelled` from its next `check()`.
    """
    with _domain_errors():
        _queue.cancel_job_by_id(job_id, abort=True, connection=_driver_connection(session))
    fairness.promote(session, job_id)


def is_followed(session: Session, job_id: int | None) -> bool:
    """Return whether a later job with the same lock waits for this one to end."""
    return bool(session.scalar(_FOLLOWED, {"job_id": job_id}))


def cancel_locked(session: Session, lock: str) -> None:
    """Cancel every job with this `lock`, like `cancel`."""
    filters = dict.fromkeys(("id", "queue_name", "task_name", "queueing_lock", "worker_id"))
    for status in ("todo", "doing"):
        with _domain_errors():
            found = _queue.connector.execute_query_all_with_connection(
                _driver_connection(session), sql.queries["list_jobs"], **filters, lock=lock, status=status
            )
        for job in found:
            cancel(session, job["id"])


def _driver_connection(session: Session) -> psycopg.Connection[Any]:
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection


@contextmanager
def _domain_errors() -> Iterator[None]:
    try:
        yield
    except ConnectorException as error:
        if error.__cause__ is not None:
            raise_translated(error.__cause__, translated)
        raise
