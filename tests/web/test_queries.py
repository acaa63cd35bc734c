"""How many queries a page runs: few, and the same number however much there is to show."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest

from mealplanner.storage.database import Database
from tests.menu.requests import plan
from tests.statements import asked
from tests.visitor import Visitor

Count = Callable[[str], int]


@pytest.fixture
def count(person: Visitor, database: Database) -> Count:
    """Return a function that counts the queries of the signed-in person's page at a path."""

    def counted(path: str) -> int:
        with asked(database) as statements:
            assert person.get(path).status_code == 200
        return len(statements)

    return counted


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/", 4),
        ("/menu/", 4),
        ("/preferences", 2),
        ("/recipes/", 3),
        ("/recipes/catalogue", 5),
        ("/recipes/opinions", 3),
        ("/usual-meals/", 6),
        ("/history/", 3),
        ("/auth/account", 3),
        ("/calendar/", 2),
        ("/healthz", 0),
        ("/readyz", 4),
    ],
)
def test_a_page_asks_so_many(count: Count, path: str, queries: int) -> None:
    """One for the person who is signed in, and one for each kind of thing that is shown."""
    assert count(path) == queries


@pytest.mark.parametrize("path", ["/", "/auth/login", "/auth/register", "/healthz"])
def test_a_stranger_costs_no_query(visitor: Visitor, database: Database, path: str) -> None:
    """These pages show nothing of a person."""
    with asked(database) as statements:
        assert visitor.get(path).status_code == 200
    assert statements == []


@pytest.mark.parametrize("days", [1, 3])
def test_a_menu_and_its_recipes_ask_the_same_whatever_their_length(
    person: Visitor, database: Database, count: Count, days: int
) -> None:
    """The person with the menu, and all its meals; for a recipe, the person, their rating and their opinions of it, and
    the meal."""
    address = plan(person, database, days=days)
    assert count(address) == 2
    page = person.get(address).text
    recipe = page[page.index("/recipes/") + 1 :]
    recipe = recipe[recipe.index("/recipes/") :].split('"', 1)[0]
    assert count(recipe.replace("&amp;", "&")) == 4


@pytest.mark.parametrize("days", [1, 3])
def test_why_asks_the_same_whatever_the_length_of_the_menu(
    person: Visitor, database: Database, count: Count, days: int
) -> None:
    """The person, the menu, its meals, what was eaten before, preferences, ratings, opinions and usual meals."""
    address = plan(person, database, days=days)
    meal = person.get(address, json=True).get_json()["days"][0]["meals"][0]["id"]
    assert count(f"{address}/why") == 9
    assert count(f"{address}/meals/{meal}/why") == 9


def test_todays_page_reads_the_meals_of_today_and_tomorrow(person: Visitor, database: Database, count: Count) -> None:
    """The person, the menu, the meals of two days of it, and whether another menu is being made."""
    yesterday = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=1)
    menu = person.get(plan(person, database, start=yesterday, days=4), json=True).get_json()
    assert count("/") == 4
    shown = set(re.findall(r"/recipes/([0-9a-f-]{36})", person.get("/").text))
    assert shown == {meal["recipe"]["id"] for day in menu["days"][1:3] for meal in day["meals"]}
