"""What a person says of a dish besides rating it: said, taken back, listed, and forgotten with the dish."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from mealplanner.food.catalogue import recipes_by_id
from mealplanner.recipes.opinions.values import barred_days, with_opinion
from mealplanner.storage.database import Database
from tests.factories import RecipeFactory, use_session
from tests.visitor import Visitor

DISH, OTHER = (str(recipe_id) for recipe_id in list(recipes_by_id())[:2])
TITLES = {str(recipe_id): dish.title for recipe_id, dish in recipes_by_id().items()}


def listed(person: Visitor) -> dict[str, list[str]]:
    """Return the opinions by the id of the dish."""
    found = person.get("/recipes/opinions", json=True).get_json()["opinions"]
    assert all(TITLES[dish["recipe"]["id"]] == dish["recipe"]["title"] for dish in found)
    return {dish["recipe"]["id"]: dish["opinions"] for dish in found}


def say(person: Visitor, dish: str, opinion: str, held: str | bool = "yes") -> Any:
    """Say or take back an opinion as a program does."""
    return person.post(f"/recipes/{dish}/opinion", json={"opinion": opinion, "held": held})


def test_opinions_are_held_and_taken_back(person: Visitor) -> None:
    """Each by itself, and saying one twice is saying it once."""
    assert say(person, DISH, "too-long").get_json() == {"opinions": ["too-long"]}
    assert say(person, DISH, "too-long").get_json() == {"opinions": ["too-long"]}
    assert say(person, DISH, "not-weekdays").get_json() == {"opinions": ["not-weekdays", "too-long"]}
    say(person, OTHER, "too-long")
    assert listed(person) == {OTHER: ["too-long"], DISH: ["not-weekdays", "too-long"]}
    assert say(person, DISH, "too-long", "no").get_json() == {"opinions": ["not-weekdays"]}
    say(person, OTHER, "too-long", False)
    assert listed(person) == {DISH: ["not-weekdays"]}


def test_the_page_says_what_an_opinion_does(person: Visitor) -> None:
    """A form leads back to the list, or to the page that it names, and says what happens now."""
    answer = person.post(f"/recipes/{DISH}/opinion", {"opinion": "not-weekdays"})
    assert (answer.status_code, answer.location) == (303, "/recipes/opinions")
    page = person.get("/recipes/opinions").text
    assert "Served on Saturdays and Sundays only. That is for new menus." in page
    assert TITLES[DISH] in page
    answer = person.post(f"/recipes/{DISH}/opinion", {"opinion": "not-weekdays", "held": "no", "next": "/recipes/"})
    assert answer.location == "/recipes/"


def test_a_dish_that_is_asked_about_is_shown_first(person: Visitor) -> None:
    """With nothing said of it yet, as its own page leads here; what is no dish is a 422."""
    say(person, OTHER, "too-long")
    found = person.get(f"/recipes/opinions?about={DISH}", json=True).get_json()["opinions"]
    assert [(dish["recipe"]["id"], dish["opinions"]) for dish in found] == [(DISH, []), (OTHER, ["too-long"])]
    assert TITLES[DISH] in person.get(f"/recipes/opinions?about={DISH}").text
    assert person.get("/recipes/opinions?about=soup", json=True).status_code == 422


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"opinion": "tasty"}, "opinion"), ({}, "opinion"), ({"opinion": "too-long", "held": "x"}, "held")],
)
def test_what_is_no_opinion_is_a_422(person: Visitor, sent: dict[str, str], field: str) -> None:
    answer = person.post(f"/recipes/{DISH}/opinion", json=sent)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


def test_other_peoples_opinions_are_theirs(person: Visitor) -> None:
    """And a dish that does not exist is a 404."""
    assert say(person, str(uuid.uuid4()), "too-long").status_code == 404
    other = Visitor(person.app, "other@example.org")
    other.register()
    say(other, DISH, "too-long")
    assert listed(person) == {}


def test_a_deleted_dish_takes_its_opinions_along(
    person: Visitor, database: Database, rows: Callable[..., list[Any]]
) -> None:
    """As it does its rating."""
    ((user_id,),) = rows("SELECT id FROM users")

    def cook(session: Any) -> str:
        with use_session(session):
            return str(RecipeFactory(owner_id=user_id).id)

    mine = database.run(cook)
    assert say(person, mine, "too-long").status_code == 200
    person.post(f"/recipes/{mine}/delete")
    assert rows("SELECT count(*) FROM opinions") == [(0,)]
    assert say(person, mine, "too-long").status_code == 404


def test_weekdays_are_told_by_the_calendar() -> None:
    """A menu that begins on a Friday has its weekend on the second and third day."""
    dates = [datetime.date(2026, 11, 27) + datetime.timedelta(days=day) for day in range(5)]
    said = {"stew": frozenset({"not-weekdays"}), "pie": frozenset({"too-long"})}
    assert barred_days(said, dates) == {"stew": frozenset({0, 3, 4})}
    assert with_opinion(said, "too-long") == {"pie"}
