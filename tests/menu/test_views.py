"""Requesting menus, watching their progress, reading and deleting them."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, text

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.db.testing import checked_out
from mealplanner.jobs.tasks import JobContext
from mealplanner.menu import assembly
from mealplanner.menu.generation.job import generate
from mealplanner.presentation.formatting import date_range
from mealplanner.recipes.assembly import recipe_summary
from mealplanner.storage.database import Database
from tests.menu.requests import FORM, request_menu
from tests.together import map_at_once
from tests.visitor import Visitor

JOBS = "procrastinate_jobs WHERE task_name = 'menu.generate'"
Make = Callable[[str], None]
TWO_DAYS = date_range(datetime.date(2026, 11, 23), 2)


@pytest.fixture
def make(database: Database) -> Make:
    """Do a worker's job for a menu at once."""
    return lambda menu_id: generate(JobContext(database=database), menu_id=menu_id)


def rows(engine: Engine, query: str) -> list[Any]:
    """Return what is stored."""
    with engine.connect() as connection:
        return list(connection.scalars(text(query)))


def test_a_request_stores_the_menu_and_its_job_together(person: Visitor, engine: Engine) -> None:
    """The job names the menu, and the answer leads to the menu."""
    menu_id = request_menu(person)
    assert rows(engine, "SELECT status FROM menus") == ["queued"]
    (arguments,) = rows(engine, f"SELECT args FROM {JOBS}")
    assert arguments["arguments"] == {"menu_id": menu_id}
    assert rows(engine, "SELECT job_id FROM menus") == rows(engine, f"SELECT id FROM {JOBS}")


def test_the_menus_there_are_stand_before_the_form_unless_it_was_sent_back(person: Visitor) -> None:
    def menus_first(page: str) -> bool:
        return page.index('aria-label="Your menus"') < page.index('id="make"')

    assert not menus_first(person.get("/menu/").text)
    request_menu(person)
    assert menus_first(person.get("/menu/").text)
    sent_back = person.post("/menu/", {**FORM, "days": "0"})
    assert sent_back.status_code == 422
    assert not menus_first(sent_back.text)


def test_a_menu_in_the_making_shows_its_progress(person: Visitor) -> None:
    """As a page that refreshes without JavaScript, and as JSON."""
    menu_id = request_menu(person)
    page = person.get(f"/menu/{menu_id}").text
    assert '<noscript><meta http-equiv="refresh"' in page
    assert person.get(f"/menu/{menu_id}/progress").get_json() == {
        "status": "queued",
        "step": 0,
        "steps": 1,
        "message": "Waiting to start",
    }


def test_a_finished_menu_shows_days_meals_portions_and_numbers(person: Visitor, make: Make) -> None:
    """The page and the JSON agree."""
    menu_id = request_menu(person)
    make(menu_id)
    menu = person.get(f"/menu/{menu_id}", json=True).get_json()
    assert (menu["id"], menu["status"], menu["seed"], menu["source"]) == (menu_id, "ready", 1, "auto")
    assert [day["date"] for day in menu["days"]] == ["2026-11-23", "2026-11-24"]
    for day in menu["days"]:
        assert [meal["slot"] for meal in day["meals"]] == ["breakfast", "lunch", "snack", "dinner"]
        for nutrient, target in menu["targets"].items():
            assert day["totals"][nutrient] == pytest.approx(target, rel=0.05)
            assert day["totals"][nutrient] == pytest.approx(sum(meal[nutrient] for meal in day["meals"]), abs=0.3)
    page = person.get(f"/menu/{menu_id}").text
    for day in menu["days"]:
        for meal in day["meals"]:
            assert f"recipes/{meal['recipe']['id']}?meal={meal['id']}" in page
    numbers = person.get(f"/menu/{menu_id}/numbers").text
    for day in menu["days"]:
        assert f'id="day-{day["date"]}"' in numbers
        kcal = day["totals"]["kcal"]  # rounded to a tenth here, and to a whole number on the page
        assert f"{kcal - 0.05:,.0f}" in numbers or f"{kcal + 0.05:,.0f}" in numbers
        assert day["details"]["fibre_g"] > 5
        assert f"{day['details']['fibre_g']}\N{NO-BREAK SPACE}g" in numbers


