"""The account that `mealplanner up --demo` makes."""

from __future__ import annotations

import datetime

from mealplanner.auth.passwords.services import set_password
from mealplanner.auth.signing_in.services import register
from mealplanner.db import UnitOfWorkSession
from mealplanner.preferences import services as preferences
from mealplanner.preferences.values import Preferences

EMAIL = "demo@example.org"
SAMPLE = Preferences(
    diet_type="vegetarian",
    disliked_ingredients=["olives"],
    recipe_type=["indian", "italian", "mexican"],
    calorie_goal=2000,
    macro_protein=20,
    macro_carbs=50,
    macro_fat=30,
    servings_per_meal=2,
    snacks_per_day=1,
)


def make_demo(session: UnitOfWorkSession, *, password_hash: str, now: datetime.datetime) -> None:
    """Make the account with sample preferences, or give the existing one a new password."""
    if set_password(session, email=EMAIL, password_hash=password_hash, now=now):
        return
    account = register(session, email=EMAIL, password_hash=password_hash, verified=True)
    preferences.save(session, account.id, preferences=SAMPLE, version=0)
