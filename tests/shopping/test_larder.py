"""Lists and the larder: what is in the house is not bought, and what is bought is in the house."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from mealplanner.food.wording import Units
from mealplanner.larder.values import Item, Larder, Move, Settings
from mealplanner.shopping.assembly import Line, shopping_list
from mealplanner.shopping.needs import cause_of
from mealplanner.shopping.words import bought_text
from tests.shopping.conftest import Week
from tests.shopping.lists import DAYS
from tests.shopping.meals import MONDAY, WEEK, day, meal, rows, tick
from tests.together import at_once
from tests.visitor import Visitor


def larder(food: str, grams: int, *moves: tuple[uuid.UUID, int], **changes: Any) -> Larder:
    """Return a larder with one food, and what was moved of it lately."""
    items = [Item(id=uuid.uuid4(), food_id=food, grams=Decimal(grams), best_before=None)] if grams else []
    moved = [(cause, Move(food_id=food, best_before=None, grams=Decimal(put))) for cause, put in moves]
    return Larder(items=items, moves=moved, **changes)


def line(there: Larder, *meals: Any, ticks: Any = (), food: str = "spinach") -> Line:
    found = shopping_list(replace(rows(*meals, ticks=ticks), larder=there)).lines
    return next(one for one in found if one.food.id == food)


def test_what_is_in_the_house_is_not_bought() -> None:
    one = line(larder("spinach", 250), meal(MONDAY, {"spinach": 400.0}))
    assert (one.house, one.done) == (250, False)
    assert one.buy is not None
    assert (one.buy.amount, bought_text(one, WEEK, "metric")) == ("1 bag (200 g)", "You have 250 g in the house.")
    enough = line(larder("spinach", 400), meal(MONDAY, {"spinach": 400.0}))
    assert (enough.done, bought_text(enough, WEEK, "metric")) == (True, "You have enough in the house.")


@pytest.mark.parametrize(("units", "done"), [("metric", True), ("imperial", False)])
def test_what_may_be_missing_is_measured_by_the_packs_of_the_shop(units: Units, done: bool) -> None:
    """Bok choy is sold by the half kilo, or by the half pound."""
    there, dinner = larder("bok-choy", 460), meal(MONDAY, {"bok-choy": 500.0})
    (one,) = shopping_list(replace(rows(dinner), larder=there), units=units).lines
    assert one.done == done


def test_what_is_cooked_from_the_larder_is_not_bought_again() -> None:
    """On Tuesday, what Monday's meal took still counts as there for the list of the week."""
    monday, friday = meal(MONDAY, {"spinach": 300.0}), meal(day(4), {"spinach": 300.0})
    one = line(larder("spinach", 300, (monday.id, -300)), monday, friday)
    assert (one.house, one.done) == (600, True)


def test_what_is_bought_with_the_list_counts_once() -> None:
    """It is in the larder too, when the person wants that."""
    bought = (cause_of(WEEK, "spinach"), 400)
    one = line(larder("spinach", 400, bought), meal(MONDAY, {"spinach": 800.0}), ticks=[tick("spinach", 400)])
    assert (one.house, one.bought, one.done) == (0, 400, False)


def test_what_was_bought_with_an_older_list_is_there() -> None:
    one = line(larder("spinach", 400, (uuid.uuid4(), 400)), meal(MONDAY, {"spinach": 400.0}))
    assert (one.house, one.done) == (400, True)


def test_what_is_always_there_is_on_no_list() -> None:
    there = larder("spinach", 0, always=frozenset({"spinach"}), settings=Settings(staples=True))
    found = shopping_list(replace(rows(meal(MONDAY, {"spinach": 400.0, "salt": 5.0, "onion": 110.0})), larder=there))
    assert [one.food.id for one in found.to_buy] == ["onion"]
    assert {one.food.id: one.always for one in found.lines} == {"spinach": True, "salt": True, "onion": False}


def stock(person: Visitor) -> dict[str, float]:
    return {item["food"]: item["grams"] for item in person.get("/larder/", json=True).get_json()["items"]}


def test_what_is_ticked_goes_into_the_larder_if_the_person_wants_that(person: Visitor, week: Week) -> None:
    week()
    said = {**DAYS, "food": "spinach", "state": "bought", "grams": 600}
    person.post("/shopping/", json={**said, "id": str(uuid.uuid4())})
    assert stock(person) == {}
    person.post("/larder/settings", {"fill": "yes", "subtract": "yes"})
    ticked = {**said, "id": str(uuid.uuid4())}
    for _ in range(2):
        assert person.post("/shopping/", json=ticked).status_code == 200
    assert stock(person) == {"spinach": 600}
    assert person.get("/shopping/", json=True).status_code == 200


def test_two_phones_that_buy_at_once_fill_the_larder_once(person: Visitor, week: Week) -> None:
    """The larger amount stands, as on the list."""
    week()
    person.post("/larder/settings", {"fill": "yes", "subtract": "yes"})
    phones = [person, Visitor(person.app, person.email)]
    phones[1].sign_in()
    said = {**DAYS, "food": "spinach", "state": "bought"}
    ticks = [{**said, "grams": grams, "id": str(uuid.uuid4())} for grams in (600, 800)]
    sends = [
        lambda phone=phone, one=one: phone.post("/shopping/", json=one)
        for phone, one in zip(phones, ticks, strict=True)
    ]
    assert [answer.status_code for answer in at_once(*sends)] == [200, 200]
    assert stock(person) == {"spinach": 800}
    replaced = ",".join(one["id"] for one in ticks)
    person.post("/shopping/", json={**said, "state": "open", "id": str(uuid.uuid4()), "replaces": replaced.split(",")})
    assert stock(person) == {}
