"""What a database error means, told by SQLSTATE and by the names of constraints, never by a message's words."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NoReturn

import psycopg
from sqlalchemy import exc

SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
RETRIED = frozenset({SERIALIZATION_FAILURE, DEADLOCK_DETECTED})
"""The whole transaction may be run again: the server promises that nothing of it was stored."""

READ_ONLY = "25006"
"""A write in a read-only transaction, or on a server that was the primary until another one took over."""


class Failure(Enum):
    """Why the database did not do what it was asked, where the statement and the program are right."""

    UNREACHABLE = "unreachable"
    """It is away, starts or stops, or the connection broke: the outcome of the statement may be unknown."""
    CROWDED = "crowded"
    """It has no connection left."""
    CLASHED = "clashed"
    """Another transaction was in the way: a conflict, a deadlock, or a lock that did not come in time."""
    STOPPED = "stopped"
    """A time limit or an operator cancelled the statement, or ended the transaction."""
    READ_ONLY = "read-only"
    """It takes no writes, as one that was the primary until another one took over."""
    DISK_FULL = "disk full"
    MEMORY_FULL = "out of memory"
    SYSTEM = "system"
    """Another resource ran out, or its operating system failed."""


_FAILURES = {
    "08": Failure.UNREACHABLE,
    "57P": Failure.UNREACHABLE,  # shutting down, crashed, starting, or the database was dropped
    "53300": Failure.CROWDED,
    SERIALIZATION_FAILURE: Failure.CLASHED,
    DEADLOCK_DETECTED: Failure.CLASHED,
    "55P03": Failure.CLASHED,
    "57014": Failure.STOPPED,
    "25P03": Failure.STOPPED,
    "25P04": Failure.STOPPED,
    READ_ONLY: Failure.READ_ONLY,
    "53100": Failure.DISK_FULL,
    "53200": Failure.MEMORY_FULL,
    "53": Failure.SYSTEM,
    "58": Failure.SYSTEM,
}
"""SQLSTATE, or how it begins; the longest that fits counts."""

Translate = Callable[[BaseException], BaseException | None]
"""From a database error to the application's own error, or None for what the application has no name for."""


def sqlstate(error: BaseException | None) -> str | None:
    """Return the SQLSTATE that the server gave for `error`, None when the server said nothing."""
    return getattr(getattr(error, "orig", error), "sqlstate", None)


def constraint_name(error: BaseException) -> str | None:
    """Return the name of the constraint that was violated, None when it was something else."""
    diagnosis = getattr(getattr(error, "orig", None), "diag", None)
    return getattr(diagnosis, "constraint_name", None)


def connection_lost(error: BaseException) -> bool:
    """Return whether the connection broke, which leaves the outcome of the statement unknown.

    What the server reports as a mere error has an outcome, even at a COMMIT: nothing was stored.
    """
    if not isinstance(error, exc.DBAPIError):
        return False
    diagnosis = getattr(error.orig, "diag", None)
    severity = getattr(diagnosis, "severity_nonlocalized", None) or getattr(diagnosis, "severity", None)
    said_nothing = severity is None and isinstance(error, exc.OperationalError)
    return error.connection_invalidated or said_nothing or severity in ("FATAL", "PANIC")


def failure(error: BaseException) -> Failure | None:
    """Return why the database failed, None when the statement, the schema or the program is wrong.

    `error` is SQLAlchemy's or the driver's own.
    """
    state = sqlstate(error)
    found = [prefix for prefix in _FAILURES if state is not None and state.startswith(prefix)]
    if found:
        return _FAILURES[max(found, key=len)]
    silent = state is None and isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
    return Failure.UNREACHABLE if silent or connection_lost(error) else None


def may_be_retried(error: BaseException) -> bool:
    """Return whether running the same transaction again can succeed and cannot do harm.

    Looks behind an error of the application at the database error that it stands for.
    """
    return bool({sqlstate(error), sqlstate(error.__cause__)} & RETRIED)


def untranslated(_error: BaseException) -> None:
    """Translate nothing."""


def raise_translated(error: BaseException, translate: Translate) -> NoReturn:
    """Raise what `translate` makes of `error`, or `error` itself."""
    translated = translate(error)
    if translated is None:
        raise error
    raise translated from error
