"""What becomes of the jobs of a worker that stops."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, text

from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.storage.database import Database
from tests.jobs.workers import QUICK, StartWorker, Told, hear, jobs, put, until_interrupted
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.sides("pooled", "direct")


def test_a_stopping_worker_lets_its_jobs_finish(
    worker: StartWorker, database: Database, engine: Engine, told: Told
) -> None:
    """Within its grace period nothing is interrupted."""
    go_on = threading.Event()

    def run(context: JobContext) -> None:
        told.put("started")
        assert go_on.wait(PATIENCE)
        context.check()

    task = Task(name="kitchen.boil", run=run)
    with worker(task) as running:
        put(database, task)
        hear(told)
        running.stop()
        go_on.set()
    assert jobs(engine) == [("succeeded",)]


def test_a_stopping_worker_hands_its_jobs_back(
    worker: StartWorker, database: Database, engine: Engine, told: Told
) -> None:
    """After its grace period a job is interrupted and waits for another worker; the attempt does not count."""
    task = Task(name="kitchen.boil", run=until_interrupted(told), failed=lambda _: told.put("failed"), attempts=1)
    with worker(task, timing=replace(QUICK, grace=0.0)):
        put(database, task)
        assert hear(told) == "started"
    assert hear(told) == "WorkerStopping"
    assert jobs(engine, "status, attempts, scheduled_at") == [("todo", 0, None)]
    assert told.empty()


def test_a_handed_back_job_is_picked_up_as_if_new(worker: StartWorker, database: Database, told: Told) -> None:
    """The next worker's attempt has the same number."""
    task = Task(name="kitchen.boil", run=until_interrupted(told, tell=lambda context: context.attempt))
    put(database, task)
    for _ in range(2):
        with worker(task, timing=replace(QUICK, grace=0.0)):
            assert hear(told) == 1
        assert hear(told) == "WorkerStopping"


def test_a_job_that_ignores_the_interruption_is_abandoned(
    worker: StartWorker, database: Database, engine: Engine, told: Told
) -> None:
    """A stopping worker does not wait for a slow call; the job is still handed back."""
    go_on = threading.Event()

    def run(_: JobContext) -> None:
        told.put("started")
        assert go_on.wait(PATIENCE)
        told.put("ended")

    task = Task(name="kitchen.boil", run=run)
    with worker(task, timing=replace(QUICK, grace=0.0, patience=0.0)):
        put(database, task)
        hear(told)
    assert jobs(engine, "status, attempts") == [("todo", 0)]
    go_on.set()
    hear(told)


def test_heartbeats_continue_while_a_stopping_worker_waits(
    worker: StartWorker, database: Database, engine: Engine, told: Told
) -> None:
    """Otherwise others would take its jobs over while they still run."""
    go_on = threading.Event()

    def run(context: JobContext) -> None:
        told.put("started")
        while context.interruption() is None:
            go_on.wait(0.01)
        told.put("the worker stops")
        assert go_on.wait(PATIENCE)

    def last_sign() -> Any:
        with engine.connect() as connection:
            return connection.scalar(text("SELECT max(last_heartbeat) FROM procrastinate_workers"))

    task = Task(name="kitchen.boil", run=run)
    with worker(task, timing=replace(QUICK, grace=0.0)) as running:
        put(database, task)
        assert hear(told) == "started"
        running.stop()
        assert hear(told) == "the worker stops"
        before = last_sign()
        eventually(lambda: last_sign() > before)
        go_on.set()
    assert jobs(engine) == [("succeeded",)]
