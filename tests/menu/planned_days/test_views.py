"""A day belongs to one menu: asking for planned days, and what becomes of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.jobs.tasks import JobContext
from mealplanner.menu.generation.claims import Claim
from mealplanner.menu.generation.inputs import read_inputs
from mealplanner.menu.generation.job import generate
from mealplanner.storage.database import Database
from tests.clock import Clock
from tests.menu.requests import FORM, request_menu
from tests.visitor import Visitor

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"
Make = Callable[[str], None]
Plan = Callable[..., str]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def person(config: Config, database: Database, clock: Clock) -> Visitor:
    """A person whose today is Monday."""
    visitor = Visitor(create_app(config, database, clock=clock))
    visitor.register()
    return visitor


@pytest.fixture
def make(database: Database) -> Make:
    """Do a worker's job for a menu at once."""
    return lambda menu_id: generate(JobContext(database=database), menu_id=menu_id)


@pytest.fixture
def plan(person: Visitor, make: Make) -> Plan:
    """Ask for a menu and make it; return its id."""

    def plan(**changes: str) -> str:
        menu_id = request_menu(person, **changes)
        make(menu_id)
        return menu_id

    return plan


def ask(person: Visitor, **changes: str) -> TestResponse:
    """Send the form as it is when it has just been opened."""
    return person.post("/menu/", {**FORM, "overlap": "", "idempotency_key": str(uuid.uuid4()), **changes})


