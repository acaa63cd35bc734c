"""A person with a finished menu, at noon on its first day."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from mealplanner import create_app
from mealplanner.auth.models import User
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.clock import Clock
from tests.menu.editing.planned import NOON, Browser, store_menu
from tests.visitor import Visitor

Plan = Callable[..., Browser]

_CLOCK = Clock()


@pytest.fixture(scope="session")
def app_with_clock(base_config: Config, shared_database: Database) -> Flask:
    """Return the application that these tests share."""
    return create_app(base_config, shared_database, clock=_CLOCK)


@pytest.fixture
def clock() -> Clock:
    """Return the clock of the application, set to noon."""
    _CLOCK.now = NOON.now
    return _CLOCK


@pytest.fixture
def app(app_with_clock: Flask, shared_database: Database, database: Database, clock: Clock) -> Flask:
    """Return the application, on `database`."""
    assert database is shared_database
    assert clock.now == NOON.now
    return app_with_clock


@pytest.fixture
def planned(database: Database) -> Plan:
    """Store a finished menu of a person who is signed in, and open it."""

    def plan(visitor: Visitor, *, days: int = 3) -> Browser:
        owner = select(User.id).where(User.email == visitor.email)
        menu_id = database.run(lambda session: store_menu(session, session.scalars(owner).one(), days=days))
        return Browser(visitor, str(menu_id))

    return plan


@pytest.fixture
def week(person: Visitor, planned: Plan) -> Browser:
    """Return a person's menu of three days, with breakfast, lunch, a snack and dinner."""
    return planned(person)
