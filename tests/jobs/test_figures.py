"""What `/metrics` says of the queue."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Engine, text

from mealplanner.config import Config
from mealplanner.errors import Invalid
from mealplanner.jobs import figures
from mealplanner.jobs.queue import cancel
from mealplanner.jobs.sweep import SWEEP
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.jobs.worker import connector
from mealplanner.storage.database import Database
from tests.jobs.workers import QUICK, StartWorker, Told, hear, put, until_interrupted
from tests.waiting import PATIENCE, eventually

MENU = Task(name="kitchen.menu", queue="menus", run=print)


def figure(name: str, **labels: str) -> float | None:
    """Return a metric of this process."""
    return REGISTRY.get_sample_value(f"mealplanner_{name}", labels)


def look(config: Config) -> None:
    """Set the metrics, as a worker does every few seconds."""

    async def look() -> None:
        queue = connector(config, QUICK)
        await queue.open_async()
        try:
            await figures.report(queue, stalled_after=PATIENCE)
        finally:
            await queue.close_async()

    asyncio.run(look())


def test_jobs_are_counted_by_lane_and_state(config: Config, database: Database, engine: Engine) -> None:
    """Those that have ended are none of them."""
    for change in ("status = 'doing'", "scheduled_at = now() + interval '1 hour'", "status = 'failed'", "priority = 0"):
        number = put(database, MENU)
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE procrastinate_jobs SET {change} WHERE id = {number}"))
    put(database, MENU)
    look(config)
    states = {
        state: figure("queue_jobs", lane="catalogue", state=state) for state in ("waiting", "postponed", "running")
    }
    assert states == {"waiting": 2, "postponed": 1, "running": 1}
    assert figure("queue_jobs", lane="mail", state="waiting") == 0


def test_the_oldest_job_is_timed_from_when_it_could_have_begun(
    config: Config, database: Database, engine: Engine
) -> None:
    """From its request, or from the time it was put off to; without one, the wait is 0."""
    number = put(database, MENU)
    put(database, MENU)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE procrastinate_events SET at = now() - interval '90 s' WHERE job_id = :id"), {"id": number}
        )
    look(config)
    assert figure("queue_oldest_waiting_seconds", lane="catalogue") == pytest.approx(90, abs=30)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '5 s' WHERE id = :id"), {"id": number}
        )
    look(config)
    assert figure("queue_oldest_waiting_seconds", lane="catalogue") == pytest.approx(5, abs=30)
    with engine.begin() as connection:
        connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
    look(config)
    assert figure("queue_oldest_waiting_seconds", lane="catalogue") == 0


def test_living_workers_are_counted_by_lane(worker: StartWorker, config: Config, engine: Engine) -> None:
    """One that has died counts no more; one that has stopped is gone."""
    mail = Task(name="kitchen.mail", queue="mails", run=print)
    with worker(MENU, mail), worker(mail):
        look(config)
        assert [figure("queue_workers", lane=lane) for lane in ("mail", "catalogue", "model")] == [2, 1, 0]
    look(config)
    assert figure("queue_workers", lane="mail") == 0
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM queue_workers")).scalar() == 0


def test_the_age_of_housekeeping_is_shown(worker: StartWorker, config: Config) -> None:
    with worker(SWEEP):
        eventually(lambda: look(config) or figure("housekeeping_age_seconds", task="queue.sweep") is not None)
    age = figure("housekeeping_age_seconds", task="queue.sweep")
    assert age is not None
    assert 0 <= age < PATIENCE


def test_a_worker_reports_by_itself(worker: StartWorker, database: Database, told: Told) -> None:
    finish = threading.Event()
    task = replace(MENU, queue="attic", run=lambda _: told.put("begun") or finish.wait(PATIENCE))
    with worker(task, concurrency=1, timing=replace(QUICK, figures=0.05)):
        put(database, task)
        put(database, task)
        assert hear(told) == "begun"
        eventually(lambda: figure("queue_jobs", lane="attic", state="waiting") == 1)
        eventually(lambda: figure("queue_workers", lane="attic") == 1)
        finish.set()


def test_jobs_are_counted_once_by_how_they_ended(worker: StartWorker, database: Database, told: Told) -> None:
    """However many attempts they took."""

    def run(context: JobContext, *, good: bool) -> None:
        if not good or context.attempt == 1:
            raise Invalid({})
        told.put("done")

    def ended(outcome: str) -> float:
        return figure("jobs_total", task="kitchen.count", outcome=outcome) or 0

    before = [ended(outcome) for outcome in ("done", "failed", "cancelled")]
    task = Task(name="kitchen.count", run=run, failed=lambda _, **__: told.put("failed"), attempts=2)
    endless = replace(task, run=lambda context, **_: until_interrupted(told)(context))
    with worker(task):
        put(database, task, good=True)
        put(database, task, good=False)
        assert {hear(told), hear(told)} == {"done", "failed"}
    with worker(endless):
        number = put(database, endless, good=True)
        assert hear(told) == "started"
        database.run(lambda session: cancel(session, number))
        assert hear(told) == "JobCancelled"
    assert [ended(outcome) - old for outcome, old in zip(("done", "failed", "cancelled"), before, strict=True)] == [
        1
    ] * 3
