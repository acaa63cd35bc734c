"""What tests of the unit of work share: a way to see what was really stored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select

from mealplanner.auth.models import User


@pytest.fixture
def stored(engine: Engine) -> Callable[[], int]:
    """Counts the committed accounts, on a connection apart."""

    def count() -> int:
        with engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(User)) or 0

    return count
