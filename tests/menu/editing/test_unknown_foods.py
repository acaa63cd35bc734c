"""Menus with foods and dishes that only a newer release knows: it planned them before the program went back."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mealplanner.larder.models import AlwaysThere, LarderItem
from mealplanner.menu.models import Meal, Menu
from mealplanner.recipes.models import Recipe, RecipeIngredient
from mealplanner.storage.database import Database
from tests.menu.editing.planned import Browser

FOOD: Final = "purple-carrot"
NAME: Final = "purple carrot (unknown food)"
STEW: Final = "Star stew"
OWN: Final = "Star stew of one's own"
STEPS: Final = ["Cook the purple carrot with {purple-carrot 1/2} more of it."]


@pytest.fixture
def newer(week: Browser, database: Database) -> Browser:
    """Return the menu of a person in which a newer release served a dish of its catalogue and one of the person's."""
    database.run(lambda session: serve_what_is_new(session, week))
    week.look()
    return week


def serve_what_is_new(session: Session, menu: Browser) -> None:
    """Store two dishes with a new food in place of two meals, and have the food in the house."""
    owner = session.scalars(select(Menu.user_id).where(Menu.id == uuid.UUID(menu.id))).one()
    for title, day, slot, owned_by in ((STEW, 0, "dinner", None), (OWN, 1, "lunch", owner)):
        dish = Recipe(
            id=uuid.uuid4(), owner_id=owned_by, slug=f"new-{day}", title=title, cuisine="lunar", main_protein="beans",
            kinds=["main"], minutes=30, appliances=["replicator"], steps=STEPS, day_before="Peel {purple-carrot}.",
        )  # fmt: skip
        session.add(dish)
        session.flush()
        for position, (food, grams) in enumerate(((FOOD, 120), ("salt", 1))):
            session.add(RecipeIngredient(recipe_id=dish.id, position=position, food_id=food, grams=grams))
        meal = uuid.UUID(menu.meal(day, slot)["id"])
        session.execute(update(Meal).where(Meal.id == meal).values(recipe_id=dish.id))
    session.add(LarderItem(id=uuid.uuid4(), user_id=owner, food_id=FOOD, grams=50))
    session.add(AlwaysThere(user_id=owner, food_id="moon-salt"))


def serving(menu: Browser, title: str = STEW) -> Any:
    """Return the meal that serves a dish."""
    return next(meal for meal in menu.meals() if meal["recipe"]["title"] == title)


def addresses(app: Flask, menu: Browser, meal: Any) -> Iterator[str]:
    """Yield every address that can be opened and that says no more than a menu, a meal, its dish or the food."""
    known = {"menu_id": menu.id, "meal_id": meal["id"], "recipe_id": meal["recipe"]["id"], "food": FOOD}
    known["token"] = menu.visitor.get("/calendar/", json=True).get_json()["address"].rsplit("/", 1)[1][: -len(".ics")]
    site = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= known.keys():
            yield site.build(rule.endpoint, {name: known[name] for name in rule.arguments}).partition("localhost")[2]
    for kind in ("json", "mealie", "paprika", "tandoor"):
        yield f"/recipes/{known['recipe_id']}/export?format={kind}"
        yield f"/recipes/export?format={kind}"
    yield f"/menu/{menu.id}/meals/{meal['id']}/alternatives?q=star"
    yield "/recipes/catalogue?q=star"


def shopping(menu: Browser) -> Any:
    """Return the list of the menu's days."""
    return menu.visitor.get(f"/menu/{menu.id}/shopping", json=True).get_json()


def test_every_page_and_every_export_opens(newer: Browser, app: Flask) -> None:
    person, wrong = newer.visitor, []
    person.post("/calendar/")
    for meal in (serving(newer), serving(newer, OWN)):
        for address in addresses(app, newer, meal):
            for json in (False, True):
                answer = person.get(address, json=json)
                unread = re.search(rb"\bnan\b", answer.data, re.IGNORECASE)
                if answer.status_code >= 500 or unread:
                    wrong.append((address, json, answer.status_code))
    assert not wrong


