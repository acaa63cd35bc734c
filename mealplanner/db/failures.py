"""What a database error means, told by SQLSTATE and by the names of constraints, never by a message's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from sqlalchemy import exc

SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
RETRIED = frozenset({SERIALIZATION_FAILURE, DEADLOCK_DETECTED})
"""The whole transaction may be run again: the server promises that nothing of it was stored."""

READ_ONLY = "25006"
"""A write in a read-only transaction, or on a server that was the primary until another one took over."""

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
