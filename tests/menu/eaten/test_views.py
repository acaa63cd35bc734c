"""The page of what was eaten: listed, corrected, forgotten, and what new menus make of it."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from flask import Flask

from mealplanner.jobs.tasks import JobContext
from mealplanner.menu.generation.job import generate
from mealplanner.storage.database import Database
from tests.clock import Clock
from tests.menu.requests import request_menu
from tests.visitor import Visitor

TODAY = Clock().now.date()
YESTERDAY = TODAY - datetime.timedelta(days=1)


@pytest.fixture
def app(app_at_noon: Flask) -> Flask:
    """Return the application on the day that is today here."""
    return app_at_noon


@pytest.fixture
def menu(person: Visitor, database: Database) -> Any:
    """Return a menu of yesterday and today."""
    menu_id = request_menu(person, source="catalogue", start_date=YESTERDAY.isoformat())
    generate(JobContext(database=database), menu_id=menu_id)
    return person.get(f"/menu/{menu_id}", json=True).get_json()


def listed(person: Visitor, path: str = "/history/") -> dict[str, Any]:
    """Return the meals of a page of the history by their id."""
    return {meal["id"]: meal for meal in person.get(path, json=True).get_json()["meals"]}


def say(person: Visitor, meal: str, **said: Any) -> Any:
    """Say something of a meal as a program does."""
    version = listed(person)[meal]["version"] if meal in listed(person) else 1
    return person.post(f"/history/{meal}", json={"version": version, "eaten": "yes", **said})


def test_meals_up_to_today_are_listed_the_latest_first(person: Visitor, menu: Any) -> None:
    found = person.get("/history/", json=True).get_json()
    expected = [meal["id"] for day in reversed(menu["days"]) for meal in day["meals"]]
    assert [meal["id"] for meal in found["meals"]] == expected
    assert (found["until"], found["earlier"]) == (TODAY.isoformat(), None)
    page = person.get("/history/").text
    assert all(meal["title"] in page for meal in (one["recipe"] for one in found["meals"]))


def test_a_meal_is_eaten_on_its_day_unless_another_is_said(person: Visitor, menu: Any) -> None:
    """And corrected, and the tick taken back; the menu shows the same, and its journal can undo it."""
    meal = menu["days"][0]["meals"][0]["id"]
    assert say(person, meal, cooked="yes").status_code == 200
    assert (listed(person)[meal]["eaten_on"], listed(person)[meal]["cooked_on"]) == (str(YESTERDAY), str(TODAY))
    say(person, meal, eaten_on=str(TODAY), cooked="no")
    assert (listed(person)[meal]["eaten_on"], listed(person)[meal]["cooked_on"]) == (str(TODAY), None)
    say(person, meal, eaten=False, cooked=False)
    assert listed(person)[meal]["eaten_on"] is None
    undone = person.post(f"/menu/{menu['id']}/undo", json={}).get_json()
    assert undone["days"][0]["meals"][0]["eaten"] is True
    assert listed(person)[meal]["eaten_on"] == str(TODAY)


def test_saying_the_same_twice_is_one_edit(person: Visitor, menu: Any) -> None:
    meal = menu["days"][0]["meals"][0]["id"]
    for _ in range(2):
        say(person, meal, eaten_on=str(YESTERDAY))
    assert person.get(f"/menu/{menu['id']}", json=True).get_json()["version"] == 2


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"eaten_on": (TODAY + datetime.timedelta(days=2)).isoformat()}, "eaten_on"),
        ({"eaten_on": "yesterday"}, "eaten_on"),
        ({"eaten": "perhaps"}, "eaten"),
        ({"cooked": "perhaps"}, "cooked"),
        ({"version": 99}, "version"),
    ],
)
def test_what_cannot_be_is_a_422(person: Visitor, menu: Any, said: dict[str, Any], field: str) -> None:
    answer = say(person, menu["days"][0]["meals"][0]["id"], **said)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


def test_a_skipped_meal_was_not_eaten(person: Visitor, menu: Any) -> None:
    meal = menu["days"][1]["meals"][-1]["id"]
    person.post(f"/menu/{menu['id']}/meals/{meal}/skip", json={"version": 1, "energy": "reserved"})
    assert listed(person)[meal]["skipped"] is True
    assert say(person, meal).status_code == 422


def test_a_meal_that_changed_since_is_a_409_and_nothing_is_lost(person: Visitor, menu: Any) -> None:
    """The page comes again with the meal as it is now."""
    meal = menu["days"][0]["meals"][0]["id"]
    say(person, meal)
    answer = person.post(f"/history/{meal}", json={"version": 1, "eaten": "no"})
    assert answer.status_code == 409
    assert listed(person)[meal]["eaten_on"] == str(YESTERDAY)
    page = person.post(f"/history/{meal}", {"version": "1", "eaten": "no"})
    assert page.status_code == 409
    assert "was changed since you opened this page" in page.text


def test_everything_ticked_is_forgotten(person: Visitor, menu: Any) -> None:
    """In one edit of the menu, which its history names and can undo."""
    meals = [meal["id"] for meal in menu["days"][0]["meals"]]
    for meal in meals[:2]:
        say(person, meal, cooked="yes")
    assert person.post("/history/forget", json={}).status_code == 200
    assert not [meal for meal in listed(person).values() if meal["eaten_on"] or meal["cooked_on"]]
    assert "Ticks taken back: 2 meals changed." in person.get(f"/menu/{menu['id']}/history").text


def test_other_peoples_meals_are_theirs(person: Visitor, menu: Any) -> None:
    meal = menu["days"][0]["meals"][0]["id"]
    say(person, meal)
    other = Visitor(person.app, "other@example.org")
    other.register()
    assert listed(other) == {}
    for unknown in (meal, str(uuid.uuid4())):
        assert other.post(f"/history/{unknown}", json={"version": 1, "eaten": "no"}).status_code == 404
    other.post("/history/forget", json={})
    assert listed(person)[meal]["eaten_on"] == str(YESTERDAY)


def test_the_export_has_what_was_ticked(person: Visitor, menu: Any) -> None:
    """With the dates in the person's time zone, and nothing that was only planned."""
    meal = menu["days"][0]["meals"][0]
    say(person, meal["id"])
    past = person.get("/auth/account/export").get_json()["history"]
    assert [(one["recipe"]["title"], one["eaten_on"]) for one in past] == [(meal["recipe"]["title"], str(YESTERDAY))]
