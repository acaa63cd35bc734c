"""Putting a dish on a day, and marking a meal as cooked."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from flask import Flask

from mealplanner.food.catalogue import load_catalogue, recipe_id
from mealplanner.storage.database import Database
from tests.clock import Clock
from tests.menu.requests import plan
from tests.preferences.form import FORM
from tests.visitor import Visitor

TODAY = Clock().now.date()
TOMORROW = TODAY + datetime.timedelta(days=1)


@pytest.fixture
def app(app_at_noon: Flask) -> Flask:
    """Return the application on the day that is today here."""
    return app_at_noon


@pytest.fixture
def menu(person: Visitor, database: Database) -> str:
    """Return the address of a menu of two days from today on."""
    return plan(person, database, days=2, start=TODAY)


def meals(person: Visitor, menu: str, slot: str) -> list[dict[str, Any]]:
    """Return the meals of a slot, of all days."""
    days = person.get(menu, json=True).get_json()["days"]
    return [meal for day in days for meal in day["meals"] if meal["slot"] == slot]


def address(person: Visitor, menu: str, kind: str = "main") -> str:
    """Return a dish of a kind that the menu does not serve, and that suits."""
    served = {meal["recipe"]["title"] for meal in [*meals(person, menu, "lunch"), *meals(person, menu, "dinner")]}
    found = person.get(f"/recipes/catalogue?meal={kind}&minutes=30", json=True).get_json()["dishes"]
    dish = next(dish for dish in found if dish["suits"] and dish["title"] not in served and dish["kinds"] == [kind])
    return f"/recipes/{dish['id']}"


def test_a_dish_is_put_on_a_day(person: Visitor, menu: str) -> None:
    """In place of what stood there, as an edit of the menu that can be undone, in the portion that suits the day."""
    dish, (_, before) = address(person, menu), meals(person, menu, "dinner")
    assert f"in place of {before['recipe']['title']}" in person.get(f"{dish}/plan").text
    answer = person.post(f"{dish}/plan", {"date": str(TOMORROW), "slot": "dinner", "version": "1"})
    assert (answer.status_code, answer.location) == (303, f"{menu}#day-{TOMORROW}")
    after = person.get(menu, json=True).get_json()
    assert after["version"] == 2
    (_, dinner) = meals(person, menu, "dinner")
    assert (dinner["id"], f"/recipes/{dinner['recipe']['id']}") == (before["id"], dish)
    assert f'formaction="{menu}/undo">Undo' in person.get(menu).text
    assert "It is dinner already." in person.get(f"{dish}/plan").text
    person.post(f"{menu}/undo", {"version": "2"})
    assert meals(person, menu, "dinner")[1]["recipe"] == before["recipe"]


def test_programs_get_the_places_and_need_no_version(person: Visitor, menu: str) -> None:
    """A breakfast is offered breakfasts."""
    dish = address(person, menu, "breakfast")
    places = person.get(f"{dish}/plan", json=True).get_json()["places"]
    assert [(place["date"], place["slot"]) for place in places] == [
        (str(TODAY), "breakfast"),
        (str(TOMORROW), "breakfast"),
    ]
    answer = person.post(f"{dish}/plan", json={"date": str(TODAY), "slot": "breakfast"})
    assert (answer.status_code, answer.location) == (303, f"{menu}#day-{TODAY}")
    assert f"/recipes/{meals(person, menu, 'breakfast')[0]['recipe']['id']}" == dish


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ({"date": str(TODAY + datetime.timedelta(days=9)), "slot": "dinner"}, "You have no menu for"),
        ({"date": str(TODAY - datetime.timedelta(days=1)), "slot": "dinner"}, "days gone by stay as they are"),
        ({"date": "soon", "slot": "dinner"}, "Enter a date such as"),
        ({"date": str(TOMORROW), "slot": "brunch"}, "Choose one of breakfast, lunch, dinner, snack."),
        ({"date": str(TOMORROW), "slot": "dinner", "version": "7"}, "This menu is at version 1."),
    ],
)
def test_a_place_that_is_not_there_is_refused_in_a_sentence(
    person: Visitor, menu: str, place: dict[str, str], sentence: str
) -> None:
    """On the page with the places that are."""
    dish = address(person, menu)
    answer = person.post(f"{dish}/plan", place)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "in place of" in answer.text
    assert person.get(menu, json=True).get_json()["version"] == 1


def test_a_dish_that_does_not_suit_is_not_put_on_a_day(person: Visitor, menu: str) -> None:
    """The planner's proof decides, by the preferences of now."""
    person.post("/preferences", {**FORM, "diet_type": "vegan", "version": "0"})
    omelette = next(recipe for recipe in load_catalogue().recipes if "egg" in recipe.slug and "main" in recipe.kinds)
    answer = person.post(f"/recipes/{recipe_id(omelette)}/plan", {"date": str(TOMORROW), "slot": "lunch"})
    assert answer.status_code == 422
    assert "does not suit you. Not vegan" in answer.text
    assert person.get(menu, json=True).get_json()["version"] == 1


