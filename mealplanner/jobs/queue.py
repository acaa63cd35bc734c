"""Enqueueing and cancelling, in the caller's own transaction: the job exists exactly if what it serves does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from procrastinate import SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from sqlalchemy import text
from sqlalchemy.orm import Session

from mealplanner.errors import Unavailable
from mealplanner.jobs.tasks import Task
from mealplanner.scope import current_scope

_queue = JobManager(SyncPsycopgConnector())
"""Never opened: every call below brings the connection of its session."""


def enqueue(session: Session, task: Task, *, lock: str | None = None, **arguments: Any) -> int:
    """Adds a job for `task` and returns its id; a worker starts it as soon as the transaction of `session` commits.

    `arguments` are JSON values. Of the jobs that share a `lock` one runs at a time, in the order of their coming. The
    job inherits the request id of the current scope. Raises `Unavailable` when the database is away.
    """
    arguments = {"request_id": current_scope().request_id, "arguments": arguments}
    job = Job(task_name=task.name, queue=task.queue, lock=lock, queueing_lock=None, task_kwargs=arguments)
    with _domain_errors():
        identifier = _queue.defer_job(job, connection=_driver_connection(session)).id
    assert identifier is not None
    return identifier


def cancel(session: Session, job_id: int) -> None:
    """Cancels a job when the transaction of `session` commits; does nothing if the job has ended already.

    One that waits never starts; one that runs gets `JobCancelled` from its next `check()`.
    """
    with _domain_errors():
        _queue.cancel_job_by_id(job_id, abort=True, connection=_driver_connection(session))


def cancel_locked(session: Session, lock: str) -> None:
    """Cancels every job with this `lock`, like `cancel`."""
    unfinished = text("SELECT id FROM procrastinate_jobs WHERE lock = :lock AND status IN ('todo', 'doing')")
    for job_id in session.scalars(unfinished, {"lock": lock}).all():
        cancel(session, job_id)


def _driver_connection(session: Session) -> psycopg.Connection[Any]:
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection


@contextmanager
def _domain_errors() -> Iterator[None]:
    try:
        yield
    except ConnectorException as error:
        if isinstance(error.__cause__, psycopg.OperationalError):
            raise Unavailable from error
        raise
