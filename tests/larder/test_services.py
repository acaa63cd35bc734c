"""The larder with real commits: nothing is lost, nothing falls below zero, a cause moves once."""

from __future__ import annotations

import datetime
import random
import uuid
from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from mealplanner.errors import Invalid, NotFound
from mealplanner.larder import queries, services
from mealplanner.larder.errors import ItemChanged
from mealplanner.larder.values import MOST_ITEMS
from mealplanner.storage.database import Database
from tests.factories import UserFactory, use_session
from tests.together import at_once

DATE = datetime.date(2026, 11, 30)


@pytest.fixture
def user_id(database: Database) -> uuid.UUID:
    def register(session: Session) -> uuid.UUID:
        with use_session(session):
            found: uuid.UUID = UserFactory().id
        return found

    return database.run(register)


def stock(database: Database, user_id: uuid.UUID) -> dict[tuple[str, datetime.date | None], Decimal]:
    """Return what is there by food and date."""
    found = database.run(lambda session: queries.larder(session, user_id))
    return {(item.food_id, item.best_before): item.grams for item in found.items}


def put(database: Database, user_id: uuid.UUID, food_id: str, grams: float, date: datetime.date | None = None) -> None:
    database.run(lambda session: services.add(session, user_id, food_id, grams, best_before=date))


def test_what_is_added_at_once_is_all_there(database: Database, user_id: uuid.UUID) -> None:
    at_once(*[lambda: put(database, user_id, "spinach", 100, DATE)] * 8)
    assert stock(database, user_id) == {("spinach", DATE): Decimal("800.000")}


def test_each_date_is_an_item_of_its_own(database: Database, user_id: uuid.UUID) -> None:
    put(database, user_id, "spinach", 100, DATE)
    put(database, user_id, "spinach", 50)
    put(database, user_id, "spinach", 50)
    assert stock(database, user_id) == {("spinach", DATE): 100, ("spinach", None): 100}


def test_meals_that_are_cooked_at_once_take_no_more_than_there_is(database: Database, user_id: uuid.UUID) -> None:
    """Five meals want 300 g of 1,000 g: three find all of it, one the rest. Taken back, all of it is there again."""
    put(database, user_id, "spinach", 1000, DATE)
    meals = [uuid.uuid4() for _ in range(5)]
    cook = [
        lambda meal=meal: database.run(lambda session: services.cooked(session, user_id, meal, {"spinach": 300.0}))
        for meal in meals
    ]
    at_once(*cook)
    assert stock(database, user_id) == {}
    moved = database.run(lambda session: queries.moves(session, user_id))
    assert Counter(move.grams for _, move in moved) == {Decimal(-300): 3, Decimal(-100): 1}
    undo = [
        lambda meal=meal: database.run(lambda session: services.take_back(session, user_id, meal)) for meal in meals
    ]
    at_once(*undo, *undo)
    assert stock(database, user_id) == {("spinach", DATE): 1000}


def test_a_meal_that_is_ticked_twice_takes_once(database: Database, user_id: uuid.UUID) -> None:
    put(database, user_id, "spinach", 1000)
    meal = uuid.uuid4()
    cook = lambda: database.run(lambda session: services.cooked(session, user_id, meal, {"spinach": 300.0}))  # noqa: E731
    at_once(cook, cook, cook)
    assert stock(database, user_id) == {("spinach", None): 700}


def test_what_is_bought_goes_in_once_and_comes_out_as_far_as_it_is_left(database: Database, user_id: uuid.UUID) -> None:
    line, meal = uuid.uuid4(), uuid.uuid4()

    def buy(grams: float) -> None:
        database.run(lambda session: services.bought(session, user_id, line, "spinach", grams))

    at_once(*[lambda: buy(200)] * 3)
    assert stock(database, user_id) == {("spinach", None): 200}
    buy(300)
    assert stock(database, user_id) == {("spinach", None): 300}
    database.run(lambda session: services.cooked(session, user_id, meal, {"spinach": 250.0}))
    buy(0)
    assert stock(database, user_id) == {}
    buy(200)
    assert stock(database, user_id) == {("spinach", None): 200}


