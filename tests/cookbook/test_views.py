"""The pages of dishes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from mealplanner.food.catalogue import load_catalogue, recipe_id
from mealplanner.recipes.rows import recipe_rows
from mealplanner.recipes.services import store
from mealplanner.storage.database import Database
from tests.cookbook.dishes import DISH, OWN
from tests.preferences.form import FORM
from tests.visitor import PASSWORD, Visitor


@pytest.fixture
def dish(database: Database) -> str:
    """The address of a dish of the catalogue that some menu served."""
    database.run(lambda session: store(session, recipe_rows([DISH])))
    return f"/recipes/{recipe_id(DISH)}"


@pytest.mark.parametrize("servings", ["0", "-1", "1e9", "lots", "1" * 400])
def test_servings_that_make_no_sense_are_explained_beside_the_dish(person: Visitor, dish: str, servings: str) -> None:
    """And stand in the field again."""
    answer = person.get(f"{dish}?servings={servings}")
    assert (answer.status_code, "from 0.25 to 48" in answer.text) == (422, True)
    assert f'value="{servings}"' in answer.text
    assert "Ingredients" in answer.text


def test_a_recipe_shows_its_ingredients_for_the_servings_asked(person: Visitor, dish: str) -> None:
    one, three = (person.get(f"{dish}?servings={servings}", json=True).get_json() for servings in (1, 3))
    assert three["ingredients"][0]["grams"] == pytest.approx(3 * one["ingredients"][0]["grams"], abs=0.3)
    assert one["steps"][0] in person.get(dish).text
    assert person.get(f"{dish}?servings=lots").status_code == 422


def test_a_dish_that_counts_pieces_for_one_says_so(person: Visitor, database: Database) -> None:
    """Its volumes grow all the same."""
    balls = replace(DISH, slug="balls", steps=("Stir in 100 ml of water.", "Roll it into eight balls.", "Fry them."))
    database.run(lambda session: store(session, recipe_rows([balls])))
    address = f"/recipes/{recipe_id(balls)}"
    assert "for one serving" not in person.get(address).text
    three = person.get(f"{address}?servings=3")
    assert "Numbers of pieces in these steps are for one serving" in three.text
    assert "Stir in 300 ml of water." in three.text


@pytest.mark.parametrize("identifier", [str(uuid.UUID(int=7)), "not-a-uuid"])
def test_what_does_not_exist_is_not_found(person: Visitor, identifier: str) -> None:
    """Unknown and malformed ids alike."""
    assert person.get(f"/recipes/{identifier}").status_code == 404


def test_a_dish_of_the_catalogue_is_there_before_a_menu_serves_it(person: Visitor) -> None:
    """Shown and rated from memory, without a row of its own."""
    path = f"/recipes/{recipe_id(DISH)}"
    assert person.get(path, json=True).get_json()["title"] == DISH.title
    assert person.post(f"{path}/rate", {"value": "1"}).status_code == 303
    assert person.get(path, json=True).get_json()["rating"] == 1


def test_a_rating_shows_where_it_was_given(person: Visitor, dish: str) -> None:
    """Pressing the active button takes it back, and the servings on the page stay."""
    assert 'aria-pressed="true"' not in person.get(dish).text
    answer = person.post(f"{dish}/rate", {"value": "-1", "next": f"{dish}?servings=2.5"})
    assert (answer.status_code, answer.location) == (303, f"{dish}?servings=2.5")
    assert 'value="0" aria-pressed="true">Never again' in person.get(dish).text
    assert person.get(dish, json=True).get_json()["rating"] == -1
    assert person.post(f"{dish}/rate", {"value": "0"}).status_code == 303
    assert person.get(dish, json=True).get_json()["rating"] == 0


def test_a_dish_that_takes_too_long_or_is_not_for_weekdays_says_so(person: Visitor, dish: str) -> None:
    """On its page, and where the dishes are listed by what suits."""
    most = "you asked for"
    assert person.get(dish, json=True).get_json()["opinions"] == []
    for opinion in ("too-long", "not-weekdays"):
        answer = person.post(f"{dish}/opinion", {"opinion": opinion, "held": "yes", "next": dish})
        assert (answer.status_code, answer.location) == (303, dish)
    assert person.get(dish, json=True).get_json()["opinions"] == ["not-weekdays", "too-long"]
    assert person.get(dish).text.count('name="held" value="no"') == 2
    long = next(recipe for recipe in load_catalogue().recipes if recipe.minutes == 40 and "oven" in recipe.appliances)
    search = f"/recipes/catalogue?q={long.title.replace(' ', '+')}"
    assert most not in str(person.get(search, json=True).get_json()["dishes"][0]["reason"])
    person.post(f"/recipes/{recipe_id(long)}/opinion", {"opinion": "too-long", "held": "yes"})
    assert most in person.get(search, json=True).get_json()["dishes"][0]["reason"]


def test_saying_that_a_dish_takes_too_long_leads_back_to_where_it_was_said(person: Visitor, dish: str) -> None:
    """On the page of the dish, for the servings that it was shown for, and in the list of opinions."""
    for page, place in (
        (f"{dish}?servings=3", f"{dish}?servings=3#opinions"),
        ("/recipes/opinions?page=1", "/recipes/opinions?page=1"),
    ):
        back = re.search(r'action="[^"]+/opinion">.*?name="next" value="([^"]+)"', person.get(page).text, re.DOTALL)
        assert back is not None
        answer = person.post(f"{dish}/opinion", {"opinion": "too-long", "held": "yes", "next": back[1]})
        assert (answer.status_code, answer.location) == (303, place)


def test_a_favourite_is_a_rating(person: Visitor, dish: str) -> None:
    """Of one, which the heart gives and takes back; what is wanted never again is not touched by it."""
    answer = person.post(f"{dish}/favourite", {"favourite": "yes", "next": "/recipes/catalogue?page=2"})
    assert (answer.status_code, answer.location) == (303, "/recipes/catalogue?page=2")
    assert person.get(dish, json=True).get_json()["rating"] == 1
    person.post(f"{dish}/favourite", {"favourite": "no"})
    assert person.get(dish, json=True).get_json()["rating"] == 0
    person.post(f"{dish}/favourite", json={})
    assert person.get(dish, json=True).get_json()["rating"] == 1
    person.post(f"{dish}/rate", {"value": "-1"})
    person.post(f"{dish}/favourite", json={"favourite": False})
    assert person.get(dish, json=True).get_json()["rating"] == -1
    assert person.post(f"{dish}/favourite", {"favourite": "maybe"}).status_code == 422


@pytest.mark.usefixtures("own")
def test_the_catalogue_is_searched_by_page_and_by_program(person: Visitor) -> None:
    """Own dishes are among the others, and what a model wrote is escaped."""
    query = "q=soup+own&favourites="
    page, found = (person.get(f"/recipes/catalogue?{query}", json=json) for json in (False, True))
    assert "&lt;b&gt;A soup&lt;/b&gt;" in page.text
    assert "<b>A soup" not in page.text
    (listed,) = [entry for entry in found.get_json()["dishes"] if entry["source"] == "model"]
    assert listed["title"] == OWN.title
    assert (listed["rating"], listed["suits"], listed["reason"]) == (0, True, None)
    everything = person.get("/recipes/catalogue", json=True).get_json()
    assert (everything["page"], len(everything["dishes"])) == (1, 24)
    assert everything["total"] == len(load_catalogue().recipes) + 1


def test_the_catalogue_follows_the_preferences(person: Visitor) -> None:
    """The present ones, with a reason for what they leave out."""
    person.post("/preferences", {**FORM, "diet_type": "vegan", "version": "0"})
    found = person.get("/recipes/catalogue?q=omelette", json=True).get_json()["dishes"]
    assert all(entry["suits"] or entry["reason"] for entry in found)
    assert not all(entry["suits"] for entry in found)
    assert "Not vegan: it has egg." in person.get("/recipes/catalogue?q=omelette").text


@pytest.mark.parametrize(
    "query", ["minutes=soon", "minutes=0", "meal=brunch", "cuisine=martian", "diet=fruit", "page=0", f"q={'a' * 101}"]
)
def test_a_search_that_cannot_be_is_refused(person: Visitor, query: str) -> None:
    answer = person.get(f"/recipes/catalogue?{query}", json=True)
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [query.partition("=")[0]]


def test_the_list_of_own_dishes_is_searched(person: Visitor, dish: str, own: str) -> None:
    """By title, cuisine or ingredient."""
    for path in (dish, own):
        person.post(f"{path}/rate", {"value": "1"})
    for words, shown in (("soup", [OWN.title]), ("xyzzy", []), (OWN.cuisine, [OWN.title])):
        found = person.get(f"/recipes/?q={words}", json=True).get_json()
        assert [entry["title"] for entry in found["own"]] == shown, words
    assert "None of your dishes" in person.get("/recipes/?q=xyzzy").text


def test_programs_rate_with_json(person: Visitor, dish: str) -> None:
    """With a number, as in what they read."""
    assert person.post(f"{dish}/rate", json={"value": 1}).status_code == 303
    assert person.get("/recipes/", json=True).get_json()["rated"][0]["rating"] == 1


@pytest.mark.parametrize("value", ["", "2", "1.5", "good", None])
def test_any_other_rating_is_refused(person: Visitor, dish: str, value: str | None) -> None:
    answer = person.post(f"{dish}/rate", {} if value is None else {"value": value})
    assert answer.status_code == 422
    assert person.get("/recipes/", json=True).get_json()["rated"] == []


def test_the_list_has_own_dishes_with_their_numbers_and_those_rated(person: Visitor, dish: str, own: str) -> None:
    """As a page that escapes what a model wrote, and as JSON."""
    person.post(f"{dish}/rate", {"value": "1"})
    assert person.post(f"{own}/rate", {"value": "-1", "next": "/recipes/"}).location == "/recipes/"
    page, listed = person.get("/recipes/").text, person.get("/recipes/", json=True).get_json()
    assert "&lt;b&gt;A soup&lt;/b&gt;" in page
    assert "<b>A soup" not in page
    assert f"{listed['own'][0]['kcal']:.0f} kcal" in page
    assert [(entry["title"], entry["rating"]) for entry in listed["own"]] == [(OWN.title, -1)]
    assert [(entry["title"], entry["rating"]) for entry in listed["rated"]] == [(DISH.title, 1)]
    assert page.count('aria-pressed="true"') == 2


def test_a_deleted_dish_leaves_the_list(person: Visitor, own: str) -> None:
    """The button asks for confirmation first."""
    assert f'<form method="post" action="{own}/delete">' in person.get("/recipes/").text
    assert person.post(f"{own}/delete").location == "/recipes/"
    page = person.get("/recipes/").text
    assert "The dish is deleted." in page
    assert OWN.slug not in page
    assert person.get(own).status_code == 404


@pytest.mark.parametrize("act", [lambda who, path: who.get(path), lambda who, path: who.post(f"{path}/delete")])
def test_the_dish_of_another_person_is_not_found(
    person: Visitor, other: Visitor, own: str, act: Callable[[Visitor, str], Any]
) -> None:
    """It can be neither seen nor changed."""
    assert act(other, own).status_code == 404
    assert other.post(f"{own}/rate", {"value": "1"}).status_code == 404
    assert other.get("/recipes/", json=True).get_json()["own"] == []
    assert person.get(own).status_code == 200


def test_a_dish_of_the_catalogue_cannot_be_deleted(person: Visitor, dish: str) -> None:
    assert person.post(f"{dish}/delete").status_code == 404
    assert person.get(dish).status_code == 200


def test_dishes_and_ratings_are_exported_and_deleted_with_the_account(
    person: Visitor, engine: Engine, dish: str, own: str
) -> None:
    for path, value in ((dish, "1"), (own, "-1")):
        person.post(f"{path}/rate", {"value": value})
    taken = person.get("/auth/account/export").get_json()
    assert taken["ratings"] == {DISH.slug: 1, OWN.slug: -1}
    assert [recipe["title"] for recipe in taken["recipes"]] == [OWN.title]
    assert person.post("/auth/account/delete", {"sure": "true", "present_password": PASSWORD}).status_code == 303
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT slug FROM ratings")).all() == []
        assert connection.scalars(text("SELECT slug FROM recipes")).all() == [DISH.slug]


def test_the_list_needs_few_queries(person: Visitor, dish: str, own: str) -> None:
    """However many dishes there are."""
    for path in (dish, own):
        person.post(f"{path}/rate", {"value": "1"})
    asked: list[str] = []
    database: Database = person.app.database

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(database.engine(), "before_cursor_execute", count)
    person.get("/recipes/")
    assert len([statement for statement in asked if "pg_current_xact_id" not in statement]) <= 4, asked


def test_a_dish_that_is_begun_the_day_before_says_so(person: Visitor) -> None:
    """With the amounts for the servings asked, in the recipe, in the cook view, for programs and in the catalogue."""
    beans = next(dish for dish in load_catalogue().recipes if dish.slug == "red-beans-and-rice")
    address, sentence = f"/recipes/{recipe_id(beans)}", "Soak the beans (320 g) in plenty of cold water."
    for page in ("", "/cook"):
        assert sentence in person.get(f"{address}{page}?servings=4").text
        assert person.get(f"{address}{page}?servings=4", json=True).get_json()["day_before"] == sentence
    assert "begun the day before" in person.get("/recipes/catalogue?q=red+beans+and+rice").text


def test_a_dish_that_cooks_by_itself_says_how_long_it_takes_by_hand(person: Visitor) -> None:
    goulash = next(dish for dish in load_catalogue().recipes if dish.slug == "slow-cooker-goulash")
    address = f"/recipes/{recipe_id(goulash)}"
    for page in ("", "/cook"):
        assert "4 h (20 min by hand)" in person.get(address + page).text.replace("\N{NO-BREAK SPACE}", " ")
        assert person.get(address + page, json=True).get_json()["waiting_minutes"] == 220


def test_a_dish_for_several_is_shown_for_as_many(person: Visitor) -> None:
    """Unless another number is asked for."""
    goulash = next(dish for dish in load_catalogue().recipes if dish.slug == "slow-cooker-goulash")
    address = f"/recipes/{recipe_id(goulash)}"
    assert person.get(address, json=True).get_json()["servings"] == 2
    assert "Makes at least 2 servings. What is left keeps for 3 days." in person.get(address).text
    assert person.get(f"{address}?servings=1", json=True).get_json()["servings"] == 1
