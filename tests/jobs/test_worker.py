"""A worker in normal operation: running, retrying, cancelling and tidying up."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

import pytest
from sqlalchemy import Engine, QueuePool, text

from mealplanner.config import Config
from mealplanner.errors import Invalid
from mealplanner.jobs.queue import cancel
from mealplanner.jobs.tasks import JobContext, Postponed, Task
from mealplanner.storage.database import Database
from mealplanner.storage.migrations import SchemaState
from mealplanner.telemetry.logs import ScopeFilter
from mealplanner.telemetry.scope import Scope, scoped
from tests.jobs.workers import QUICK, StartWorker, Told, hear, jobs, listening, put, until_interrupted
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.sides("pooled", "direct")


def test_a_job_starts_as_soon_as_its_transaction_commits(
    worker: StartWorker, database: Database, admin: Engine, told: Told
) -> None:
    """It gets its arguments by name; the worker is notified and does not wait for its next poll."""

    def run(context: JobContext, *, dish: str, eggs: int) -> None:
        told.put((dish, eggs, context.attempt, context.last_attempt))

    task = Task(name="kitchen.boil", run=run, attempts=2)
    with worker(task, timing=replace(QUICK, poll=PATIENCE * 2)):
        eventually(lambda: listening(admin))
        put(database, task, dish="omelette", eggs=3)
        assert hear(told) == ("omelette", 3, 1, False)


def test_a_worker_waits_for_the_migration(
    worker: StartWorker,
    database: Database,
    told: Told,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It says so once, and takes its jobs as soon as the revision fits."""
    found = iter([SchemaState.MISSING, SchemaState.OLDER, SchemaState.OLDER])
    monkeypatch.setattr("mealplanner.jobs.worker.schema_state", lambda _: next(found, SchemaState.FITTING))
    task = Task(name="kitchen.boil", run=lambda _: told.put("done"))
    put(database, task)
    with worker(task):
        assert hear(told) == "done"
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert ["mealplanner migrate" in record.getMessage() for record in warnings] == [True]


def test_a_finished_job_is_marked(worker: StartWorker, database: Database, engine: Engine, told: Told) -> None:
    """What has succeeded is not run again."""
    task = Task(name="kitchen.boil", run=lambda _: told.put("done"))
    with worker(task):
        put(database, task)
        hear(told)
    assert jobs(engine, "status, attempts") == [("succeeded", 1)]