def test_what_is_bought_fills_the_larder_up_to_the_most_that_it_holds(database: Database, user_id: uuid.UUID) -> None:
    """Taken back, no more goes than came."""
    line = uuid.uuid4()
    put(database, user_id, "spinach", 60_000)
    for grams, there in ((150_000, 100_000), (50_000, 100_000), (10_000, 70_000), (0, 60_000)):
        database.run(lambda session, grams=grams: services.bought(session, user_id, line, "spinach", grams))
        assert stock(database, user_id) == {("spinach", None): there}


def test_any_order_of_cooking_and_taking_back_ends_where_it_began(database: Database, user_id: uuid.UUID) -> None:
    """Random meals over a full larder, in threads; each is ticked and unticked a few times."""
    foods = {"spinach": 5000.0, "egg": 3000.0, "rice-basmati-dry": 2000.0}
    for food_id, grams in foods.items():
        put(database, user_id, food_id, grams, DATE)
    before = stock(database, user_id)
    rng = random.Random(7)
    needs = [
        {"spinach": rng.uniform(1, 300), "egg-white": rng.uniform(1, 60), "rice-white-cooked": rng.uniform(1, 300)}
        for _ in range(4)
    ]

    def cook_often(number: int) -> None:
        meal = uuid.uuid4()
        for _ in range(6):
            database.run(lambda session: services.cooked(session, user_id, meal, needs[number]))
            database.run(lambda session: services.take_back(session, user_id, meal))

    at_once(*(lambda number=number: cook_often(number) for number in range(4)))
    assert stock(database, user_id) == before


def test_an_item_is_changed_from_what_was_seen(database: Database, user_id: uuid.UUID) -> None:
    put(database, user_id, "spinach", 300, DATE)
    (item,) = database.run(lambda session: queries.larder(session, user_id)).items

    def change(grams: float, *, seen: Decimal, item_id: uuid.UUID = item.id) -> None:
        said = {"grams": grams, "best_before": None, "seen": seen}
        database.run(lambda session: services.change(session, user_id, item_id, **said))

    change(120, seen=item.grams)
    (changed,) = database.run(lambda session: queries.larder(session, user_id)).items
    assert (changed.id, changed.grams, changed.best_before) == (item.id, 120, None)
    with pytest.raises(ItemChanged):
        change(90, seen=item.grams)
    with pytest.raises(NotFound):
        change(90, seen=item.grams, item_id=uuid.uuid4())
    assert stock(database, user_id) == {("spinach", None): 120}


def test_an_item_that_gets_the_date_of_another_joins_it(session: Session) -> None:
    with use_session(session):
        user_id = UserFactory().id
    services.add(session, user_id, "spinach", 300, best_before=DATE)
    services.add(session, user_id, "spinach", 100, best_before=None)
    dated, _ = queries.larder(session, user_id).items
    services.change(session, user_id, dated.id, grams=250, best_before=None, seen=dated.grams)
    assert [(item.grams, item.best_before) for item in queries.larder(session, user_id).items] == [(350, None)]


def test_the_larder_has_room_for_so_much_and_no_more(session: Session) -> None:
    with use_session(session):
        user_id = UserFactory().id
    services.add(session, user_id, "spinach", 60_000, best_before=None)
    with pytest.raises(Invalid, match="100 kg") as refused:
        services.add(session, user_id, "spinach", 60_000, best_before=None)
    assert "more than 100 kg" in refused.value.errors["amount"][0]
    for number in range(MOST_ITEMS - 1):
        services.add(session, user_id, "egg", 50, best_before=DATE + datetime.timedelta(days=number))
    services.add(session, user_id, "egg", 50, best_before=DATE)  # more of what is there takes no further place
    with pytest.raises(Invalid):
        services.add(session, user_id, "onion", 100, best_before=None)