def test_dislikes_that_were_not_understood_are_repeated(person: Visitor, make: Make) -> None:
    """On the page and in the JSON, word for word and escaped."""
    preferences = person.get("/preferences", json=True).get_json()
    person.post("/preferences", json={**preferences, "disliked_ingredients": ["olives and <b>flubber"]})
    menu_id = request_menu(person)
    make(menu_id)
    warnings = person.get(f"/menu/{menu_id}", json=True).get_json()["warnings"]
    assert any("did not understand “<b>flubber”" in warning for warning in warnings)
    assert "did not understand “&lt;b&gt;flubber”" in person.get(f"/menu/{menu_id}").text


def test_ingredients_are_for_the_servings_asked(person: Visitor, make: Make) -> None:
    """Twice the servings, twice the ingredients, and the same numbers for each person."""
    preferences = person.get("/preferences", json=True).get_json()
    person.post("/preferences", json={**preferences, "whole_units": "off"})
    one = request_menu(person)
    make(one)
    single = _first_meal(person, one)
    person.post(f"/menu/{one}/delete")
    preferences = person.get("/preferences", json=True).get_json()
    person.post("/preferences", json={**preferences, "servings_per_meal": 2})
    two = request_menu(person)
    make(two)
    double = _first_meal(person, two)
    assert (double["recipe"], double["portion"], double["servings"]) == (single["recipe"], single["portion"], 2)
    grams = [[line["grams"] for line in meal["ingredients"]] for meal in (single, double)]
    assert grams[1] == pytest.approx([2 * each for each in grams[0]], abs=0.5)


def _first_meal(person: Visitor, menu_id: str) -> dict[str, Any]:
    meal: dict[str, Any] = person.get(f"/menu/{menu_id}", json=True).get_json()["days"][0]["meals"][0]
    return meal


def test_the_same_number_makes_the_same_menu(app: Flask, make: Make) -> None:
    """With equal preferences and history, dishes and portions are equal."""
    made = []
    for email in ("a@example.org", "b@example.org"):
        visitor = Visitor(app, email)
        visitor.register()
        menu_id = request_menu(visitor, seed="42")
        make(menu_id)
        days = visitor.get(f"/menu/{menu_id}", json=True).get_json()["days"]
        made.append([(meal["recipe"]["id"], meal["portion"]) for day in days for meal in day["meals"]])
    assert made[0] == made[1]


def test_a_form_sent_twice_makes_one_menu(person: Visitor, engine: Engine) -> None:
    """The key in the form identifies the request, even when the first menu is ready."""
    key = str(uuid.uuid4())
    first = request_menu(person, idempotency_key=key)
    with engine.begin() as connection:
        connection.execute(text("UPDATE menus SET status = 'ready'"))
    assert request_menu(person, idempotency_key=key) == first
    assert len(rows(engine, "SELECT id FROM menus")) == 1


def test_a_second_request_leads_to_the_menu_in_the_making(person: Visitor, engine: Engine) -> None:
    """One at a time for each person."""
    assert request_menu(person) == request_menu(person)
    assert len(rows(engine, f"SELECT id FROM {JOBS}")) == 1


def test_a_key_sent_again_with_other_wishes_is_refused_and_the_form_can_be_sent_once_more(person: Visitor) -> None:
    key = str(uuid.uuid4())
    first = request_menu(person, idempotency_key=key, overlap="")
    other = {**FORM, "overlap": "", "start_date": "2031-01-06", "days": "5", "idempotency_key": key}
    refused = person.post("/menu/", json=other)
    assert refused.status_code == 422
    assert TWO_DAYS in refused.get_json()["errors"]["idempotency_key"][0]
    page = person.post("/menu/", other)
    person.post(f"/menu/{first}/cancel")
    assert page.status_code == 422
    assert f"You sent this form before, and it became your menu for {TWO_DAYS}." in page.text
    assert 'value="2031-01-06"' in page.text
    fresh = re.search(r'name="idempotency_key" value="([^"]+)"', page.text)
    assert fresh is not None
    assert request_menu(person, **{**other, "idempotency_key": fresh[1]}) != first


