"""A menu that was requested."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from mealplanner.storage.database import Database
from tests.factories import MenuFactory, use_session
from tests.menu.generation.claiming import Wanted


@pytest.fixture
def wanted(database: Database) -> Wanted:
    """Store a menu that waits to be generated, and return its id."""

    def store(**changes: Any) -> str:
        def write(session: Session) -> str:
            with use_session(session):
                return str(MenuFactory(**changes).id)

        return database.run(write)

    return store
