"""Which domain error a database error stands for."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import Constraint, ForeignKeyConstraint, Index, exc

from mealplanner import errors
from mealplanner.db.base import Base
from mealplanner.db.errors import OutcomeUnknown
from mealplanner.db.failures import Failure, constraint_name, failure
from mealplanner.errors import DomainError, Unavailable

log = logging.getLogger(__name__)

_UNAVAILABLE: Final[Mapping[Failure, type[Unavailable]]] = {
    Failure.UNREACHABLE: errors.Unreachable,
    Failure.CROWDED: errors.Unavailable,
    Failure.CLASHED: errors.InTheWay,
    Failure.STOPPED: errors.TookTooLong,
    Failure.READ_ONLY: errors.ReadOnly,
    Failure.DISK_FULL: errors.StorageFull,
    Failure.MEMORY_FULL: errors.OutOfMemory,
    Failure.SYSTEM: errors.ServerTrouble,
}


def translated(error: BaseException) -> DomainError | None:
    """Return the domain error that a database error stands for, None for a mistake in the program."""
    if isinstance(error, OutcomeUnknown):
        return errors.OutcomeUnknown()
    if isinstance(error, exc.IntegrityError):
        return _violated(constraint_name(error))
    if isinstance(error, exc.TimeoutError):
        log.warning("pool exhausted: %s", error)
        return Unavailable()
    found = failure(error)
    return _UNAVAILABLE[found]() if found is not None else None


def _violated(name: str | None) -> DomainError | None:
    """Return the error that a model put on the constraint called `name`, or on the table that a key refers to."""
    for table in Base.metadata.tables.values():
        rules: Iterable[Constraint | Index] = (*table.constraints, *table.indexes)
        for rule in rules:
            if rule.name == name:
                gone = rule.referred_table.info.get("gone") if isinstance(rule, ForeignKeyConstraint) else None
                error: type[DomainError] | None = rule.info.get("error", gone)
                return error() if error else None
    return None
