"""What an error of the queue's own statements means, told by SQLSTATE."""

from __future__ import annotations

from enum import Enum

import psycopg
from procrastinate.exceptions import ConnectorException

_SHUTTING_DOWN_OR_STARTING = "57P"
_NO_CONNECTION = "08"
_TOO_MANY_CONNECTIONS = "53300"
_GAVE_WAY = frozenset({"40001", "40P01", "55P03", "57014", "25P02", "25P03", "25P04"})
"""Conflicts, deadlocks, and the limits for statements, locks and transactions."""

_SHORT_OF_RESOURCES = ("53", "58")
"""A full disk, no memory left, an error of the server's system."""


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
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    if state is None:
        silent = isinstance(cause, (psycopg.OperationalError, psycopg.InterfaceError))
        return Trouble.AWAY if silent else Trouble.MISTAKE
    if state.startswith((_SHUTTING_DOWN_OR_STARTING, _NO_CONNECTION)) or state == _TOO_MANY_CONNECTIONS:
        return Trouble.AWAY
    return Trouble.PASSING if state in _GAVE_WAY or state.startswith(_SHORT_OF_RESOURCES) else Trouble.MISTAKE


def is_outage(error: BaseException) -> bool:
    """Return whether the database cannot be reached."""
    return trouble(error) is Trouble.AWAY