@pytest.mark.parametrize(
    "wishes",
    [
        {},
        {"start_date": "next", "overlap": ""},
        {"seed": ""},
        {"start_date": "2031-01-06", "overlap": "after"},
        {"start_date": "2031-01-06", "overlap": "replace"},
    ],
)
def test_the_same_wishes_with_the_same_key_are_answered_alike(person: Visitor, make: Make, wishes: Any) -> None:
    """Also when the days that they were asked for were planned, and the menu begins after them."""
    make(request_menu(person, start_date="2031-01-06", overlap=""))
    key = str(uuid.uuid4())
    first = request_menu(person, idempotency_key=key, **wishes)
    assert request_menu(person, idempotency_key=key, **wishes) == first
    make(first)
    assert request_menu(person, idempotency_key=key, **wishes) == first


def test_what_is_asked_for_while_a_menu_is_made_is_said_and_waits_in_the_form(person: Visitor, make: Make) -> None:
    menu_id = request_menu(person)
    assert request_menu(person, start_date="2031-01-06", days="9") == menu_id
    assert f"Your menu for {TWO_DAYS} is still being made." in person.get(f"/menu/{menu_id}").text
    assert "We have kept what you asked for." in person.get("/menu/").text
    make(menu_id)
    form = person.get("/menu/").text
    assert "This is what you asked for while another menu was being made." in form
    assert 'value="2031-01-06"' in form
    assert 'name="days" type="number" value="9"' in form
    assert 'value="2031-01-06"' not in person.get("/menu/").text, "a wish that was dropped would stay there for ever"


def test_a_program_that_asks_while_a_menu_is_made_is_told_so(person: Visitor) -> None:
    menu_id = request_menu(person)
    answer = person.post("/menu/", json={"start_date": "2031-01-06", "days": 9})
    assert (answer.status_code, answer.location) == (303, f"/menu/{menu_id}")
    assert answer.get_json()["message"].startswith(f"Your menu for {TWO_DAYS} is still being made.")


@pytest.mark.parametrize(("start", "days", "over"), [("2026-11-21", "2", True), ("2026-11-21", "3", False)])
def test_a_menu_for_days_that_are_over_is_made_and_says_so(
    app_at_noon: Flask, start: str, days: str, over: bool
) -> None:
    person = Visitor(app_at_noon)
    person.register()
    menu_id = request_menu(person, start_date=start, days=days)
    assert ("These days are over." in person.get(f"/menu/{menu_id}").text) == over


@pytest.mark.parametrize("same_key", [True, False])
def test_simultaneous_requests_make_one_menu(person: Visitor, engine: Engine, same_key: bool) -> None:
    """The index decides which is first; the others lead to the same menu."""
    token, key = person.token(), uuid.uuid4()
    clients = []
    for _ in range(4):
        client = person.app.test_client()
        client._cookies = person.client._cookies  # type: ignore[attr-defined]  # the same person in another tab
        clients.append(client)

    def send(client: Any) -> str:
        form = {**FORM, "idempotency_key": str(key if same_key else uuid.uuid4())}
        answer = client.post("/menu/", data=form, headers={"X-CSRFToken": token})
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    assert len(set(map_at_once(send, clients))) == 1
    assert len(rows(engine, "SELECT id FROM menus")) == len(rows(engine, f"SELECT id FROM {JOBS}")) == 1


