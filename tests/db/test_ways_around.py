"""Ways around the session that end a transaction which belongs to a unit of work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import PendingRollbackError, ResourceClosedError

from mealplanner.db import NotTheOwner, State, UnitOfWorkSession
from mealplanner.storage.database import Database
from tests.rows import add_user

Count = Callable[[], int]
Way = Callable[[UnitOfWorkSession], Any]


def driver(session: UnitOfWorkSession) -> Any:
    """The driver's connection, which knows neither SQLAlchemy nor units of work."""
    return session.connection().connection.driver_connection


def commit_and_go_on(session: UnitOfWorkSession) -> None:
    """Commit with the driver, and let it begin another transaction before SQLAlchemy looks again."""
    driver(session).commit()
    driver(session).execute("SELECT 1")


REFUSED: dict[str, Way] = {
    "the session's commit": lambda session: session.commit(),
    "the session transaction's commit": lambda session: session.get_transaction().commit(),  # type: ignore[union-attr]
}
"""Refused before anything happens."""

ENDING: dict[str, Way] = {
    "the connection's commit": lambda session: session.connection().commit(),
    "the connection's close": lambda session: session.connection().close(),
    "the root transaction's commit": lambda session: session.connection().get_transaction().commit(),  # type: ignore[union-attr]
    "the connection's rollback": lambda session: session.connection().rollback(),
    "the root transaction's rollback": lambda session: session.connection().get_transaction().rollback(),  # type: ignore[union-attr]
    "the session transaction's rollback": lambda session: session.get_transaction().rollback(),  # type: ignore[union-attr]
    "the session transaction's close": lambda session: session.get_transaction().close(),  # type: ignore[union-attr]
    "ROLLBACK": lambda session: session.execute(text("ROLLBACK")),
    "COMMIT": lambda session: session.execute(text("COMMIT")),
    "END after a comment": lambda session: session.execute(text("/* tidy up */ end")),
    "COMMIT after a SELECT": lambda session: session.connection().exec_driver_sql("SELECT 1; COMMIT"),
    "the driver's commit": lambda session: driver(session).commit(),
    "the driver's rollback": lambda session: driver(session).rollback(),
    "the driver's COMMIT": lambda session: driver(session).execute("COMMIT"),
    "a cursor's ROLLBACK": lambda session: driver(session).cursor().execute("ROLLBACK"),
    "the driver's commit, and more": commit_and_go_on,
    "COMMIT AND CHAIN": lambda session: session.execute(text("COMMIT AND CHAIN")),
}
"""Found at once, at the next statement, or else at the decision."""

pytestmark = pytest.mark.filterwarnings("ignore:transaction already deassociated")


@pytest.mark.parametrize("way", REFUSED.values(), ids=REFUSED)
def test_it_is_refused_and_the_work_goes_on(database: Database, stored: Count, way: Way) -> None:
    """A service that catches the refusal has ended nothing."""
    with database.unit_of_work() as unit:
        add_user(unit.session)
        with pytest.raises(NotTheOwner):
            way(unit.session)
        assert stored() == 0
        unit.commit()
    assert stored() == 1


@pytest.mark.parametrize("way", ENDING.values(), ids=ENDING)
def test_the_decision_to_commit_fails(database: Database, way: Way) -> None:
    """Also when the first error was caught."""
    with database.unit_of_work() as unit:
        add_user(unit.session)
        try_to(way, unit.session)
        with pytest.raises(NotTheOwner):
            unit.commit()
        assert unit.state is State.ROLLED_BACK


@pytest.mark.parametrize("way", ENDING.values(), ids=ENDING)
def test_the_decision_to_roll_back_fails(database: Database, way: Way) -> None:
    """Half of the work may be stored, which a rollback would hide."""
    with database.unit_of_work() as unit:
        add_user(unit.session)
        try_to(way, unit.session)
        with pytest.raises(NotTheOwner):
            unit.conclude(keep=False)


@pytest.mark.parametrize("way", ENDING.values(), ids=ENDING)
def test_nothing_further_is_written(database: Database, stored: Count, way: Way) -> None:
    """What comes after the end is in no transaction that the unit of work could decide about."""
    with database.unit_of_work() as unit:
        add_user(unit.session, "before@example.org")
        try_to(way, unit.session)
        before = stored()
        with pytest.raises((NotTheOwner, PendingRollbackError, ResourceClosedError)):
            add_user(unit.session, "after@example.org")
            unit.commit()
    assert stored() == before


@pytest.mark.parametrize("name", ["the driver's commit", "COMMIT"])
def test_a_rollback_after_an_error_says_what_was_found(
    database: Database, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """The error goes on its way, and the log tells that part of the work may be stored."""
    with pytest.raises(ZeroDivisionError), database.unit_of_work() as unit:
        add_user(unit.session)
        try_to(ENDING[name], unit.session)
        _ = 1 // 0
    assert "Part of it may be stored" in caplog.text


def test_reads_and_savepoints_are_free(database: Database, stored: Count) -> None:
    """So are statements through the connection and the driver that end nothing."""
    with database.unit_of_work() as unit:
        session = unit.session
        add_user(session)
        with session.begin_nested() as nested:
            add_user(session, "dropped@example.org")
            nested.rollback()
        session.connection().exec_driver_sql("SELECT 1")
        driver(session).execute("SELECT 1")
        unit.commit()
    assert stored() == 1


def try_to(way: Way, session: UnitOfWorkSession) -> None:
    """Go that way, as a service would that catches every error."""
    try:
        way(session)
    except NotTheOwner:
        return
