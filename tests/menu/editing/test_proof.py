"""One proof before every stored change, by the preferences of now, and what a menu says of the dishes it serves."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from mealplanner.models import Menu, RecipeIngredient
from mealplanner.storage.database import Database
from tests.factories import RecipeFactory, use_session
from tests.menu.editing.planned import Browser

Rows = Callable[..., list[Any]]


def prefer(week: Browser, **changes: Any) -> None:
    """Change how the person eats."""
    stored = week.visitor.get("/preferences", json=True).get_json()
    answer = week.visitor.post("/preferences", json={**stored, **changes})
    assert answer.status_code == 200, answer.text


def find(week: Browser, meal: dict[str, Any], words: str) -> dict[str, Any]:
    """Return the first dish that a search finds."""
    return week.alternatives(meal, q=words)[0]


def serve(week: Browser, words: str) -> dict[str, Any]:
    """Serve a dish with these words on Tuesday evening."""
    dish = find(week, week.meal(1, "dinner"), words)
    assert dish["allowed"]
    week.edit(week.meal(1, "dinner"), "swap", recipe_id=dish["recipe"]["id"])
    return dish


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"diet_type": "vegan"}, "Not vegan"),
        ({"dietary_restrictions": ["meat"]}, "Contains meat"),
        ({"disliked_ingredients": ["chicken"]}, "you'd rather not eat"),
        ({"appliances": []}, "Needs a"),
        ({}, "never again"),
    ],
    ids=["diet", "restriction", "dislike", "appliance", "rating"],
)
def test_a_dish_that_does_not_suit_any_more_does_not_come_back(
    week: Browser, changes: dict[str, Any], reason: str
) -> None:
    """Not by undoing, moving, a larger portion or planning it again; a note can still be written."""
    dish = serve(week, "chicken")
    dinner = week.meal(1, "dinner")
    week.edit(dinner, "skip", energy="reserved")
    if changes:
        prefer(week, **changes)
    else:
        week.visitor.post(f"/recipes/{dish['recipe']['id']}/rate", {"value": "-1"})
    refused = [
        week.send(dinner, "unskip"),
        week.send(dinner, "portion", portion=2),
        week.send(dinner, "move", date="2026-11-25", slot="dinner"),
        week.send(week.meal(2, "dinner"), "swap", recipe_id=dish["recipe"]["id"]),
        week.visitor.post(f"/menu/{week.id}/undo", json={}),
    ]
    for answer in refused:
        assert answer.status_code == 422
        assert reason in answer.get_json()["detail"]
    week.edit(dinner, "note", note="out with Ann")
    week.step("undo")
    assert week.menu["version"] == 5


def test_redoing_is_proved_too(week: Browser) -> None:
    serve(week, "chicken")
    week.step("undo")
    prefer(week, diet_type="vegetarian")
    answer = week.visitor.post(f"/menu/{week.id}/redo", json={})
    assert answer.status_code == 422
    assert "Not vegetarian" in answer.get_json()["detail"]
    page = week.visitor.post(f"/menu/{week.id}/redo", {"version": "3"})
    assert page.status_code == 422
    assert "Not vegetarian" in page.text


def test_a_dish_that_takes_longer_than_asked_may_be_chosen(week: Browser) -> None:
    """How long to cook is the person's own choice, which the search tells."""
    prefer(week, prep_complexity=0)
    dish = find(week, week.meal(1, "dinner"), "stew")
    assert (dish["allowed"], dish["recipe"]["minutes"] > 15) == (True, True)
    week.edit(week.meal(1, "dinner"), "swap", recipe_id=dish["recipe"]["id"])


def test_a_dish_of_their_own_is_found_served_and_gone_once_it_was_deleted(
    week: Browser, database: Database, rows: Rows
) -> None:
    """It stays where it is served, and does not come back from the history."""

    def cook(session: Any) -> str:
        owner = session.scalars(select(Menu.user_id)).one()
        with use_session(session):
            recipe = RecipeFactory(owner_id=owner, title="Grandmother's stew", kinds=["main"], slug="stew-of-mine")
        session.add(RecipeIngredient(recipe_id=recipe.id, position=0, food_id="rolled-oats", grams=120))
        return str(recipe.id)

    own = database.run(cook)
    found = find(week, week.meal(1, "dinner"), "grandmother")
    assert (found["recipe"]["id"], found["recipe"]["source"]) == (own, "model")
    before = week.meal(1, "dinner")["recipe"]["title"]
    week.edit(week.meal(1, "dinner"), "swap", recipe_id=own)
    week.visitor.post(f"/recipes/{own}/delete")
    assert week.send(week.meal(2, "dinner"), "swap", recipe_id=own).status_code == 422
    week.edit(week.meal(1, "dinner"), "move", date="2026-11-25", slot="dinner")
    week.step("undo")
    week.step("undo")
    assert week.meal(1, "dinner")["recipe"]["title"] == before
    answer = week.visitor.post(f"/menu/{week.id}/redo", json={})
    assert answer.status_code == 422
    assert "You deleted “Grandmother's stew”" in answer.get_json()["detail"]
    assert rows("SELECT count(*) FROM meals WHERE recipe_id = :id", id=uuid.UUID(own)) == [(0,)]


def test_what_has_to_be_said_of_a_new_dish_is_said(week: Browser) -> None:
    """Meat has to be bought with a certificate, which no dish of the menu needed before."""
    prefer(week, diet_type="halal")
    note = "Buy the meat and poultry of this menu with a halal certificate."
    assert note not in week.menu["warnings"]
    serve(week, "chicken")
    assert week.menu["warnings"][-1] == note
    week.edit(week.meal(1, "dinner"), "lock")
    assert week.menu["warnings"].count(note) == 1


def test_the_journal_is_never_changed(week: Browser, rows: Rows) -> None:
    """The database refuses it, whatever asks; it goes with its menu."""
    week.edit(week.meal(1, "dinner"), "lock")
    with pytest.raises(DBAPIError, match="never changed"):
        rows("UPDATE menu_edits SET what = 'unlock'")
    assert rows("SELECT what FROM menu_edits") == [("lock",)]
    week.visitor.post(f"/menu/{week.id}/delete")
    assert rows("SELECT count(*) FROM menu_edits") == [(0,)]
