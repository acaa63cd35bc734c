"""The pages of a list, and what they say to bad input."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from mealplanner.storage.database import Database
from tests.shopping.conftest import Week, store_week
from tests.shopping.lists import DAYS, LIST, ZERO, listed, own, tick
from tests.shopping.meals import day
from tests.statements import asked
from tests.visitor import Visitor


def test_a_menus_list_has_what_its_meals_need(person: Visitor, week: Week) -> None:
    """The same as that of its days, as a page, as JSON and as text."""
    menu = week()
    lines = listed(person, f"/menu/{menu}/shopping")
    assert lines == listed(person)
    assert {food: line["needed"] for food, line in lines.items()} == {"spinach": 600, "leek": 300, "cumin": 2}
    assert [meal["recipe"]["title"] for meal in lines["spinach"]["meals"]] == ["Dinner 1", "Dinner 2"]
    page = person.get(f"/menu/{menu}/shopping")
    assert all(words in page.text for words in ("Spinach", "Dinner 1", "Mon, Tue", "Check that you have"))
    text = person.get(f"/menu/{menu}/shopping.txt")
    assert text.mimetype == "text/plain"
    assert text.text == person.get("/shopping/list.txt?from=2026-11-23&to=2026-11-24").text
    assert "- Spinach, " in text.text


def test_several_menus_fall_into_one_list(person: Visitor, week: Week) -> None:
    week()
    week(start=day(2), dinners=({"spinach": 50.0},))
    assert listed(person, "/shopping/?from=2026-11-23&to=2026-11-25")["spinach"]["needed"] == 700


def test_a_day_is_bought_for_once(person: Visitor, week: Week) -> None:
    """It belongs to one menu, however many serve it."""
    week()
    week(dinners=({"apple": 100.0},), own_days=False)
    assert "apple" not in listed(person)


def test_a_skipped_meal_needs_nothing(person: Visitor, week: Week, rows: Callable[..., Any]) -> None:
    week()
    rows("UPDATE meals SET skipped = 'reserved' WHERE day = 0")
    assert listed(person)["spinach"]["needed"] == 200


def test_a_tick_is_kept_with_what_was_bought(person: Visitor, week: Week) -> None:
    """By the button of the page, and the list is shown where it was ticked."""
    menu = week()
    answer = person.post(f"/menu/{menu}/shopping", {"tick": "bought spinach 600"})
    assert (answer.status_code, answer.location) == (303, f"/menu/{menu}/shopping#food-spinach")
    line = listed(person)["spinach"]
    assert (line["state"], line["bought"], line["buy"]) == ("bought", 600, None)
    answer = person.post("/shopping/", {**DAYS, "tick": f"open spinach 600 {line['ticks'][0]}"})
    assert answer.location == f"{LIST}#food-spinach"
    assert listed(person)["spinach"]["state"] == "open"


def test_a_tick_that_is_sent_twice_counts_once(person: Visitor, week: Week, rows: Callable[..., Any]) -> None:
    week()
    said = {"id": str(uuid.uuid4()), "food": "spinach", "state": "bought", "grams": 600}
    assert tick(person, **said).get_json() == {"id": said["id"], "state": "bought"}
    assert tick(person, **said).status_code == 200
    assert rows("SELECT count(*) FROM shopping_ticks") == [(1,)]


@pytest.mark.parametrize(
    "other", [{"grams": 500}, {"state": "open", "grams": None}, {"food": "leek"}, {"to": "2026-11-23"}]
)
def test_another_tick_under_the_same_id_is_refused(person: Visitor, week: Week, other: dict[str, Any]) -> None:
    """Rather than answered as if it was kept."""
    week()
    said = {"id": ZERO, "food": "spinach", "state": "bought", "grams": 400}
    assert tick(person, **said).status_code == 200
    refused = tick(person, **{**said, **other})
    assert (refused.status_code, "was not kept" in refused.get_json()["detail"]) == (409, True)
    assert listed(person)["spinach"]["bought"] == 400


def test_ticks_outlive_a_menu_that_is_made_again(person: Visitor, week: Week, rows: Callable[..., Any]) -> None:
    """They belong to the person, the days and the food."""
    week()
    tick(person, food="spinach", state="bought", grams=600)
    rows("DELETE FROM menus")
    assert listed(person)["spinach"]["change"] == "gone"
    week()
    assert listed(person)["spinach"]["state"] == "bought"


def test_what_changes_after_the_first_tick_is_shown_until_it_is_seen(
    person: Visitor, week: Week, rows: Callable[..., Any]
) -> None:
    week()
    tick(person, food="spinach", state="bought", grams=600)
    rows("UPDATE meals SET servings = 4 WHERE day = 1")
    lines = listed(person)
    assert {food: line["change"] for food, line in lines.items()} == {"spinach": "more", "leek": "more", "cumin": None}
    assert lines["spinach"]["buy"]["grams"] >= 200
    page = person.get(LIST).text
    assert "Changed since you started shopping" in page
    assert "You bought 600 g, these days now need 800 g." in page
    person.post("/shopping/changes/accept", DAYS)
    assert "Changed since you started shopping" not in person.get(LIST).text
    assert listed(person)["spinach"]["state"] == "open"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"food": "spinach", "state": "bought", "grams": 0}, "grams"),
        ({"food": "spinach", "state": "bought", "grams": -5}, "grams"),
        ({"food": "spinach", "state": "bought", "grams": 1e9}, "grams"),
        ({"food": "spinach", "state": "bought", "grams": float("nan")}, "grams"),
        ({"food": "spinach", "state": "bought", "grams": "1e3"}, "grams"),
        ({"food": "spinach", "state": "bought", "grams": True}, "grams"),
        ({"food": "spinach", "state": "bought"}, "grams"),
        ({"food": "spinach", "state": "bought", "amount": 2, "unit": "barrels"}, "unit"),
        ({"food": "spinach", "state": "bought", "amount": 1_000_000, "unit": "lb"}, "amount"),
        ({"food": "spinach", "state": "eaten", "grams": 5}, "state"),
        ({"food": "spinach"}, "state"),
        ({"food": "unobtainium", "state": "bought", "grams": 5}, "food"),
        ({"food": "x" * 10_000, "state": "later"}, "food"),
        ({"state": "later"}, "food"),
        ({"food": "spinach", "item": ZERO, "state": "later"}, "food"),
        ({"item": ZERO, "state": "bought"}, "item"),
        ({"item": "kitchen roll", "state": "bought"}, "item"),
        ({"id": "first", "food": "spinach", "state": "later"}, "id"),
        ({"food": "spinach", "state": "later", "replaces": ["first"]}, "replaces"),
        ({"food": "spinach", "state": "later", "replaces": [ZERO] * 51}, "replaces"),
        ({"tick": "bought"}, "tick"),
        ({"tick": 5}, "tick"),
        ({"food": "spinach", "state": "later", "from": "2026-11-24", "to": "2026-11-23"}, "to"),
        ({"food": "spinach", "state": "later", "from": "2026-11-24", "to": "2027-11-23"}, "to"),
        ({"food": "spinach", "state": "later", "from": "today", "to": "2026-11-23"}, "from"),
        ({"food": "spinach", "state": "later", "from": "", "to": ""}, "from"),
        ({"food": "spinach", "state": "later", "from": "9999-12-31", "to": "9999-12-31"}, "from"),
    ],
    ids=str,
)
def test_a_tick_that_makes_no_sense_is_refused(
    person: Visitor, rows: Callable[..., Any], said: dict[str, Any], field: str
) -> None:
    """With a message at the field that is wrong, and nothing stored."""
    answer = tick(person, **said)
    assert answer.status_code == 422, answer.text
    assert field in answer.get_json()["errors"]
    assert rows("SELECT count(*) FROM shopping_ticks") == [(0,)]


def test_a_food_that_left_the_list_can_be_ticked(person: Visitor, week: Week) -> None:
    """It was bought after all, and that is not lost."""
    week()
    assert tick(person, food="apple", state="bought", grams=500).status_code == 200
    assert (listed(person)["apple"]["bought"], listed(person)["apple"]["needed"]) == (500, 0)
    assert "Bought, but no longer needed" in person.get(LIST).text


def test_another_amount_is_bought_in_the_units_of_a_scale(person: Visitor, week: Week) -> None:
    """And a wrong amount is shown again where it was typed."""
    week()
    page = person.get("/shopping/foods/spinach?from=2026-11-23&to=2026-11-24")
    assert "Dinner 1" in page.text
    form = {**DAYS, "tick": "bought spinach", "amount": "1.5", "unit": "kg"}
    assert person.post("/shopping/foods/spinach", form).status_code == 303
    assert listed(person)["spinach"]["bought"] == 1500
    refused = person.post("/shopping/foods/spinach", {**form, "amount": "lots"})
    assert refused.status_code == 422
    assert 'value="lots"' in refused.text
    assert person.get("/shopping/foods/apple?from=2026-11-23&to=2026-11-24").status_code == 404
    assert person.get("/shopping/foods/unobtainium?from=2026-11-23&to=2026-11-24").status_code == 404


def test_a_note_stands_wherever_its_food_does(person: Visitor, week: Week) -> None:
    """On any list, until it is emptied."""
    week()
    week(start=day(7))
    person.post("/shopping/foods/spinach/note", {**DAYS, "note": "  The young\u202e one \x07 "})
    later = "/shopping/?from=2026-11-30&to=2026-12-01"
    assert listed(person, later)["spinach"]["note"] == "The young one"
    assert "The young one" in person.get("/shopping/list.txt?from=2026-11-23&to=2026-11-24").text
    refused = person.post("/shopping/foods/spinach/note", {**DAYS, "note": "x" * 201})
    assert (refused.status_code, "x" * 201 in refused.text) == (422, True)
    person.post("/shopping/foods/spinach/note", {**DAYS, "note": " "})
    assert listed(person)["spinach"]["note"] is None


def test_aisles_are_put_in_order_once(person: Visitor, week: Week) -> None:
    """One place at a time, or all at once; an aisle that is not there is refused."""
    week(dinners=({"spinach": 100.0, "apple": 100.0},))
    order = person.get("/shopping/aisles", json=True).get_json()["aisles"]
    assert order[:2] == ["vegetables", "fruit"]
    answer = person.post("/shopping/aisles", {"aisles": order, "move": "up fruit"})
    assert answer.location == "/shopping/aisles#fruit"
    assert list(listed(person)) == ["apple", "spinach"]
    assert person.get("/shopping/aisles", json=True).get_json()["aisles"][:2] == ["fruit", "vegetables"]
    assert person.post("/shopping/aisles", json={"aisles": ["attic"]}).status_code == 422


def test_a_list_without_meals_says_so(person: Visitor) -> None:
    assert "No meals are planned for these days" in person.get("/shopping/").text
    assert "Nothing left to buy." in person.get("/shopping/list.txt?from=2026-11-23&to=2026-11-24").text


def test_the_list_of_another_person_is_not_there(person: Visitor, week: Week, database: Database) -> None:
    """Neither are their ticks, their items and their notes."""
    menu = week()
    tick(person, food="spinach", state="bought", grams=600)
    person.post("/shopping/items", {**DAYS, "id": ZERO, "text": "Kitchen roll"})
    other = Visitor(person.app, "other@example.org")
    other.register()
    store_week(database, other.email)
    for path in (f"/menu/{menu}/shopping", f"/menu/{menu}/shopping.txt"):
        assert other.get(path).status_code == 404
    assert other.post(f"/menu/{menu}/shopping", {"tick": "bought spinach 5"}).status_code == 404
    assert listed(other)["spinach"]["state"] == "open"
    assert tick(other, item=ZERO, state="bought").status_code == 422
    assert own(other) == []


@pytest.mark.parametrize("days", [1, 3])
def test_a_list_asks_the_same_whatever_its_length(person: Visitor, week: Week, database: Database, days: int) -> None:
    """The person, their menus, what was ticked, everything of their own, the meals, and the larder."""
    menu = week(dinners=({"spinach": 200.0},) * days)
    with asked(database) as statements:
        assert person.get(f"/menu/{menu}/shopping").status_code == 200
    assert len(statements) == 6


@pytest.mark.parametrize("days", ["from=2026-11-24&to=2026-11-23", "from=2026-11-23&to=2026-12-31", "from=2026-11-23"])
def test_days_that_make_no_sense_are_explained(person: Visitor, days: str) -> None:
    answer = person.get(f"/shopping/?{days}")
    assert (answer.status_code, "at most 28 days in all" in answer.text) == (422, True)
    assert person.get(f"/shopping/?{days}", json=True).status_code == 422


@pytest.mark.parametrize("day", ["2026-02-30", "0001-01-01", "9999-12-31", "tomorrow"])
def test_days_that_make_no_sense_stand_in_their_form_again(person: Visitor, day: str) -> None:
    """Beside the list that is shown without them, and with what else was typed."""
    looked = person.get(f"/shopping/?from={day}&to=2026-11-24")
    written = person.post("/shopping/items", {"from": day, "to": "2026-11-24", "text": "Kitchen roll"})
    for answer in (looked, written):
        assert answer.status_code == 422
        assert "from 2000 to 2100" in answer.text
        assert f'name="from" type="date" value="{day}"' in answer.text
    assert 'value="Kitchen roll"' in written.text
    assert own(person) == []