def test_a_job_runs_in_the_scope_of_the_request_that_enqueued_it(
    worker: StartWorker, database: Database, told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    """Its lines in the log carry the request's id and its own name."""

    def run(_: JobContext) -> None:
        logging.getLogger("mealplanner.test").warning("boiling")
        told.put("done")

    caplog.handler.addFilter(ScopeFilter())
    task = Task(name="kitchen.boil", run=run)
    with worker(task):
        with scoped(Scope("menu.create", "request-42")):
            put(database, task)
        hear(told)
    [line] = [record for record in caplog.records if record.message == "boiling"]
    assert (line.request_id, line.scope) == ("request-42", "kitchen.boil")  # type: ignore[attr-defined]


def test_a_job_leaves_no_connection_behind(worker: StartWorker, database: Database, told: Told) -> None:
    """Even if it forgot to end its unit of work."""

    def run(context: JobContext) -> None:
        unit = context.database.open()
        assert unit.session.scalar(text("SELECT 1")) == 1
        told.put(context.database.engine().pool)

    task = Task(name="kitchen.boil", run=run)
    with worker(task):
        put(database, task)
        pool = hear(told)
    if isinstance(pool, QueuePool):
        assert pool.checkedout() == 0


def test_jobs_run_in_parallel(worker: StartWorker, database: Database, told: Told, config: Config) -> None:
    """As many as `concurrency` says, each with a connection, however few a web process has."""
    together = threading.Barrier(3, timeout=PATIENCE)

    def run(context: JobContext) -> None:
        with context.database.unit_of_work() as unit:
            unit.session.execute(text("SELECT 1"))
            together.wait()
        told.put("met")

    task = Task(name="kitchen.boil", run=run)
    with worker(task, concurrency=3, config=replace(config, pool_size=1, pool_overflow=0)):
        for _ in range(3):
            put(database, task)
        assert [hear(told) for _ in range(3)] == ["met"] * 3


def test_jobs_with_one_lock_run_one_after_the_other(worker: StartWorker, database: Database, told: Told) -> None:
    """A later job without the lock overtakes the one that waits for it."""
    finish = threading.Event()

    def run(_: JobContext, *, name: str) -> None:
        told.put(name)
        if name == "first":
            assert finish.wait(PATIENCE)

    task = Task(name="kitchen.boil", run=run)
    with worker(task, concurrency=3):
        put(database, task, lock="pan", name="first")
        assert hear(told) == "first"
        put(database, task, lock="pan", name="second")
        put(database, task, name="third")
        assert hear(told) == "third"
        finish.set()
        assert hear(told) == "second"


def test_a_failing_job_is_tried_again_and_then_reported(
    worker: StartWorker, database: Database, engine: Engine, told: Told
) -> None:
    """After the last attempt the task gets the error and the job's arguments."""

    def run(context: JobContext, *, dish: str) -> None:
        told.put((context.attempt, context.last_attempt))
        raise ValueError(f"burnt {dish}")

    def failed(context: JobContext, *, dish: str) -> None:
        told.put((dish, str(context.error)))

    task = Task(name="kitchen.boil", run=run, failed=failed, attempts=3)
    with worker(task):
        put(database, task, dish="soup")
        assert [hear(told) for _ in range(4)] == [(1, False), (2, False), (3, True), ("soup", "burnt soup")]
    assert jobs(engine) == [("failed",)]
    assert told.empty()


def test_a_job_may_succeed_at_a_later_attempt(
    worker: StartWorker, database: Database, engine: Engine, told: Told
) -> None:
    def run(context: JobContext) -> None:
        told.put(context.attempt)
        if context.attempt == 1:
            raise ValueError

    task = Task(name="kitchen.boil", run=run, failed=lambda _: told.put("failed"))
    with worker(task):
        put(database, task)
        assert [hear(told), hear(told)] == [1, 2]
    assert jobs(engine) == [("succeeded",)]
    assert told.empty()


def test_a_postponed_job_waits_as_long_as_it_was_asked_to(
    worker: StartWorker, database: Database, engine: Engine
) -> None:
    """Whatever the worker's own pause is; the attempt counts."""

    def run(_: JobContext) -> None:
        raise Postponed("the kitchen is full", seconds=3600)

    task = Task(name="kitchen.boil", run=run)
    with worker(task):
        put(database, task)
        eventually(lambda: jobs(engine, "status, attempts") == [("todo", 1)])
    soonest, latest = "now() + interval '50 minutes'", "now() + interval '1 hour'"
    assert jobs(engine, f"scheduled_at BETWEEN {soonest} AND {latest}") == [(True,)]


@pytest.mark.parametrize(("error", "traceback"), [(Invalid({}), False), (KeyError("egg"), True)])
@pytest.mark.sides("pooled")
def test_a_failure_is_logged_once(
    worker: StartWorker,
    database: Database,
    told: Told,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    traceback: bool,
) -> None:
    """By us, with the request's id, and with a traceback only if it is no domain error."""

    def run(_: JobContext) -> None:
        raise error

    caplog.handler.addFilter(ScopeFilter())
    task = Task(name="kitchen.boil", run=run, failed=lambda _: told.put("failed"), attempts=1)
    with worker(task), scoped(Scope("menu.create", "request-42")):
        put(database, task)
        hear(told)
    [line] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert line.message.startswith("attempt 1 of 1 failed")
    assert line.request_id == "request-42"  # type: ignore[attr-defined]
    assert bool(line.exc_info) is traceback


def test_a_running_job_can_be_cancelled(worker: StartWorker, database: Database, engine: Engine, told: Told) -> None:
    """Its next check ends it for good."""
    task = Task(name="kitchen.boil", run=until_interrupted(told), failed=lambda _: told.put("failed"))
    with worker(task):
        number = put(database, task)
        assert hear(told) == "started"
        database.run(lambda session: cancel(session, number))
        assert hear(told) == "JobCancelled"
    assert jobs(engine) == [("aborted",)]
    assert told.empty()


def test_a_waiting_job_that_is_cancelled_never_starts(
    worker: StartWorker, database: Database, engine: Engine, told: Told
) -> None:
    """A job behind it in the queue runs, so its own turn has passed."""
    task = Task(name="kitchen.boil", run=lambda _, name: told.put(name))
    number = put(database, task, name="cancelled")
    database.run(lambda session: cancel(session, number))
    put(database, task, name="other")
    with worker(task, concurrency=1):
        assert hear(told) == "other"
    assert jobs(engine) == [("cancelled",), ("succeeded",)]


def test_a_job_of_an_unknown_task_does_not_disturb_the_others(
    worker: StartWorker, database: Database, engine: Engine, told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    """As when a newer web server meets an older worker: the log says so, and the worker continues."""
    known, unknown = Task(name="kitchen.boil", run=lambda _: told.put("done")), Task(name="kitchen.fry", run=print)
    with worker(known):
        put(database, unknown)
        put(database, known)
        hear(told)
    assert jobs(engine) == [("failed",), ("succeeded",)]
    assert "Task was not found" in caplog.messages
