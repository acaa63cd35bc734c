"""Usual meals: chosen, listed, changed, forgotten, and served by new menus."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from mealplanner.food.catalogue import recipes_by_id
from mealplanner.jobs.tasks import JobContext
from mealplanner.menu.generation.job import generate
from mealplanner.storage.database import Database
from tests.menu.requests import request_menu
from tests.preferences.form import FORM
from tests.visitor import Visitor

DISHES = {str(recipe_id): dish for recipe_id, dish in recipes_by_id().items()}
BREAKFAST, OTHER = [
    id_ for id_, dish in DISHES.items() if dish.kinds == {"breakfast"} and not dish.appliances and dish.minutes < 15
][:2]


def listed(person: Visitor) -> list[tuple[str, list[str], str | None]]:
    """Return slot, weekdays and title of each usual meal."""
    found = person.get("/usual-meals/", json=True).get_json()["usual_meals"]
    return [(meal["slot"], meal["weekdays"], meal["recipe"] and meal["recipe"]["title"]) for meal in found]


def choose(person: Visitor, dish: str, slot: str, *weekdays: str) -> Any:
    """Choose a usual meal as a program does."""
    return person.post("/usual-meals/", json={"recipe_id": dish, "slot": slot, "weekdays": list(weekdays)})


def test_a_usual_meal_is_chosen_for_some_days(person: Visitor) -> None:
    answer = choose(person, BREAKFAST, "breakfast", "tuesday", "monday")
    assert answer.get_json()["message"].startswith("Breakfast on Monday and Tuesday:")
    assert listed(person) == [("breakfast", ["monday", "tuesday"], DISHES[BREAKFAST].title)]


def test_choosing_the_same_dish_again_changes_its_days(person: Visitor) -> None:
    """They are exactly the days that were sent."""
    choose(person, BREAKFAST, "breakfast", "monday", "tuesday")
    choose(person, BREAKFAST, "breakfast", "tuesday", "sunday")
    assert listed(person) == [("breakfast", ["tuesday", "sunday"], DISHES[BREAKFAST].title)]


def test_another_dish_takes_the_place(person: Visitor) -> None:
    """Each weekday has one usual dish for a meal."""
    choose(person, BREAKFAST, "breakfast", "monday", "tuesday")
    choose(person, OTHER, "breakfast", "tuesday", "friday")
    assert listed(person) == [
        ("breakfast", ["monday"], DISHES[BREAKFAST].title),
        ("breakfast", ["tuesday", "friday"], DISHES[OTHER].title),
    ]


def test_a_usual_meal_is_forgotten(person: Visitor) -> None:
    """On the days that are named, and what is not there is a 404."""
    choose(person, BREAKFAST, "breakfast", "monday", "tuesday")
    sent = {"slot": "breakfast", "weekdays": ["monday", "friday"]}
    assert person.post("/usual-meals/forget", json=sent).status_code == 200
    assert listed(person) == [("breakfast", ["tuesday"], DISHES[BREAKFAST].title)]
    assert person.post("/usual-meals/forget", json=sent).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": ["someday"]}, "weekdays"),
        ({"slot": "tea"}, "slot"),
        ({"slot": "dinner"}, "slot"),
        ({"recipe_id": "porridge"}, "recipe_id"),
        ({"recipe_id": None}, "recipe_id"),
    ],
)
def test_what_is_no_usual_meal_is_a_422(person: Visitor, changes: dict[str, Any], field: str) -> None:
    """A dish for breakfast is no dinner, and a habit has days."""
    sent = {"recipe_id": BREAKFAST, "slot": "breakfast", "weekdays": ["monday"], **changes}
    answer = person.post("/usual-meals/", json=sent)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])
    assert listed(person) == []


def test_a_dish_that_is_not_there_is_a_404(person: Visitor) -> None:
    assert choose(person, str(uuid.uuid4()), "breakfast", "monday").status_code == 404


def test_a_dish_against_a_restriction_cannot_be_usual(person: Visitor) -> None:
    """The sentence says what is in it, and the form keeps what was chosen."""
    milky = next(id_ for id_, dish in DISHES.items() if dish.kinds == {"breakfast"} and dish.main_protein == "dairy")
    person.post("/preferences", {**FORM, "dietary_restrictions": ["milk"]})
    answer = choose(person, milky, "breakfast", "monday")
    assert answer.status_code == 422
    assert re.search("does not suit you. Contains milk", answer.get_json()["errors"]["recipe_id"][0])
    title = DISHES[milky].title
    page = person.post(f"/usual-meals/?q={title}", {"recipe_id": milky, "slot": "breakfast", "weekdays": ["sunday"]})
    assert page.status_code == 422
    assert "does not suit you" in page.text


def test_other_peoples_habits_are_theirs(person: Visitor) -> None:
    choose(person, BREAKFAST, "breakfast", "monday")
    other = Visitor(person.app, "other@example.org")
    other.register()
    assert listed(other) == []
    assert other.post("/usual-meals/forget", json={"slot": "breakfast", "weekdays": ["monday"]}).status_code == 404


def test_a_new_menu_serves_usual_meals_and_keeps_them(person: Visitor, database: Database) -> None:
    """The day still meets its targets, and an edit of the rest leaves them alone, since they are locked."""
    choose(person, BREAKFAST, "breakfast", "monday", "tuesday")
    menu = _made(person, database)
    for day in menu["days"]:
        (breakfast,) = [meal for meal in day["meals"] if meal["slot"] == "breakfast"]
        assert (breakfast["recipe"]["id"], breakfast["locked"]) == (BREAKFAST, True)
        assert abs(day["totals"]["kcal"] / menu["targets"]["kcal"] - 1) <= 0.05
        assert not [meal for meal in day["meals"] if meal["slot"] != "breakfast" and meal["locked"]]
    assert menu["warnings"] == []


def test_a_menu_says_which_usual_meal_it_leaves_out(person: Visitor, database: Database) -> None:
    """A dish that is not allowed any more is not served, and the sentence says why; the list says it too."""
    choose(person, BREAKFAST, "breakfast", "monday")
    person.post(f"/recipes/{BREAKFAST}/rate", {"value": "-1"})
    menu = _made(person, database)
    served = {meal["recipe"]["id"] for day in menu["days"] for meal in day["meals"]}
    assert BREAKFAST not in served
    title = DISHES[BREAKFAST].title
    left_out = f"Your usual breakfast on Monday is not on this menu (“{title}”). You said “never again”."
    assert left_out in menu["warnings"]
    (meal,) = person.get("/usual-meals/", json=True).get_json()["usual_meals"]
    assert meal["left_out"] == "You said “never again”."
    assert "New menus leave it out." in person.get("/usual-meals/").text


def test_dishes_are_found_by_their_name(person: Visitor) -> None:
    """All words count, and a dish that cannot be served is not offered."""
    title = DISHES[BREAKFAST].title
    assert f'value="{BREAKFAST}"' in person.get(f"/usual-meals/?q={title.upper()}").text
    assert "No dish that suits you" in person.get("/usual-meals/?q=no such dish").text


def _made(person: Visitor, database: Database) -> Any:
    menu_id = request_menu(person, source="catalogue")
    generate(JobContext(database=database), menu_id=menu_id)
    return person.get(f"/menu/{menu_id}", json=True).get_json()
