"""A dish of a person's own, and another person."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from mealplanner.food.catalogue import recipe_id
from mealplanner.recipes.rows import recipe_rows
from mealplanner.recipes.services import store
from mealplanner.storage.database import Database
from tests.cookbook.dishes import OWN
from tests.visitor import Visitor


@pytest.fixture
def own(person: Visitor, database: Database, engine: Engine) -> str:
    """The address of a dish of the person's own."""
    with engine.connect() as connection:
        user_id = connection.scalar(text("SELECT id FROM users WHERE email = :email"), {"email": person.email})
    database.run(lambda session: store(session, recipe_rows([OWN], owner_id=user_id)))
    return f"/recipes/{recipe_id(OWN, user_id)}"


@pytest.fixture
def other(person: Visitor) -> Visitor:
    """Another person."""
    visitor = Visitor(person.app, "other@example.org")
    visitor.register()
    return visitor
