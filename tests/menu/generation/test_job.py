"""The job that generates a menu, and everything that may happen meanwhile."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any, NoReturn

import pytest
from sqlalchemy import Engine, text

from mealplanner.config import Config
from mealplanner.db.testing import checked_out
from mealplanner.jobs.tasks import Interrupted, JobCancelled, JobContext, WorkerStopping
from mealplanner.menu.generation import job, planning
from mealplanner.menu.generation.job import GENERATE, generate
from mealplanner.planner.plan import NothingFits
from mealplanner.preferences.values import Preferences
from mealplanner.storage.database import Database
from tests.factories import UserFactory, use_session
from tests.menu.generation.claiming import Wanted, claim_menu

Rows = Callable[..., list[Any]]

IMPOSSIBLE = Preferences(
    diet_type="vegan",
    dietary_restrictions=["soy", "gluten", "tree-nuts", "peanuts", "sesame", "celery", "mustard", "sulphites"],
    disliked_ingredients=["fruit", "vegetables", "beans", "oil", "grains", "salt"],
).as_dict()
"""Preferences that no dish of the catalogue fits."""


def context(database: Database, check: Callable[[], type[Interrupted] | None] = lambda: None) -> JobContext:
    """Return what a worker passes to the job; `check` runs at each of its checkpoints."""
    return JobContext(database=database, interruption=check)


def test_a_menu_is_generated_once_with_all_its_meals(database: Database, rows: Rows, wanted: Wanted) -> None:
    """Running its job again changes nothing."""
    menu_id = wanted(days=3)
    generate(context(database), menu_id=menu_id)
    before = rows("SELECT * FROM meals ORDER BY day, position")
    assert len(before) == 3 * 4
    generate(context(database), menu_id=menu_id)
    assert rows("SELECT * FROM meals ORDER BY day, position") == before


def test_no_connection_is_held_while_planning(database: Database, wanted: Wanted) -> None:
    """At every checkpoint nothing is checked out, on either side of the flag."""
    seen: list[int] = []

    def look() -> None:
        seen.append(checked_out(database.pooled))

    generate(context(database, look), menu_id=wanted(days=2))
    assert len(seen) > 2
    assert set(seen) == {0}


def test_nothing_is_computed_while_a_connection_is_held(
    database: Database, wanted: Wanted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read is computed with after its transaction, and what is stored before the one that stores it."""
    held: dict[str, int] = {}

    def watch(module: ModuleType, name: str) -> None:
        compute = getattr(module, name)

        def watched(*arguments: Any, **keywords: Any) -> Any:
            held[name] = checked_out(database.pooled)
            return compute(*arguments, **keywords)

        monkeypatch.setattr(module, name, watched)

    of_the_job = ("request_for", "planner_dishes", "planned_content")
    for step in of_the_job:
        watch(job, step)
    for step in (inside := ("with_own_dishes", "plan", "menu_content")):
        watch(planning, step)
    generate(context(database), menu_id=wanted(days=1))
    assert held == dict.fromkeys((*of_the_job, *inside), 0)


def test_progress_is_reported_while_planning(database: Database, rows: Rows, wanted: Wanted) -> None:
    """Step by step, never backwards."""
    told: list[tuple[str, int, int]] = []

    def look() -> None:
        told.extend(rows("SELECT status, step, steps FROM menus"))

    generate(context(database, look), menu_id=wanted(days=8))
    assert {status for status, _, _ in told} == {"running"}
    steps = [step for _, step, _ in told]
    assert steps == sorted(steps)
    assert max(steps) > 1
    assert rows("SELECT status, step = steps FROM menus") == [("ready", True)]


@pytest.mark.parametrize(
    "meanwhile",
    [
        "UPDATE menus SET status = 'cancelled'",
        "UPDATE menus SET token = gen_random_uuid()",
        "DELETE FROM menus",
    ],
    ids=["cancelled", "claimed by another", "deleted"],
)
def test_a_worker_that_loses_its_menu_stops(database: Database, rows: Rows, meanwhile: str, wanted: Wanted) -> None:
    """Its next write matches no row; it stores no meal and raises nothing."""
    checks: list[None] = []

    def interfere() -> None:
        checks.append(None)
        rows(meanwhile)

    generate(context(database, interfere), menu_id=wanted(days=28))
    assert len(checks) == 1
    assert rows("SELECT count(*) FROM meals") == [(0,)]


@pytest.mark.parametrize("reason", [JobCancelled, WorkerStopping])
def test_an_interruption_leaves_the_menu_for_the_next_worker(
    database: Database, rows: Rows, reason: type[Interrupted], wanted: Wanted
) -> None:
    """The menu is still running, and the next attempt at its job finishes it."""
    menu_id = wanted()
    with pytest.raises(reason):
        generate(context(database, lambda: reason), menu_id=menu_id)
    assert rows("SELECT status FROM menus") == [("running",)]
    generate(context(database), menu_id=menu_id)
    assert rows("SELECT status FROM menus") == [("ready",)]


