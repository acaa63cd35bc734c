"""Whether this process can serve requests."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from mealplanner.food.catalogue import CatalogueError, load_catalogue
from mealplanner.jobs.schema import pending
from mealplanner.storage.migrations import schema_state


def readiness(session: Session) -> dict[str, bool]:
    """Return for each check whether it passes. A database that is away fails its checks and raises nothing."""
    try:
        connection = session.connection()
        database, migrations, queue = True, schema_state(connection).usable, not pending(connection)
    except SQLAlchemyError:
        database = migrations = queue = False
    return {"database": database, "migrations": migrations, "queue": queue, "catalogue": _catalogue_loaded()}


def _catalogue_loaded() -> bool:
    try:
        return bool(load_catalogue().recipes)
    except CatalogueError:
        return False
