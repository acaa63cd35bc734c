"""Whether this process can serve requests."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from mealplanner.food.catalogue import CatalogueError, load_catalogue
from mealplanner.jobs.schema import pending
from mealplanner.storage.migrations import schema_state

log = logging.getLogger(__name__)


class Told:
    """What was last logged as failing, so that each change is logged once, however often it is asked for."""

    def __init__(self) -> None:
        self._failing: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    def tell(self, checks: Mapping[str, bool], causes: list[Exception]) -> None:
        """Log which checks fail, and why, if they are others than before."""
        failing = frozenset(name for name, passes in checks.items() if not passes)
        with self._lock:
            before, self._failing = self._failing, failing
        if failing and failing != before:
            why = "; ".join(str(cause) for cause in causes) or "see docs/operations.md"
            log.warning("not ready: %s (%s)", ", ".join(sorted(failing)), why)
        elif before and not failing:
            log.warning("ready again: %s", ", ".join(sorted(before)))


_told: Final = Told()


def readiness(session: Session, told: Told = _told) -> dict[str, bool]:
    """Return for each check whether it passes. A database that is away fails its checks and raises nothing."""
    causes: list[Exception] = []
    try:
        connection = session.connection()
        database, migrations, queue = True, schema_state(connection).usable, not pending(connection)
    except SQLAlchemyError as error:
        database = migrations = queue = False
        causes.append(error)
    try:
        catalogue = bool(load_catalogue().recipes)
    except CatalogueError as error:
        catalogue = False
        causes.append(error)
    checks = {"database": database, "migrations": migrations, "queue": queue, "catalogue": catalogue}
    told.tell(checks, causes)
    return checks
