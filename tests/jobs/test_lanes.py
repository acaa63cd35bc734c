"""Lanes do not wait for each other, and within a lane people take turns."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Engine

from mealplanner.jobs.fairness import BEHIND
from mealplanner.jobs.lanes import CATALOGUE, HOUSEKEEPING, LANES, MAIL, MODEL, lane_of, slots
from mealplanner.jobs.queue import cancel, enqueue
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.storage.database import Database
from mealplanner.tasks import TASKS
from tests.factories import UserFactory, use_session
from tests.jobs.workers import QUICK, StartWorker, Told, hear, jobs, put
from tests.waiting import PATIENCE


@pytest.fixture
def people(database: Database) -> list[uuid.UUID]:
    """Two accounts."""

    def register(session: object) -> list[uuid.UUID]:
        with use_session(session):  # type: ignore[arg-type]
            return [UserFactory().id for _ in range(2)]

    return database.run(register)


def test_a_full_lane_holds_up_no_other(worker: StartWorker, database: Database, told: Told) -> None:
    """However many jobs wait in it, and however long the worker would otherwise take to look again."""
    finish = threading.Event()
    menu = Task(name="kitchen.menu", queue="menus", run=lambda _: told.put("menu") or finish.wait(PATIENCE))
    mail = Task(name="kitchen.mail", queue="mails", run=lambda _: told.put("mail"))
    for _ in range(3):
        put(database, menu)
    with worker(menu, mail, slots={"menus": 1, "mails": 1}):
        assert hear(told) == "menu"
        put(database, mail)
        assert hear(told) == "mail"
        assert told.empty()
        finish.set()
        assert [hear(told), hear(told)] == ["menu", "menu"]


def test_a_slot_that_becomes_free_is_filled_at_once(worker: StartWorker, database: Database, told: Told) -> None:
    """Though other lanes have slots free, and the next poll is far away."""
    task = Task(name="kitchen.menu", queue="menus", run=lambda _, number: told.put(number))
    idle = Task(name="kitchen.mail", queue="mails", run=print)
    for number in range(3):
        put(database, task, number=number)
    with worker(task, idle, slots={"menus": 1, "mails": 4}, timing=replace(QUICK, poll=PATIENCE * 2)):
        assert [hear(told) for _ in range(3)] == [0, 1, 2]


def test_a_worker_leaves_other_lanes_alone(worker: StartWorker, database: Database, engine: Engine, told: Told) -> None:
    mail, menu = (Task(name=f"kitchen.{queue}", queue=queue, run=lambda _: told.put("done")) for queue in ("a", "b"))
    put(database, menu)
    put(database, mail)
    with worker(mail, menu, slots={"a": 2}):
        assert hear(told) == "done"
    assert jobs(engine, "queue_name, status") == [("b", "todo"), ("a", "succeeded")]


def test_people_take_turns(worker: StartWorker, database: Database, told: Told, people: list[uuid.UUID]) -> None:
    """One person's many jobs never stand before another's first."""
    one, other = people
    task = Task(name="kitchen.menu", queue="menus", run=lambda _, name: told.put(name))
    for person, name in [(one, "one 1"), (one, "one 2"), (one, "one 3"), (other, "other 1"), (other, "other 2")]:
        put(database, task, person=person, name=name)
    with worker(task, concurrency=1):
        assert [hear(told) for _ in range(5)] == ["one 1", "other 1", "one 2", "other 2", "one 3"]


def test_a_job_that_has_become_the_first_is_not_passed_by_later_ones(
    worker: StartWorker, database: Database, told: Told, people: list[uuid.UUID]
) -> None:
    """However many people come after it, a person's second job has its turn."""
    finish = threading.Event()

    def run(_: JobContext, *, name: str) -> None:
        told.put(name)
        assert finish.wait(PATIENCE)

    task = Task(name="kitchen.menu", queue="menus", run=run)
    one, other = people
    for name in ("one 1", "one 2"):
        put(database, task, person=one, name=name)
    put(database, task, name="nobody's")
    with worker(task, concurrency=1):
        assert hear(told) == "one 1"
        later = Task(name="kitchen.menu", queue="menus", run=run)
        finish.set()
        assert hear(told) == "nobody's"
        finish.clear()
        put(database, later, person=other, name="other 1")
        put(database, later, person=other, name="other 2")
        finish.set()
        assert [hear(told) for _ in range(3)] == ["one 2", "other 1", "other 2"]


def test_a_cancelled_job_leaves_its_place_to_the_next(
    database: Database, engine: Engine, people: list[uuid.UUID]
) -> None:
    task = Task(name="kitchen.menu", queue="menus", run=print)
    numbers = [put(database, task, person=people[0]) for _ in range(3)]
    assert jobs(engine, f"priority <= {BEHIND}") == [(False,), (True,), (True,)]
    database.run(lambda session: cancel(session, numbers[0]))
    assert jobs(engine, f"priority <= {BEHIND}") == [(False,), (False,), (True,)]


def test_jobs_for_no_person_and_of_other_lanes_do_not_count(
    database: Database, engine: Engine, people: list[uuid.UUID]
) -> None:
    menu, mail = (Task(name=f"kitchen.{queue}", queue=queue, run=print) for queue in ("menus", "mails"))
    put(database, menu)
    put(database, mail, person=people[0])
    put(database, menu, person=people[0])
    put(database, menu, person=people[1])
    assert jobs(engine, f"priority <= {BEHIND}") == [(False,)] * 4


def test_a_job_may_be_enqueued_on_another_lane(database: Database, engine: Engine) -> None:
    task = Task(name="kitchen.menu", queue="menus", run=print)
    database.run(partial(enqueue, task=task, lane=MODEL))
    assert jobs(engine, "queue_name") == [("model-menus",)]


def test_every_task_belongs_to_a_lane() -> None:
    """Or the default worker would never run it."""
    assert {task.queue for task in TASKS} <= {lane.queue for lane in LANES.values()}


def test_the_queues_of_the_release_before_are_still_served() -> None:
    """Jobs wait in them during an upgrade."""
    assert {"mails", "menus"} <= {lane.queue for lane in LANES.values()}


def test_slots_are_those_of_the_lanes_asked_for() -> None:
    assert slots([MAIL, MODEL], menus=3, model_menus=7) == {"mails": 2, "model-menus": 7}
    assert slots([CATALOGUE, HOUSEKEEPING], menus=3, model_menus=7) == {"menus": 3, "housekeeping": 1}


def test_a_queue_without_a_lane_goes_by_its_own_name() -> None:
    assert [lane_of("menus"), lane_of("attic")] == ["catalogue", "attic"]
