"""What errors of the queue's statements mean, and how a worker goes on after them."""

from __future__ import annotations

import asyncio
import logging

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException

from mealplanner.jobs.outages import Trouble, trouble
from mealplanner.jobs.store import Store

ERRORS = {
    "silence": (psycopg.OperationalError("server closed the connection"), Trouble.AWAY),
    "a closed connection": (psycopg.InterfaceError("closed"), Trouble.AWAY),
    "shutting down": (psycopg.errors.AdminShutdown(), Trouble.AWAY),
    "starting": (psycopg.errors.CannotConnectNow(), Trouble.AWAY),
    "no connection left": (psycopg.errors.TooManyConnections(), Trouble.AWAY),
    "a cancelled statement": (psycopg.errors.QueryCanceled(), Trouble.PASSING),
    "a lock": (psycopg.errors.LockNotAvailable(), Trouble.PASSING),
    "a deadlock": (psycopg.errors.DeadlockDetected(), Trouble.PASSING),
    "a full disk": (psycopg.errors.DiskFull(), Trouble.PASSING),
    "no memory": (psycopg.errors.OutOfMemory(), Trouble.PASSING),
    "an error of the disk": (psycopg.errors.IoError(), Trouble.PASSING),
    "a database that takes no writes": (psycopg.errors.ReadOnlySqlTransaction(), Trouble.PASSING),
    "a limit of transactions": (psycopg.errors.IdleInTransactionSessionTimeout(), Trouble.PASSING),
    "an error before": (psycopg.errors.InFailedSqlTransaction(), Trouble.PASSING),
    "a broken protocol": (psycopg.errors.ProtocolViolation(), Trouble.AWAY),
    "a missing table": (psycopg.errors.UndefinedTable(), Trouble.MISTAKE),
    "wrong SQL": (psycopg.errors.SyntaxError(), Trouble.MISTAKE),
    "wrong use of the driver": (psycopg.ProgrammingError("no"), Trouble.MISTAKE),
}


@pytest.mark.parametrize(("error", "meaning"), ERRORS.values(), ids=ERRORS.keys())
@pytest.mark.parametrize("wrapped", [False, True], ids=["the driver's", "the library's"])
def test_errors_are_told_apart_by_their_code(error: psycopg.Error, meaning: Trouble, wrapped: bool) -> None:
    """The library wraps what the driver raises."""
    if wrapped:
        outer = ConnectorException()
        outer.__cause__ = error
        assert trouble(outer) is meaning
    assert trouble(error) is meaning


async def _fail(error: psycopg.Error) -> None:
    raise error


@pytest.mark.parametrize("name", ["a full disk", "a deadlock"])
def test_what_passes_is_logged_with_its_code(name: str, caplog: pytest.LogCaptureFixture) -> None:
    error, _ = ERRORS[name]
    with caplog.at_level(logging.WARNING):
        asyncio.run(Store._unless_away(_fail(error)))
    assert f"({error.sqlstate})" in caplog.text


def test_a_mistake_is_raised() -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        asyncio.run(Store._unless_away(_fail(psycopg.errors.UndefinedTable())))