def test_cancelling_stops_the_menu_and_its_job(person: Visitor, engine: Engine, make: Make) -> None:
    """It stays cancelled even if its job runs after all."""
    menu_id = request_menu(person)
    assert person.post(f"/menu/{menu_id}/cancel").status_code == 303
    assert rows(engine, f"SELECT status::text FROM {JOBS}") == ["cancelled"]
    make(menu_id)
    assert person.get(f"/menu/{menu_id}/progress").get_json()["status"] == "cancelled"
    assert "You cancelled this menu." in person.get(f"/menu/{menu_id}").text
    assert request_menu(person) != menu_id


def test_cancelling_a_finished_menu_changes_nothing(person: Visitor, make: Make) -> None:
    menu_id = request_menu(person)
    make(menu_id)
    person.post(f"/menu/{menu_id}/cancel")
    assert person.get(f"/menu/{menu_id}/progress").get_json()["status"] == "ready"


def test_deleting_removes_the_menu_and_its_meals(person: Visitor, engine: Engine, make: Make) -> None:
    """And it is no longer in the list."""
    menu_id = request_menu(person)
    make(menu_id)
    assert menu_id in person.get("/menu/").text
    assert person.post(f"/menu/{menu_id}/delete").location == "/menu/"
    assert menu_id not in person.get("/menu/").text
    assert rows(engine, "SELECT id FROM meals") == []


def test_after_the_last_menu_the_first_page_leads_to_the_next(person: Visitor, make: Make) -> None:
    """It names the last menu, and does not greet the person as a newcomer."""
    assert "What would you like to eat?" in person.get("/").text
    menu_id = request_menu(person, start_date="2020-01-06")
    make(menu_id)
    page = person.get("/").text
    assert "Nothing planned for today" in page
    assert menu_id in page
    assert "What would you like to eat?" not in page


