"""A job belongs to the transaction that enqueues or cancels it, on both sides of USE_NEW_CONNECTION_HANDLING."""

from __future__ import annotations

import pytest
from procrastinate.exceptions import AppNotOpen
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from mealplanner.errors import Unavailable
from mealplanner.jobs import queue
from mealplanner.jobs.queue import cancel, enqueue
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.storage.database import Database
from mealplanner.telemetry.scope import Scope, scoped
from tests.jobs.workers import jobs

pytestmark = pytest.mark.sides("pooled", "direct")


def never(context: JobContext, **arguments: object) -> None:
    """Fail to run: there is no worker here."""


TASK = Task(name="kitchen.boil", queue="kitchen", run=never)


def test_a_job_appears_with_the_commit(database: Database, engine: Engine) -> None:
    """It is not visible before the rows that it serves."""
    with database.unit_of_work() as unit:
        enqueue(unit.session, TASK, eggs=3)
        assert jobs(engine) == []
        unit.commit()
    assert jobs(engine) == [("todo",)]


def test_a_job_vanishes_with_the_rollback(database: Database, engine: Engine) -> None:
    """A request that fails leaves no job behind."""
    with database.unit_of_work() as unit:
        enqueue(unit.session, TASK)
        unit.rollback()
    assert jobs(engine) == []


def test_a_job_goes_with_its_savepoint(database: Database, engine: Engine) -> None:
    """Rolling a savepoint back removes its job and nothing else."""
    with database.unit_of_work() as unit:
        enqueue(unit.session, TASK, eggs=1)
        with pytest.raises(RuntimeError), unit.session.begin_nested():
            enqueue(unit.session, TASK, eggs=2)
            raise RuntimeError
        unit.commit()
    assert jobs(engine, "args -> 'arguments'") == [({"eggs": 1},)]


def test_a_job_counts_as_a_write(database: Database) -> None:
    """A GET that enqueues is caught, like a GET that writes."""
    with database.unit_of_work() as unit:
        enqueue(unit.session, TASK)
        assert unit.to_lose() is not None


def test_a_job_carries_its_task_lock_and_request(database: Database, engine: Engine) -> None:
    """The worker finds all that it needs in the job itself."""
    with scoped(Scope("menu.create", "request-42")):
        number = database.run(lambda session: enqueue(session, TASK, lock="pan", request_id="mine", eggs=3))
    [(identifier, task, name, lock, arguments)] = jobs(engine, "id, task_name, queue_name, lock, args")
    assert (identifier, task, name, lock) == (number, "kitchen.boil", "kitchen", "pan")
    assert arguments == {"request_id": "request-42", "arguments": {"request_id": "mine", "eggs": 3}}


def test_a_waiting_job_is_cancelled_with_the_commit(database: Database, engine: Engine) -> None:
    """Until then others still see it waiting."""
    number = database.run(lambda session: enqueue(session, TASK))
    with database.unit_of_work() as unit:
        cancel(unit.session, number)
        assert jobs(engine) == [("todo",)]
        unit.commit()
    assert jobs(engine) == [("cancelled",)]


def test_a_cancellation_is_taken_back_by_the_rollback(database: Database, engine: Engine) -> None:
    """A request that fails has cancelled nothing."""
    number = database.run(lambda session: enqueue(session, TASK))
    with database.unit_of_work() as unit:
        cancel(unit.session, number)
        unit.rollback()
    assert jobs(engine) == [("todo",)]


def test_a_running_job_is_asked_to_end(database: Database, engine: Engine) -> None:
    """Its worker is told, and decides when."""
    number = database.run(lambda session: enqueue(session, TASK))
    with engine.begin() as connection:
        connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
    database.run(lambda session: cancel(session, number))
    assert jobs(engine, "status, abort_requested") == [("doing", True)]


@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_a_job_that_has_ended_cannot_be_cancelled(database: Database, engine: Engine, status: str) -> None:
    """Cancelling too late is no error and changes nothing."""
    number = database.run(lambda session: enqueue(session, TASK))
    with engine.begin() as connection:
        connection.execute(text("UPDATE procrastinate_jobs SET status = :status"), {"status": status})
    database.run(lambda session: cancel(session, number))
    assert jobs(engine) == [(status,)]


def test_arguments_must_be_json(database: Database) -> None:
    """The caller gets the error, rather than a worker later."""
    with pytest.raises(TypeError, match="not JSON serializable"):
        database.run(lambda session: enqueue(session, TASK, eggs={object()}))


@pytest.mark.parametrize("act", [lambda session: enqueue(session, TASK), lambda session: cancel(session, 1)])
def test_a_lost_connection_is_the_domain_error_it_always_is(database: Database, admin: Engine, act: object) -> None:
    """The queue's own exceptions do not escape."""

    def lose_connection(session: Session) -> None:
        own = session.scalar(text("SELECT pg_backend_pid()"))
        with admin.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": own})
        act(session)  # type: ignore[operator]

    with pytest.raises(Unavailable):
        database.run(lose_connection)


def test_the_queue_never_opens_a_connection_of_its_own(database: Database) -> None:
    """A second connection beside the session's would starve the pool and split the transaction."""
    database.run(lambda session: cancel(session, enqueue(session, TASK)))
    with pytest.raises(AppNotOpen):
        _ = queue._queue.connector.pool  # type: ignore[attr-defined]
