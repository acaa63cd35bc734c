"""The pages that explain a menu, as pages and as JSON."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from mealplanner.jobs.tasks import JobContext
from mealplanner.menu.generation.job import generate
from mealplanner.storage.database import Database
from tests.menu.requests import request_menu
from tests.preferences.form import FORM
from tests.visitor import Visitor

VEGAN = {**FORM, "diet_type": "vegan", "dietary_restrictions": ["gluten"]}


@pytest.fixture
def menu(person: Visitor, database: Database) -> Any:
    """Return a menu of two days for a vegan who avoids gluten."""
    person.post("/preferences", VEGAN)
    menu_id = request_menu(person, source="catalogue")
    generate(JobContext(database=database), menu_id=menu_id)
    return person.get(f"/menu/{menu_id}", json=True).get_json()


def address(menu: Any, number: int = 0) -> str:
    """Return the address of the page that explains a meal of the first day."""
    return f"/menu/{menu['id']}/meals/{menu['days'][0]['meals'][number]['id']}/why"


def test_a_meal_is_explained(person: Visitor, menu: Any) -> None:
    """Its reasons, and for each rule every ingredient with what was decided and where its figures come from."""
    meal = menu["days"][0]["meals"][0]
    why = person.get(address(menu), json=True).get_json()
    assert (why["id"], why["slot"], why["title"]) == (meal["id"], meal["slot"], meal["recipe"]["title"])
    assert {"history", "numbers"} <= {reason["kind"] for reason in why["reasons"]}
    assert (why["safe"], why["rules_changed"]) == (True, False)
    assert [(rule["rule"], rule["name"], rule["suits"]) for rule in why["rules"]] == [
        ("gluten", "No gluten", True),
        ("vegan", "Vegan", True),
    ]
    eaten = list(dict.fromkeys(line["food"] for line in meal["ingredients"]))
    assert [food["food"] for food in why["foods"]] == eaten
    assert all([food["food"] for food in rule["foods"]] == eaten for rule in why["rules"])
    assert all(food["verdict"] == "yes" for rule in why["rules"] for food in rule["foods"])
    assert all(food["source"] and food["source_url"].startswith("https://") for food in why["foods"])


def test_the_page_shows_the_same(person: Visitor, menu: Any) -> None:
    """And leads back to the day, and to the recipe."""
    why, page = person.get(address(menu), json=True).get_json(), person.get(address(menu)).text
    texts = [*(reason["text"] for reason in why["reasons"]), *(rule["summary"] for rule in why["rules"])]
    assert not [text for text in texts if text not in page.replace("&#39;", "'")]
    assert f"/menu/{menu['id']}#day-{menu['days'][0]['date']}" in page
    assert f"/recipes/{why['recipe']['id']}" in page


def test_a_rule_that_came_later_is_checked_too(person: Visitor, menu: Any) -> None:
    """A dish that does not fit the person any more says so, although the menu was made by other rules."""
    foods = [person.get(address(menu, number), json=True).get_json()["foods"] for number in range(3)]
    traits = [{trait for food in found for trait in food["contains"]} for found in foods]
    number, allergen = next(
        (number, allergen)
        for number, found in enumerate(traits)
        for allergen in ("soy", "tree-nuts", "sesame", "peanuts")
        if allergen in found
    )
    person.post("/preferences", {**VEGAN, "dietary_restrictions": [allergen], "version": "1"})
    why = person.get(address(menu, number), json=True).get_json()
    assert (why["safe"], why["rules_changed"]) == (False, True)
    assert "This dish does not fit what you told us since the menu was made." in person.get(address(menu, number)).text


def test_a_rating_and_a_habit_are_reasons(person: Visitor, menu: Any) -> None:
    """The page offers to make a meal the usual one, and says so afterwards."""
    meal = menu["days"][0]["meals"][0]
    assert "Make it my usual Monday breakfast" in person.get(address(menu)).text
    usual = {"recipe_id": meal["recipe"]["id"], "slot": "breakfast", "weekdays": "monday"}
    assert person.post("/usual-meals/", usual).status_code == 303
    person.post(f"/recipes/{meal['recipe']['id']}/rate", {"value": "1"})
    why = person.get(address(menu), json=True).get_json()
    assert [reason["kind"] for reason in why["reasons"]][:2] == ["usual", "rated"]
    assert "Make it my usual" not in person.get(address(menu)).text


def test_an_opinion_is_said_where_the_dish_is_explained(person: Visitor, menu: Any) -> None:
    """And leads back there."""
    recipe = menu["days"][0]["meals"][0]["recipe"]["id"]
    sent = {"opinion": "too-long", "next": address(menu)}
    assert person.post(f"/recipes/{recipe}/opinion", sent).location == address(menu)
    assert person.get(address(menu), json=True).get_json()["opinions"] == ["too-long"]
    assert 'aria-pressed="true" aria-label="Takes too long' in person.get(address(menu)).text


def test_a_menu_is_explained_day_by_day(person: Visitor, menu: Any) -> None:
    """What it was to reach and reached, and the first reason of each meal, which is one tap from its page."""
    why = person.get(f"/menu/{menu['id']}/why", json=True).get_json()
    assert [day["date"] for day in why["days"]] == [day["date"] for day in menu["days"]]
    assert why["on_target"] == "Every day is on target."
    for day, planned in zip(why["days"], menu["days"], strict=True):
        assert [meal["id"] for meal in day["meals"]] == [meal["id"] for meal in planned["meals"]]
        assert f"{planned['totals']['kcal']:,.0f} of {menu['targets']['kcal']:,.0f} kcal" in day["reached"][0]
    page = person.get(f"/menu/{menu['id']}/why").text
    assert all(meal["reason"]["text"] in page for day in why["days"] for meal in day["meals"])
    assert address(menu) in page


def test_what_is_not_there_is_a_404(person: Visitor, menu: Any) -> None:
    """A meal of another menu, a menu of another person, and one that is not made yet."""
    other = Visitor(person.app, "other@example.org")
    other.register()
    unfinished = request_menu(person)
    meal = menu["days"][0]["meals"][0]["id"]
    for visitor, path in [
        (person, f"/menu/{menu['id']}/meals/{uuid.uuid4()}/why"),
        (person, f"/menu/{unfinished}/meals/{meal}/why"),
        (person, f"/menu/{unfinished}/why"),
        (other, address(menu)),
        (other, f"/menu/{menu['id']}/why"),
    ]:
        assert visitor.get(path).status_code == 404
