"""Reading on the connection itself, before the session has had a statement of its own, on both sides of the flag."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, PendingRollbackError

from mealplanner.auth.models import User
from mealplanner.db import (
    NotTheOwner,
    OutsideScope,
    SwallowedFailure,
    UnitOfWorkSession,
    in_transaction,
    named,
    read,
)
from mealplanner.storage.database import Database
from tests.rows import add_user

pytestmark = pytest.mark.sides("pooled", "direct")

Count = Callable[[], int]

EMAILS = select(User.__table__.c.email)


def emails(session: UnitOfWorkSession) -> list[str]:
    """Read on the connection, around the session."""
    return list(read(session, EMAILS, {}).scalars())


def test_the_session_has_no_part_in_it(database: Database) -> None:
    with database.unit_of_work() as unit:
        assert emails(unit.session) == []
        assert in_transaction()
        assert not unit.session.in_transaction()
        unit.commit()
        assert not in_transaction()
        assert database.pooled.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_what_the_session_does_before_and_after_it_is_in_the_same_transaction(
    database: Database, stored: Count
) -> None:
    with database.unit_of_work() as unit:
        assert emails(unit.session) == []
        add_user(unit.session, "new@example.org")
        assert emails(unit.session) == ["new@example.org"]
        assert stored() == 0
        unit.commit()
    assert stored() == 1


def test_one_that_nothing_was_decided_about_is_reported(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    with database.unit_of_work() as unit:
        emails(unit.session)
    assert "left over" in caplog.text


def test_it_can_be_released_and_read_again(database: Database) -> None:
    with database.unit_of_work() as unit:
        emails(unit.session)
        unit.release()
        assert not in_transaction()
        assert emails(unit.session) == []
        unit.commit()


def test_an_end_by_other_code_is_found(database: Database) -> None:
    """The transaction is watched, whoever uses it."""
    with database.unit_of_work() as unit:
        emails(unit.session)
        unit.session.connection().rollback()
        with pytest.raises(NotTheOwner):
            emails(unit.session)
        with pytest.raises(NotTheOwner):
            unit.commit()


def test_an_error_that_is_caught_is_an_error_at_the_commit(database: Database) -> None:
    with database.unit_of_work() as unit:
        with pytest.raises(DBAPIError):
            read(unit.session, select(text("1/0")), {})
        with pytest.raises(SwallowedFailure):
            unit.commit()


def test_nothing_is_read_after_a_flush_that_failed(database: Database) -> None:
    """The session has rolled back, so another statement would be in a transaction of its own."""
    with database.unit_of_work() as unit:
        add_user(unit.session)
        with pytest.raises(IntegrityError):
            add_user(unit.session)
        with pytest.raises(PendingRollbackError):
            emails(unit.session)


def test_a_read_only_one_refuses_to_write(database: Database, stored: Count) -> None:
    values = {"email": "new@example.org", "password_hash": "none"}
    with database.unit_of_work(read_only=True) as unit, pytest.raises(DBAPIError, match="read-only transaction"):
        unit.session.connection().execute(User.__table__.insert(), values)  # type: ignore[attr-defined]
    assert stored() == 0


def test_nothing_is_read_after_the_decision(database: Database) -> None:
    with database.unit_of_work() as unit:
        session = unit.session
        unit.commit()
        with pytest.raises(OutsideScope):
            emails(session)


def test_named_rows_are_the_same_rows(database: Database) -> None:
    def look(session: UnitOfWorkSession) -> None:
        add_user(session, "new@example.org")
        (row,) = named(read(session, select(User.__table__.c.email, User.__table__.c.units.label("weighs_in")), {}))
        assert row == ("new@example.org", "metric")
        assert (row.email, row.weighs_in) == ("new@example.org", "metric")

    database.run(look)
