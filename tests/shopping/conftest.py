"""Weeks to shop for."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from mealplanner.menu.models import Meal
from mealplanner.menu.planned_days.models import PlannedDay
from mealplanner.models import RecipeIngredient, User
from mealplanner.storage.database import Database
from tests.factories import MenuFactory, RecipeFactory, use_session
from tests.shopping.meals import MONDAY
from tests.visitor import Visitor

Week = Callable[..., uuid.UUID]
"""Stores a menu and returns its id."""


def store_week(
    database: Database,
    email: str,
    *,
    dinners: Any = ({"spinach": 200.0, "cumin": 1.0}, {"spinach": 100.0, "leek": 150.0}),
    start: datetime.date = MONDAY,
    own_days: bool = True,
) -> uuid.UUID:
    """Store a menu with one dinner a day, for two, each of a dish of its own; return its id."""

    def store(session: Any) -> uuid.UUID:
        user_id = session.query(User.id).filter(User.email == email).scalar()
        with use_session(session):
            menu = MenuFactory(user_id=user_id, start_date=start, days=len(dinners), status="ready")
            for day, foods in enumerate(dinners):
                recipe = RecipeFactory(title=f"Dinner {day + 1}", kinds=("main",))
                session.add_all(
                    RecipeIngredient(recipe_id=recipe.id, position=position, food_id=food, grams=grams)
                    for position, (food, grams) in enumerate(foods.items())
                )
                session.flush()
                session.add(_dinner(menu.id, recipe.id, day))
                if own_days:
                    date = start + datetime.timedelta(days=day)
                    session.merge(PlannedDay(user_id=user_id, date=date, menu_id=menu.id))
        found: uuid.UUID = menu.id
        return found

    return database.run(store)


def _dinner(menu_id: uuid.UUID, recipe_id: uuid.UUID, day: int) -> Meal:
    numbers = {"kcal": 500.0, "protein_g": 20.0, "carbohydrate_g": 60.0, "fat_g": 15.0}
    place = {"menu_id": menu_id, "recipe_id": recipe_id, "day": day, "position": 0, "slot": "dinner"}
    return Meal(**place, **numbers, time=datetime.time(19), portion=1, servings=2)


@pytest.fixture
def week(person: Visitor, database: Database) -> Week:
    """Return `week(...)`, which stores a menu of the person who is signed in."""
    return lambda **options: store_week(database, person.email, **options)
