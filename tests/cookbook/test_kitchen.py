"""Dishes with the meals that serve them: the way back, the cook view, what is wanted no more."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import pytest
from flask import Flask

from mealplanner.storage.database import Database
from tests.clock import Clock
from tests.menu.requests import plan
from tests.visitor import Visitor

TODAY = Clock().now.date()


@pytest.fixture
def app(app_at_noon: Flask) -> Flask:
    """Return the application on the day that is today here."""
    return app_at_noon


@pytest.fixture
def menu(person: Visitor, database: Database) -> dict[str, Any]:
    """Return a menu of two days from today on."""
    found: dict[str, Any] = person.get(plan(person, database, days=2, start=TODAY), json=True).get_json()
    return found


@pytest.fixture
def meal(menu: dict[str, Any]) -> dict[str, Any]:
    """Return its second day's dinner."""
    found: dict[str, Any] = next(meal for meal in menu["days"][1]["meals"] if meal["slot"] == "dinner")
    return found


def recipe(meal: dict[str, Any]) -> str:
    """Return the address of a meal's recipe."""
    return f"/recipes/{meal['recipe']['id']}"


def test_a_recipe_leads_back_to_the_day_it_was_opened_from(
    person: Visitor, menu: dict[str, Any], meal: dict[str, Any]
) -> None:
    """And is shown for what has to be cooked, unless other servings are asked for."""
    tomorrow = TODAY + datetime.timedelta(days=1)
    address = f"{recipe(meal)}?meal={meal['id']}"
    page = person.get(address).text
    assert f'<a href="/menu/{menu["id"]}#day-{tomorrow}">{tomorrow:%A} dinner</a>' in page
    shown = person.get(address, json=True).get_json()
    assert shown["servings"] == meal["portion"] * meal["servings"]
    assert shown["ingredients"] == meal["ingredients"]
    assert shown["meal"] == {
        "id": meal["id"], "menu": menu["id"], "date": str(tomorrow), "slot": "dinner", "title": meal["recipe"]["title"]
    }  # fmt: skip
    assert person.get(f"{address}&servings=6", json=True).get_json()["servings"] == 6


def test_a_meal_of_another_person_is_as_one_that_is_gone(person: Visitor, meal: dict[str, Any]) -> None:
    """The recipe is shown with a word about it."""
    other = Visitor(person.app, "other@example.org")
    other.register()
    address = f"{recipe(meal)}?meal={meal['id']}"
    assert other.get(address, json=True).get_json()["meal"] is None
    page = other.get(address).text
    assert "is no longer on your menu" in page
    assert meal["id"] not in page
    assert other.get(f"{recipe(meal)}?meal=dinner").status_code == 422


def test_a_recipe_tells_when_its_meal_serves_something_else(person: Visitor, menu: dict[str, Any]) -> None:
    """With the way to that, and a button that has this dish served instead, unless the meal is kept."""
    breakfast, dinner = menu["days"][0]["meals"][0], menu["days"][1]["meals"][-1]
    address, meal = f"{recipe(breakfast)}?meal={dinner['id']}", f"/menu/{menu['id']}/meals/{dinner['id']}"
    page = person.get(address).text
    assert f'is <a href="{recipe(dinner)}?meal={dinner["id"]}">{dinner["recipe"]["title"]}</a>.' in page
    assert f'action="{meal}/swap"' in page
    assert person.get(address, json=True).get_json()["servings"] == 1
    person.post(f"{meal}/lock", {"version": "1"})
    assert f'action="{meal}/swap"' not in person.get(address).text


@pytest.mark.parametrize("next_page", ["/recipes/catalogue", ""])
def test_never_again_leads_to_the_meals_that_serve_it(
    person: Visitor, menu: dict[str, Any], meal: dict[str, Any], next_page: str
) -> None:
    """From wherever it was said; taken back, there is nothing to do."""
    answer = person.post(f"{recipe(meal)}/rate", {"value": "-1", "next": next_page})
    assert (answer.status_code, answer.location) == (303, f"{recipe(meal)}#still-planned")
    assert f"/menu/{menu['id']}/meals/{meal['id']}/alternatives?next=" in person.get(recipe(meal)).text
    planned = person.get(recipe(meal), json=True).get_json()["still_planned"]
    assert meal["id"] in [place["id"] for place in planned]
    opened = f"{recipe(meal)}?meal={meal['id']}"
    assert person.post(f"{recipe(meal)}/rate", {"value": "-1", "next": opened}).location == f"{opened}#still-planned"
    person.post(f"{recipe(meal)}/rate", {"value": "0"})
    assert "still-planned" not in person.get(recipe(meal)).text
    assert person.get(recipe(meal), json=True).get_json()["still_planned"] == []


def test_days_gone_by_are_not_changed_for_it(person: Visitor, database: Database) -> None:
    yesterday = TODAY - datetime.timedelta(days=1)
    past = person.get(plan(person, database, days=1, start=yesterday), json=True).get_json()["days"][0]["meals"][0]
    assert person.post(f"{recipe(past)}/rate", {"value": "-1"}).location == recipe(past)


def test_the_cook_view_shows_one_step(person: Visitor, meal: dict[str, Any]) -> None:
    """Without a script each step is a page of its own, with the way on and back, and with the meal."""
    steps = person.get(recipe(meal), json=True).get_json()["steps"]
    for number in (0, 1, len(steps) + 1, 99):
        page = person.get(f"{recipe(meal)}/cook?step={number}&meal={meal['id']}").text
        sections = re.findall(r'<section class="cook-step[^"]*" data-at="(\d+)"( hidden)?', page)
        assert [at for at, hidden in sections if not hidden] == [str(min(number, len(steps) + 1))]
        assert len(sections) == len(steps) + 2
        assert f"meal={meal['id']}" in page
    assert person.get(f"{recipe(meal)}/cook?step=-1").status_code == 422


def test_programs_get_the_steps_with_ingredients_and_timers(person: Visitor, meal: dict[str, Any]) -> None:
    shown = person.get(f"{recipe(meal)}/cook", json=True).get_json()
    written = person.get(recipe(meal), json=True).get_json()
    assert [step["text"] for step in shown["steps"]] == written["steps"]
    assert {line["food"] for step in shown["steps"] for line in step["ingredients"]} <= {
        line["food"] for line in written["ingredients"]
    }
    for step in shown["steps"]:
        assert all(timer["text"] in step["text"] for timer in step["timers"])


def test_other_programs_can_import_a_recipe(person: Visitor, meal: dict[str, Any]) -> None:
    """From the page, in the vocabulary of schema.org."""
    page = person.get(f"{recipe(meal)}?servings=2").text
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    data, shown = json.loads(found), person.get(f"{recipe(meal)}?servings=2", json=True).get_json()
    assert (data["@type"], data["name"], data["recipeYield"]) == ("Recipe", meal["recipe"]["title"], "2 servings")
    assert data["recipeIngredient"] == [line["text"] for line in shown["ingredients"]]
    assert [step["text"] for step in data["recipeInstructions"]] == shown["steps"]
    assert data["totalTime"] == f"PT{shown['minutes']}M"
    assert float(data["nutrition"]["calories"].removesuffix(" kcal")) == pytest.approx(shown["kcal"], abs=0.6)
