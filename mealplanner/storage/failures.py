"""Which domain error a database error stands for."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from sqlalchemy import Constraint, ForeignKeyConstraint, Index, exc

from mealplanner import errors
from mealplanner.db.base import Base
from mealplanner.db.errors import OutcomeUnknown
from mealplanner.db.failures import READ_ONLY, RETRIED, connection_lost, constraint_name, sqlstate
from mealplanner.errors import DomainError, Unavailable

log = logging.getLogger(__name__)

_BUSY = frozenset({*RETRIED, READ_ONLY, "55P03", "57014", "25P03", "25P04"})
"""Besides: lock, statement and idle timeouts. The server works, this transaction had to give way."""

_AWAY_CLASSES = ("08", "53", "57P", "58")
"""Connection failures, a lack of resources, a server that goes away, and failures of its system."""


def translated(error: BaseException) -> DomainError | None:
    """Return the domain error that a database error stands for, None for a mistake in the program."""
    if isinstance(error, OutcomeUnknown):
        return errors.OutcomeUnknown()
    if isinstance(error, exc.IntegrityError):
        return _violated(constraint_name(error))
    if isinstance(error, exc.TimeoutError):
        log.warning("pool exhausted: %s", error)
        return Unavailable()
    state = sqlstate(error)
    if connection_lost(error) or state in _BUSY or _away(state):
        return Unavailable()
    return None


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


def _away(state: str | None) -> bool:
    return state is not None and state.startswith(_AWAY_CLASSES)
