"""Dishes that are cooked once for several meals, on lists of some of their days."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

import pytest

from mealplanner.menu.models import Meal
from mealplanner.menu.planned_days.models import PlannedDay
from mealplanner.models import RecipeIngredient, User
from mealplanner.shopping import queries
from mealplanner.shopping.assembly import shopping_list
from mealplanner.shopping.values import Span
from mealplanner.storage.database import Database
from tests.factories import MenuFactory, RecipeFactory, use_session
from tests.shopping.meals import MONDAY, day
from tests.visitor import Visitor


def _store(session: Any, *, email: str) -> Any:
    """Store a menu whose dinners of Monday and Tuesday are one stew, and those of Wednesday and Thursday another one.

    Return whose it is.
    """
    user_id = session.query(User.id).filter(User.email == email).scalar()
    with use_session(session):
        menu = MenuFactory(user_id=user_id, start_date=MONDAY, days=4, status="ready")
        stews = [RecipeFactory(title=title, kinds=("main",), makes=2, keeps_days=3) for title in ("Stew", "Soup")]
        for stew, food in zip(stews, ("spinach", "leek"), strict=True):
            session.add(RecipeIngredient(recipe_id=stew.id, position=0, food_id=food, grams=100.0))
        session.flush()
        numbers = {"kcal": 500.0, "protein_g": 20.0, "carbohydrate_g": 60.0, "fat_g": 15.0}
        for number in range(4):
            place = {"menu_id": menu.id, "recipe_id": stews[number // 2].id, "day": number, "position": 0}
            size = {"slot": "dinner", "time": datetime.time(19), "portion": 1, "servings": 2}
            session.add(Meal(**place, **size, **numbers))
            session.merge(PlannedDay(user_id=user_id, date=day(number), menu_id=menu.id))
    return user_id


@pytest.mark.parametrize(
    ("first", "last", "bought"),
    [
        (0, 3, {"spinach": 400, "leek": 400}),
        (0, 0, {"spinach": 400}),
        (1, 1, {}),
        (1, 2, {"leek": 400}),
        (3, 3, {}),
    ],
)
def test_a_batch_is_bought_once_whole_for_the_day_that_it_is_cooked_on(
    person: Visitor, database: Database, first: int, last: int, bought: dict[str, float]
) -> None:
    user_id = database.run(partial(_store, email=person.email))
    rows = database.run(partial(queries.list_rows, user_id=user_id, span=Span(day(first), day(last))))
    assert {line.food.id: line.needed for line in shopping_list(rows).lines} == bought