def menu_of(person: Visitor, menu_id: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = person.get(f"/menu/{menu_id}", json=True).get_json()
    return found


def owners(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT date, menu_id FROM planned_days ORDER BY date"))
        return {str(date): str(menu_id) for date, menu_id in rows}


def test_a_finished_menu_has_its_days(plan: Plan, engine: Engine) -> None:
    menu_id = plan()
    assert owners(engine) == {MONDAY: menu_id, TUESDAY: menu_id}


def test_planned_days_are_told_and_nothing_is_made(person: Visitor, plan: Plan, engine: Engine) -> None:
    plan()
    answer = person.post("/menu/", json={"start_date": TUESDAY, "days": 2})
    assert answer.status_code == 409
    problem = answer.get_json()
    assert problem["planned"] == [TUESDAY]
    assert {offer["overlap"]: offer["dates"] for offer in problem["offers"]} == {
        "replace": [TUESDAY, WEDNESDAY],
        "gaps": [WEDNESDAY],
        "after": [WEDNESDAY, THURSDAY],
    }
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM menus")) == 1


def test_the_form_asks_and_keeps_what_was_typed(person: Visitor, plan: Plan) -> None:
    plan()
    answer = ask(person, start_date=TUESDAY, days="3", seed="77")
    assert answer.status_code == 409
    assert "You already have meals for Tuesday 24 November" in answer.text
    assert all(f'name="overlap" value="{way}"' in answer.text for way in ("replace", "gaps", "after"))
    assert all(f'value="{typed}"' in answer.text for typed in (TUESDAY, "3", "77"))


def test_the_next_free_day_is_asked_about_by_its_date(person: Visitor, plan: Plan) -> None:
    """Where a later menu stands in the way of one that begins on the first free day."""
    plan(start_date=WEDNESDAY)
    answer = ask(person, start_date="next", days="4")
    assert answer.status_code == 409
    assert f'value="{MONDAY}"' in answer.text


def test_replaced_days_stay_in_the_older_menu_and_are_marked(
    person: Visitor, plan: Plan, make: Make, engine: Engine
) -> None:
    """The older menu has them until the new one is ready."""
    older = plan()
    newer = request_menu(person, start_date=TUESDAY, overlap="replace", seed="2")
    assert owners(engine) == {MONDAY: older, TUESDAY: older}
    make(newer)
    assert owners(engine) == {MONDAY: older, TUESDAY: newer, WEDNESDAY: newer}
    days = menu_of(person, older)["days"]
    assert [day["replaced_by"] for day in days] == [None, newer]
    assert all(day["meals"] for day in days)
    assert "You planned Tuesday 24 November again in another menu." in person.get(f"/menu/{older}").text
    assert [day["replaced_by"] for day in menu_of(person, newer)["days"]] == [None, None]


def test_a_replaced_day_is_not_edited_but_leads_to_the_menu_that_has_it(person: Visitor, plan: Plan) -> None:
    older = plan()
    newer = plan(start_date=TUESDAY, overlap="replace", seed="2")
    kept, replaced = (day["meals"][0]["id"] for day in menu_of(person, older)["days"])
    for meal, status in ((kept, 200), (replaced, 422)):
        answer = person.post(f"/menu/{older}/meals/{meal}/lock", json={"version": 1})
        assert answer.status_code == status
    assert "You planned Tuesday 24 November again in another menu." in answer.text
    page = person.get(f"/menu/{older}").text
    assert f'href="/menu/{newer}#day-{TUESDAY}"' in page
    assert f"/meals/{kept}/" in page
    assert f"/meals/{replaced}/" not in page


def test_gaps_are_planned_and_planned_days_stay(person: Visitor, plan: Plan, engine: Engine) -> None:
    older = plan(start_date=TUESDAY, days="1")
    newer = plan(start_date=MONDAY, days="3", overlap="gaps")
    assert owners(engine) == {MONDAY: newer, TUESDAY: older, WEDNESDAY: newer}
    assert [day["date"] for day in menu_of(person, newer)["days"]] == [MONDAY, WEDNESDAY]
    assert all(day["meals"] for day in menu_of(person, newer)["days"])


def test_after_begins_on_the_first_day_with_room(person: Visitor, plan: Plan) -> None:
    plan()
    assert menu_of(person, plan(overlap="after"))["start_date"] == WEDNESDAY


def test_what_cannot_be_done_is_said_at_its_field(person: Visitor, plan: Plan, clock: Clock) -> None:
    plan()
    clock.wait(days=1)
    answer = ask(person, start_date=MONDAY, overlap="replace")
    assert answer.status_code == 422
    assert "Days gone by stay as they are" in answer.text
    assert ask(person, overlap="always").status_code == 422


def test_a_choice_that_was_not_needed_changes_nothing(person: Visitor, plan: Plan) -> None:
    assert menu_of(person, plan(overlap="after"))["start_date"] == MONDAY


def test_today_shows_the_menu_that_has_the_day(person: Visitor, plan: Plan) -> None:
    """A newer menu that filled the gaps around today leaves it alone; one that replaced it does not."""
    plan(days="1", seed="1")
    gaps = plan(days="2", seed="2", overlap="gaps")
    replacing = plan(days="1", seed="3", overlap="replace")
    titles = [meal["recipe"]["title"] for meal in menu_of(person, replacing)["days"][0]["meals"]]
    page = person.get("/").text
    assert all(title in page for title in titles)
    assert [day["date"] for day in menu_of(person, gaps)["days"]] == [TUESDAY]


def test_days_come_back_when_the_menu_that_took_them_is_deleted(person: Visitor, plan: Plan, engine: Engine) -> None:
    older = plan()
    newer = plan(overlap="replace", seed="2")
    person.post(f"/menu/{newer}/delete")
    assert owners(engine) == {MONDAY: older, TUESDAY: older}
    assert [day["replaced_by"] for day in menu_of(person, older)["days"]] == [None, None]


def test_what_was_replaced_does_not_count_as_eaten(plan: Plan, database: Database, engine: Engine) -> None:
    """The next menu remembers what the person had on those days, and not what was planned before."""
    older = plan(days="1", seed="1")
    newer = plan(days="1", seed="2", overlap="replace")
    claim = Claim(menu_id=uuid.UUID(plan(start_date=THURSDAY)), user_id=_person(engine), token=uuid.uuid4())
    recent = database.run(partial(read_inputs, claim=claim)).recent.keys()
    assert recent == served(engine, newer)
    assert served(engine, older) - recent


def _person(engine: Engine) -> uuid.UUID:
    with engine.connect() as connection:
        return connection.execute(text("SELECT id FROM users")).scalar_one()


def served(engine: Engine, menu_id: str) -> set[str]:
    query = "SELECT slug FROM recipes JOIN meals ON meals.recipe_id = recipes.id WHERE menu_id = :id"
    with engine.connect() as connection:
        return set(connection.scalars(text(query), {"id": menu_id}))


def test_a_menu_whose_gaps_were_filled_meanwhile_is_not_made(
    person: Visitor, plan: Plan, make: Make, engine: Engine
) -> None:
    plan(days="1")
    waiting = request_menu(person, days="2", overlap="gaps")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO planned_days SELECT user_id, date + 1, menu_id FROM planned_days"))
    make(waiting)
    found = menu_of(person, waiting)
    assert (found["status"], found["error_code"]) == ("failed", "planned")
