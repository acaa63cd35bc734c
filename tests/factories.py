"""Rows for tests, with sensible values where a test does not care.

A factory works only inside `use_session(session)`; without it, it fails loudly instead of writing somewhere.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import factory
from sqlalchemy.orm import Session

from mealplanner.auth.models import User
from mealplanner.menu.editing.models import MenuEdit
from mealplanner.menu.models import Menu
from mealplanner.preferences.values import Preferences
from mealplanner.recipes.models import Recipe

_session: ContextVar[Session | None] = ContextVar("factory_session", default=None)


@contextmanager
def use_session(session: Session) -> Iterator[Session]:
    """Let the factories write through `session` during the block."""
    token = _session.set(session)
    try:
        yield session
    finally:
        _session.reset(token)


def _current_session() -> Session:
    session = _session.get()
    if session is None:
        raise RuntimeError("No session for the factories: use the `session` fixture or use_session(session).")
    return session


class RowFactory(factory.alchemy.SQLAlchemyModelFactory):
    """Add and flush what it makes."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = _current_session
        sqlalchemy_session_persistence = "flush"


class UserFactory(RowFactory):
    """An account that cannot be signed in to: the hash belongs to no password."""

    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"person{number}@example.org")
    password_hash = "no password has this hash"


class RecipeFactory(RowFactory):
    """A recipe of the catalogue."""

    class Meta:
        model = Recipe

    id = factory.LazyFunction(uuid.uuid4)
    slug = factory.Sequence(lambda number: f"porridge-{number}")
    title = "Porridge"
    cuisine = "british"
    main_protein = "grains"
    kinds = ("breakfast",)
    minutes = 10
    appliances = ("stove",)
    steps = ("Simmer the oats in water.",)


class MenuFactory(RowFactory):
    """A menu that was requested and not begun."""

    class Meta:
        model = Menu

    class Params:
        user = factory.SubFactory(UserFactory)

    user_id = factory.LazyAttribute(lambda menu: menu.user.id)
    idempotency_key = factory.LazyFunction(uuid.uuid4)
    start_date = datetime.date(2026, 11, 23)
    days = 7
    seed = 1
    source = "auto"
    preferences = factory.LazyFunction(lambda: Preferences().as_dict())
    targets = factory.LazyFunction(lambda: {"kcal": 2000.0, "protein_g": 100.0, "carbohydrate_g": 250.0, "fat_g": 66.7})


class MenuEditFactory(RowFactory):
    """An edit of the menu `menu_id` that gave a meal a note."""

    class Meta:
        model = MenuEdit

    version = factory.Sequence(lambda number: number + 2)
    what = "note"
    before = factory.LazyAttribute(lambda edit: {meal_id: {"note": None} for meal_id in edit.after})
    after = factory.LazyFunction(lambda: {str(uuid.uuid4()): {"note": "for two"}})
    made_at = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