def test_a_menu_that_nothing_fits_says_what_to_relax(database: Database, rows: Rows, wanted: Wanted) -> None:
    """It has failed, and the message is for the person."""
    generate(context(database), menu_id=wanted(preferences=IMPOSSIBLE))
    ((status, code, message, remedies),) = rows("SELECT status, error_code, message, remedies FROM menus")
    assert (status, code) == ("failed", "nothing_fits")
    assert message.startswith("None of the ")
    assert remedies[0]["text"].startswith("Without the dislike")


def give_up(context: JobContext, menu_id: str) -> None:
    """Do what a worker does once every attempt has failed."""
    assert GENERATE.failed is not None
    GENERATE.failed(context, menu_id=menu_id)


def test_when_every_attempt_has_failed_the_person_is_told(database: Database, rows: Rows, wanted: Wanted) -> None:
    give_up(context(database), wanted())
    ((status, message),) = rows("SELECT status, message FROM menus")
    assert status == "failed"
    assert "try again" in message


def test_a_finished_menu_cannot_fail_any_more(database: Database, rows: Rows, wanted: Wanted) -> None:
    menu_id = wanted(days=1)
    generate(context(database), menu_id=menu_id)
    give_up(context(database), menu_id)
    assert rows("SELECT status FROM menus") == [("ready",)]


@pytest.mark.parametrize("act", [give_up, lambda context, menu_id: generate(context, menu_id=menu_id)])
def test_an_attempt_that_was_replaced_touches_nothing(
    database: Database, rows: Rows, wanted: Wanted, act: Callable[[JobContext, str], None]
) -> None:
    """It can neither fail the menu that another worker has by now nor claim it again."""
    menu_id = wanted()
    claim_menu(database, menu_id)
    before = rows("SELECT * FROM menus")
    act(replace(context(database), is_current=lambda _session: False), menu_id)
    assert rows("SELECT * FROM menus") == before


def test_a_worker_that_lost_the_menu_cannot_fail_it(
    database: Database, rows: Rows, wanted: Wanted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It finds that nothing fits after another worker has claimed the menu."""
    menu_id = wanted()

    def lose_the_menu(*_: object, **__: object) -> NoReturn:
        claim_menu(database, menu_id)
        raise NothingFits(["No breakfast fits."])

    monkeypatch.setattr(planning, "plan", lose_the_menu)
    generate(context(database), menu_id=menu_id)
    assert rows("SELECT status, error_code FROM menus") == [("running", None)]


def test_dishes_of_last_week_make_room_for_others(database: Database, rows: Rows, wanted: Wanted) -> None:
    """Two weeks in a row share few mains."""
    user_id = database.run(lambda session: _person(session))
    first = wanted(user_id=user_id, start_date=datetime.date(2026, 11, 16), seed=1)
    generate(context(database), menu_id=first)
    second = wanted(user_id=user_id, start_date=datetime.date(2026, 11, 23), seed=1)
    generate(context(database), menu_id=second)
    query = "SELECT DISTINCT recipe_id FROM meals WHERE menu_id = :menu AND slot IN ('lunch', 'dinner')"
    one, other = (set(rows(query, menu=menu)) for menu in (first, second))
    assert len(one & other) <= 2


def _person(session: Any) -> uuid.UUID:
    with use_session(session):
        found: uuid.UUID = UserFactory().id
        return found


def test_a_menu_waits_for_a_table_that_cannot_be_written(
    config: Config, engine: Engine, rows: Rows, wanted: Wanted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was planned is stored once the table is free, by the same attempt."""
    menu_id = wanted(days=1)
    locked = engine.connect()
    locked.execute(text("LOCK TABLE meals IN SHARE MODE"))
    pauses = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if sum(pauses) == 7:
            locked.close()

    monkeypatch.setattr("mealplanner.jobs.patience.sleep", pause)
    hurried = Database(replace(config, lock_timeout_ms=10))
    generate(context(hurried), menu_id=menu_id)
    hurried.dispose()
    assert len(rows("SELECT * FROM meals")) == 4
    assert sum(pauses) == 7


def test_a_menu_that_cannot_be_stored_is_cancelled_while_it_waits(
    config: Config, engine: Engine, rows: Rows, wanted: Wanted, monkeypatch: pytest.MonkeyPatch
) -> None:
    menu_id = wanted(days=1)
    cancelled: list[float] = []
    monkeypatch.setattr("mealplanner.jobs.patience.sleep", cancelled.append)
    hurried = Database(replace(config, lock_timeout_ms=10))
    with engine.connect() as locked, pytest.raises(JobCancelled):
        locked.execute(text("LOCK TABLE meals IN SHARE MODE"))
        generate(context(hurried, lambda: JobCancelled if cancelled else None), menu_id=menu_id)
    hurried.dispose()
    assert rows("SELECT * FROM meals") == []