def test_a_meal_that_is_kept_or_was_changed_meanwhile_stays(person: Visitor, menu: str) -> None:
    dish, (_, dinner) = address(person, menu), meals(person, menu, "dinner")
    person.post(f"{menu}/meals/{dinner['id']}/lock", {"version": "1"})
    place = {"date": str(TOMORROW), "slot": "dinner"}
    assert person.post(f"{dish}/plan", {**place, "version": "1"}).status_code == 409
    refused = person.post(f"{dish}/plan", place)
    assert (refused.status_code, "You chose to keep" in refused.text) == (409, True)
    assert meals(person, menu, "dinner")[1]["recipe"] == dinner["recipe"]


def test_another_person_has_their_own_days(person: Visitor, menu: str) -> None:
    """And who has no menu is told so."""
    other = Visitor(person.app, "other@example.org")
    other.register()
    dish = address(person, menu)
    assert "No menu to put it on" in other.get(f"{dish}/plan").text
    assert other.post(f"{dish}/plan", {"date": str(TOMORROW), "slot": "dinner"}).status_code == 422
    assert other.get(f"/recipes/{uuid.UUID(int=7)}/plan").status_code == 404


def test_cooking_ends_with_a_mark_on_the_meal(person: Visitor, menu: str) -> None:
    """Of the cook view that was opened from it; once marked, it leads back to the recipe."""
    (dinner, _) = meals(person, menu, "dinner")
    cooking = f"/recipes/{dinner['recipe']['id']}/cook?meal={dinner['id']}"
    assert f'action="{menu}/meals/{dinner["id"]}/cooked"' in person.get(cooking).text
    assert person.post(f"{menu}/meals/{dinner['id']}/cooked", {"cooked": "yes", "version": "1"}).status_code == 303
    assert meals(person, menu, "dinner")[0]["cooked"]
    page = person.get(cooking).text
    assert "/cooked" not in page
    assert "Back to the recipe" in page


def test_a_dish_is_put_on_the_menu_that_the_day_belongs_to(person: Visitor, menu: str, database: Database) -> None:
    """Not on an older one that serves the day too."""
    older = menu
    newer = plan(person, database, days=1, start=TOMORROW, overlap="replace")
    dish = address(person, newer)
    answer = person.post(f"{dish}/plan", {"date": str(TOMORROW), "slot": "dinner"})
    assert answer.location == f"{newer}#day-{TOMORROW}"
    assert person.get(older, json=True).get_json()["version"] == 1
    assert [place["menu"] for place in person.get(f"{dish}/plan", json=True).get_json()["places"]] == [
        *(2 * [older.rpartition("/")[2]]),
        *(2 * [newer.rpartition("/")[2]]),
    ]
