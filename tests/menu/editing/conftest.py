"""A person with a finished menu, at noon on its first day."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from mealplanner.auth.models import User
from mealplanner.storage.database import Database
from tests.clock import Clock
from tests.menu.editing.planned import NOON, Browser, store_menu
from tests.visitor import Visitor

Plan = Callable[..., Browser]


@pytest.fixture
def app(app_at_noon: Flask, clock: Clock) -> Flask:
    """Return the application on the first day of the menu."""
    assert clock.now == NOON.now
    return app_at_noon


@pytest.fixture
def planned(database: Database) -> Plan:
    """Store a finished menu of a person who is signed in, and open it."""

    def plan(visitor: Visitor, *, days: int = 3, advice: Sequence[str] = ()) -> Browser:
        owner = select(User.id).where(User.email == visitor.email)
        menu_id = database.run(
            lambda session: store_menu(session, session.scalars(owner).one(), days=days, advice=advice)
        )
        return Browser(visitor, str(menu_id))

    return plan


@pytest.fixture
def week(person: Visitor, planned: Plan) -> Browser:
    """Return a person's menu of three days, with breakfast, lunch, a snack and dinner."""
    return planned(person)