def test_a_menu_that_is_deleted_meanwhile_is_not_found(
    person: Visitor, make: Make, database: Database, engine: Engine
) -> None:
    """It is not shown as ready and empty when the deletion falls between two statements."""
    menu_id = request_menu(person)
    make(menu_id)

    def delete(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "JOIN recipes" in statement:
            with engine.begin() as connection:
                connection.execute(text("DELETE FROM menus"))

    event.listen(database.engine(), "before_cursor_execute", delete)
    assert person.get(f"/menu/{menu_id}").status_code == 404
    event.remove(database.engine(), "before_cursor_execute", delete)


@pytest.mark.parametrize(
    ("time_zone", "day"), [("UTC", 1), ("Pacific/Auckland", 2), ("America/Los_Angeles", 0)]
)  # fmt: skip
def test_todays_meals_are_on_the_first_page(
    config: Config, database: Database, engine: Engine, make: Make, time_zone: str, day: int
) -> None:
    """Which day it is depends on where the person is."""
    early = datetime.datetime(2026, 11, 24, 7, 30, tzinfo=datetime.UTC)
    late = early.replace(hour=11, minute=30)
    moment = early if time_zone.startswith("America") else late
    person = Visitor(create_app(config, database, clock=lambda: moment))
    person.register()
    with engine.begin() as connection:
        connection.execute(text("UPDATE users SET time_zone = :zone"), {"zone": time_zone})
    form = person.get("/menu/").text
    menu_id = request_menu(person, days="3")
    make(menu_id)
    menu = person.get(f"/menu/{menu_id}", json=True).get_json()
    titles = [meal["recipe"]["title"] for meal in menu["days"][day]["meals"]]
    page = person.get("/").text
    assert all(title in page for title in titles)
    assert f'value="{menu["days"][day]["date"]}"' in form


def test_amounts_are_in_the_persons_units(person: Visitor, make: Make, engine: Engine) -> None:
    """On the menu, in its JSON and in recipes; the grams stay the same."""
    menu_id = request_menu(person)
    make(menu_id)
    metric = person.get(f"/menu/{menu_id}", json=True).get_json()["days"][0]["meals"]
    with engine.begin() as connection:
        connection.execute(text("UPDATE users SET units = 'imperial'"))
    imperial = person.get(f"/menu/{menu_id}", json=True).get_json()["days"][0]["meals"]
    american = re.compile(r" (oz|lb|cups?) ")
    for one, other in zip(metric, imperial, strict=True):
        assert [line["grams"] for line in one["ingredients"]] == [line["grams"] for line in other["ingredients"]]
        assert not american.search(" ".join(line["text"] for line in one["ingredients"]))
    weighed = [meal for meal in imperial if american.search(" ".join(line["text"] for line in meal["ingredients"]))]
    recipe = f"/recipes/{weighed[0]['recipe']['id']}"
    lines = [line["text"] for line in person.get(recipe, json=True).get_json()["ingredients"]]
    assert american.search(" ".join(lines))
    assert american.search(person.get(recipe).text)


@pytest.mark.parametrize("path", ["/menu/{id}", "/menu/{id}/progress"])
@pytest.mark.parametrize("identifier", [str(uuid.UUID(int=7)), "not-a-uuid"])
def test_what_does_not_exist_is_not_found(person: Visitor, path: str, identifier: str) -> None:
    """Unknown and malformed ids alike."""
    assert person.get(path.format(id=identifier)).status_code == 404


def test_the_menu_of_another_person_is_not_found(person: Visitor, make: Make, engine: Engine) -> None:
    """It looks like one that does not exist, and cannot be changed."""
    menu_id = request_menu(person)
    make(menu_id)
    other = Visitor(person.app, "other@example.org")
    other.register()
    assert other.get(f"/menu/{menu_id}").status_code == 404
    assert other.get(f"/menu/{menu_id}/progress").status_code == 404
    for action in ("cancel", "delete"):
        assert other.post(f"/menu/{menu_id}/{action}").status_code == 404
    assert rows(engine, "SELECT status FROM menus") == ["ready"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"days": "0"}, "Enter a whole number of days from 1 to 28."),
        ({"days": "29"}, "Enter a whole number of days from 1 to 28."),
        ({"days": "a week"}, "Enter a whole number of days from 1 to 28."),
        ({"start_date": "tomorrow"}, "Enter a date such as 2026-11-23"),
        ({"start_date": "9999-12-31"}, "Enter a date such as 2026-11-23"),
        ({"start_date": ""}, "Enter a date such as 2026-11-23"),
        ({"seed": "-1"}, "Enter a whole number from 0 to"),
        ({"source": "oracle"}, "Choose one of auto, catalogue and model."),
        ({"source": "model"}, "has no model"),
        ({"idempotency_key": "again"}, "reload the page"),
    ],
)
def test_a_request_that_cannot_be_used_comes_back_as_typed(
    person: Visitor, engine: Engine, change: dict[str, str], message: str
) -> None:
    """422 with the message at the field; nothing is stored and nothing enqueued."""
    answer = person.post("/menu/", {**FORM, **change})
    assert answer.status_code == 422
    assert message in answer.text
    assert rows(engine, "SELECT id FROM menus") == rows(engine, f"SELECT id FROM {JOBS}") == []


def test_a_visitor_is_led_to_the_sign_in(visitor: Visitor) -> None:
    """And back afterwards; programs get a 401."""
    assert visitor.get("/menu/").location == "/auth/login?next=/menu/"
    assert visitor.get("/menu/", json=True).status_code == 401


@pytest.mark.parametrize("json", [False, True])
def test_no_connection_is_held_while_a_menu_is_put_together(
    person: Visitor, make: Make, database: Database, monkeypatch: pytest.MonkeyPatch, json: bool
) -> None:
    """Rows become values and values become a page after the transaction that read them."""
    menu_id = request_menu(person)
    make(menu_id)
    held: list[int] = []

    def summary(*arguments: Any) -> Any:
        held.append(checked_out(database.pooled))
        return recipe_summary(*arguments)

    monkeypatch.setattr(assembly, "recipe_summary", summary)
    assert person.get(f"/menu/{menu_id}", json=json).status_code == 200
    assert held == [0] * 8
