"""What an error of the queue's own statements means, told by SQLSTATE."""

from __future__ import annotations

from enum import Enum

from procrastinate.exceptions import ConnectorException

from mealplanner.db.failures import Failure, failure, sqlstate

_IN_FAILED_TRANSACTION = "25P02"


class Trouble(Enum):
    """What is wrong."""

    AWAY = "away"
    """The database cannot be reached, and the outcome of the statement may be unknown."""
    PASSING = "passing"
    """It answered that the statement failed, for a reason that passes by itself or is the operator's to mend."""
    MISTAKE = "mistake"
    """The statement, the schema or the program is wrong."""


def trouble(error: BaseException) -> Trouble:
    """Return what `error` means; the queue's library wraps the driver's errors."""
    cause = error.__cause__ if isinstance(error, ConnectorException) else error
    found = failure(cause) if cause is not None else None
    if found in (Failure.UNREACHABLE, Failure.CROWDED):
        return Trouble.AWAY
    passes = found is not None or sqlstate(cause) == _IN_FAILED_TRANSACTION
    return Trouble.PASSING if passes else Trouble.MISTAKE


def is_outage(error: BaseException) -> bool:
    """Return whether the database cannot be reached."""
    return trouble(error) is Trouble.AWAY
