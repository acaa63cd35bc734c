"""The database, for a command that does one thing in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from mealplanner.config import Config
from mealplanner.errors import Unavailable

T = TypeVar("T")

NOT_MIGRATED = "The database is not up to date. Run `mealplanner migrate`."


def in_database(work: Callable[[Session], T]) -> T:
    """Run `work` in a unit of work. Raise `Unavailable` when the database is not migrated."""
    from mealplanner import models  # noqa: F401  # the models name the errors of constraints
    from mealplanner.embedded_postgres.location import attached
    from mealplanner.storage.database import Database
    from mealplanner.storage.migrations import schema_state

    def checked(session: Session) -> T:
        if not schema_state(session.connection()).usable:
            raise Unavailable(NOT_MIGRATED)
        return work(session)

    with attached(Config.from_environ()) as config:
        database = Database(config)
        try:
            return database.run(checked)
        finally:
            database.dispose()