@pytest.mark.parametrize("title", [STEW, OWN])
def test_it_is_shown_by_its_name_and_its_grams(newer: Browser, title: str) -> None:
    person, meal = newer.visitor, serving(newer, title)
    dish = person.get(f"/recipes/{meal['recipe']['id']}", json=True).get_json()
    assert dish["ingredients"][0]["grams"] == 120
    assert dish["ingredients"][0]["text"] == f"120 g {NAME}"
    assert dish["steps"] == ["Cook the purple carrot with 60 g more of it."]
    assert [dish[name] for name in ("kcal", "protein_g", "carbohydrate_g", "fat_g", "details")] == [None] * 5
    assert meal["kcal"] > 0, "as they were when it was planned"
    for address in (f"/recipes/{dish['id']}", f"/recipes/{dish['id']}/cook"):
        assert NAME in person.get(address).text
    exported = person.get(f"/recipes/{dish['id']}/export").get_json()
    assert exported["recipeIngredient"][0] == f"120 g {NAME}"
    assert "nutrition" not in exported


def test_nothing_says_that_it_is_safe(newer: Browser) -> None:
    """Neither to a person with a rule nor to one without."""
    person, meal = newer.visitor, serving(newer)
    address = f"/menu/{newer.id}/meals/{meal['id']}/why"
    for change in ({}, {"dietary_restrictions": ["peanuts"], "diet_type": "keto"}):
        if change:
            preferences = person.get("/preferences", json=True).get_json()
            answer = person.post("/preferences", json=preferences | change)
            assert answer.status_code == 200, answer.text
        why = person.get(address, json=True).get_json()
        assert not why["safe"]
        assert not [rule["rule"] for rule in why["rules"] if rule["suits"]]
        assert all("does not know" in rule["summary"] for rule in why["rules"])
        assert [(food["food"], food["known"]) for food in why["foods"]] == [(FOOD, False), ("salt", True)]
        page = person.get(address).text.replace("&#39;", "'")
        assert "does not know purple carrot, so we can't prove that this dish is safe" in page
        assert "Fits</span>" not in page


def test_it_is_bought_like_any_other(newer: Browser) -> None:
    """By weight; what is not on the list cannot be ticked."""
    person = newer.visitor
    line = next(line for line in shopping(newer)["lines"] if line["food"] == FOOD)
    assert line["name"] == NAME.capitalize()
    assert NAME.capitalize() in person.get(f"/menu/{newer.id}/shopping.txt").text
    address, tick = f"/menu/{newer.id}/shopping", {"state": "bought", "grams": 500}
    assert person.post(address, json={**tick, "food": FOOD}).status_code == 200
    assert person.post(address, json={**tick, "food": "green-carrot"}).status_code == 422
    assert next(line for line in shopping(newer)["lines"] if line["food"] == FOOD)["state"] == "bought"


def test_the_larder_shows_it(newer: Browser) -> None:
    larder = newer.visitor.get("/larder/", json=True).get_json()
    assert [(item["name"], item["grams"]) for item in larder["items"]] == [(NAME.capitalize(), 50)]


def test_another_dish_can_be_put_in_its_place_and_not_the_other_way_round(newer: Browser) -> None:
    meal = serving(newer)
    offers = newer.visitor.get(newer.address(meal, "alternatives"), json=True).get_json()
    assert offers["alternatives"]
    newer.edit(meal, "swap")
    assert STEW not in [other["recipe"]["title"] for other in newer.meals()]
    answer = newer.visitor.post(f"/menu/{newer.id}/undo", json={"version": newer.menu["version"]})
    assert answer.status_code == 422
    assert "We don't know everything that is in it" in answer.text


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize(("day", "title"), [(0, STEW), (1, OWN)])
def test_a_day_is_balanced_around_it_or_without_it(newer: Browser, day: int, title: str, kept: bool) -> None:
    """It stays where it is kept, with the numbers it was planned with, and is not served again where it is not."""
    newer.edit(newer.meal(day, "breakfast"), "portion", portion=4)
    newer.edit(newer.meal(day, "breakfast"), "lock")
    if kept:
        newer.edit(serving(newer, title), "lock")
    fields = {"version": newer.menu["version"], "day": newer.menu["days"][day]["date"]}
    answer = newer.visitor.post(f"/menu/{newer.id}/rebalance", json=fields)
    assert answer.status_code == 200, answer.text
    newer.look()
    assert newer.menu["version"] > fields["version"]
    assert (title in [meal["recipe"]["title"] for meal in newer.menu["days"][day]["meals"]]) is kept


def test_what_else_can_be_done_with_a_meal_is_done(newer: Browser) -> None:
    """It is kept, ticked, noted and skipped."""
    for what, fields in (
        ("lock", {}), ("unlock", {}), ("note", {"note": "For guests"}), ("cooked", {"cooked": True}),
        ("cooked", {"cooked": False}), ("skip", {"energy": "shared"}),
    ):  # fmt: skip
        newer.edit(serving(newer), what, **fields)
