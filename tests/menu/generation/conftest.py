"""A menu that was requested, and a worker's claim to it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from mealplanner.client import utc_now
from mealplanner.jobs.tasks import always_current
from mealplanner.menu.generation import claims
from mealplanner.menu.generation.claims import Claim
from mealplanner.storage.database import Database
from tests.factories import MenuFactory, use_session

Wanted = Callable[..., str]


@pytest.fixture
def wanted(database: Database) -> Wanted:
    """Stores a menu that waits to be generated, and returns its id."""

    def store(**changes: Any) -> str:
        def write(session: Any) -> str:
            with use_session(session):
                return str(MenuFactory(**changes).id)

        return database.run(write)

    return store


def claim(database: Database, menu_id: str) -> Claim:
    """Claim a menu, as a worker does first."""
    arguments = {"menu_id": uuid.UUID(menu_id), "token": uuid.uuid4(), "now": utc_now(), "is_current": always_current}
    return database.run(lambda session: claims.claim(session, **arguments))  # type: ignore[arg-type]
