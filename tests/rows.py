"""Rows that a service under test might write."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mealplanner.auth.models import User
from mealplanner.menu.models import Meal
from tests.factories import MenuFactory, RecipeFactory, use_session


def add_user(session: Session, email: str = "somebody@example.org") -> User:
    """Write one account."""
    user = User(id=uuid.uuid4(), email=email, password_hash="none")
    session.add(user)
    session.flush()
    return user


def count_users(session: Session) -> int:
    """Read, which takes a connection."""
    return session.scalar(select(func.count()).select_from(User)) or 0


def add_clashing_meals(session: Session) -> None:
    """Write two meals in one place, which a deferred constraint refuses only at the commit."""
    with use_session(session):
        menu, recipe = MenuFactory(), RecipeFactory()
    numbers = {"kcal": 1.0, "protein_g": 1.0, "carbohydrate_g": 1.0, "fat_g": 1.0}
    place = {"menu_id": menu.id, "recipe_id": recipe.id, "day": 0, "position": 0, "slot": "lunch"}
    for _ in range(2):
        session.add(Meal(**place, **numbers, time=datetime.time(12), portion=1, servings=1))
    session.flush()
