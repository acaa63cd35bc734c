"""Housekeeping is asked for by the workers themselves, once for all of them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from threading import Barrier, Thread

from sqlalchemy import Engine, text

from mealplanner.jobs import chores
from mealplanner.jobs.tasks import Task
from mealplanner.storage.database import Database
from tests.jobs.workers import QUICK, StartWorker, Told, hear, jobs
from tests.waiting import PATIENCE, eventually

CHORE = Task(name="kitchen.wash", queue="housekeeping", run=print, every=3600.0)


def ask(database: Database, task: Task = CHORE) -> None:
    database.run(partial(chores.ask, tasks=[task]))


def test_a_chore_is_asked_for_once_in_its_time(database: Database, engine: Engine) -> None:
    ask(database)
    ask(database)
    assert jobs(engine, "task_name, queue_name") == [("kitchen.wash", "housekeeping")]


def test_a_chore_is_asked_for_again_when_its_time_is_over(database: Database, engine: Engine) -> None:
    ask(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE chores SET asked_at = now() - interval '61 minutes'"))
    ask(database)
    ask(database)
    assert len(jobs(engine)) == 2


def test_of_two_workers_that_ask_at_once_one_does(database: Database, engine: Engine) -> None:
    together = Barrier(2, timeout=PATIENCE)

    def look() -> None:
        def work(session: object) -> None:
            together.wait()
            chores.ask(session, [CHORE])  # type: ignore[arg-type]

        database.run(work)

    threads = [Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(jobs(engine)) == 1


def test_a_worker_does_what_is_due(worker: StartWorker, engine: Engine, told: Told) -> None:
    """And stores when it was done."""
    with worker(replace(CHORE, run=lambda _: told.put("washed"))):
        assert hear(told) == "washed"
        done = "SELECT done_at >= asked_at FROM chores"
        with engine.connect() as connection:
            eventually(lambda: connection.execute(text(done)).scalar() or connection.rollback())


def test_a_worker_of_other_lanes_asks_for_none(worker: StartWorker, engine: Engine) -> None:
    """It could not do it, and jobs would pile up."""
    other = Task(name="kitchen.boil", queue="menus", run=print)
    with worker(CHORE, other, slots={"menus": 1}, timing=replace(QUICK, chores=0.05)):
        eventually(lambda: _registered(engine))
    assert jobs(engine) == []


def _registered(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM queue_workers")))
