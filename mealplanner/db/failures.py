"""What a database error means: told by SQLSTATE and by the names of constraints, never by a message's words."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import NoReturn

from sqlalchemy import Constraint, ForeignKeyConstraint, Index, exc

from mealplanner.db.base import Base
from mealplanner.errors import DomainError, Unavailable

log = logging.getLogger(__name__)

SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
RETRIED = frozenset({SERIALIZATION_FAILURE, DEADLOCK_DETECTED})
"""The whole transaction may be run again: the server promises that nothing of it was stored."""

READ_ONLY = "25006"
"""The server refuses writes: it was the primary until another one took over."""

_BUSY = frozenset({*RETRIED, READ_ONLY, "55P03", "57014", "25P03", "25P04"})
"""Lock, statement and idle timeouts besides: the server works, this transaction had to give way."""

_AWAY_CLASSES = ("08", "53", "57P", "58")
"""Connection failures, a lack of resources, a server that goes away, and failures of its system."""


def sqlstate(error: BaseException) -> str | None:
    """The SQLSTATE the server gave for `error`, None when the server said nothing."""
    return getattr(getattr(error, "orig", error), "sqlstate", None)


def constraint_name(error: BaseException) -> str | None:
    """The name of the constraint that was violated, None when it was something else."""
    diagnosis = getattr(getattr(error, "orig", None), "diag", None)
    return getattr(diagnosis, "constraint_name", None)


def connection_lost(error: BaseException) -> bool:
    """Whether the connection broke, so that nobody can say what became of the statement under way.

    What the server reports as a mere error has an outcome, even at a COMMIT: nothing was stored.
    """
    if not isinstance(error, exc.DBAPIError):
        return False
    diagnosis = getattr(error.orig, "diag", None)
    severity = getattr(diagnosis, "severity_nonlocalized", None) or getattr(diagnosis, "severity", None)
    said_nothing = severity is None and isinstance(error, exc.OperationalError)
    return error.connection_invalidated or said_nothing or severity in ("FATAL", "PANIC")


def may_be_retried(error: BaseException) -> bool:
    """Whether running the same transaction again can succeed and cannot do harm."""
    return sqlstate(error) in RETRIED


def translated(error: BaseException) -> DomainError | None:
    """The domain error that a database error stands for, None when it is a mistake of ours (or no database error)."""
    if isinstance(error, exc.IntegrityError):
        return _violated(constraint_name(error))
    if isinstance(error, exc.TimeoutError):
        log.warning("pool exhausted: %s", error)
        return Unavailable()
    state = sqlstate(error)
    if connection_lost(error) or state in _BUSY or _away(state):
        return Unavailable()
    return None


def raise_translated(error: BaseException) -> NoReturn:
    """Raises the domain error that `error` stands for, or `error` itself."""
    domain_error = translated(error)
    if domain_error is None:
        raise error
    raise domain_error from error


def _violated(name: str | None) -> DomainError | None:
    """The error that a model hung on the constraint called `name`: on itself, or on the table that a key leads to."""
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
