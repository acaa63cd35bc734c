"""A unit of work loses no write without an error, on both sides of the flag."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, PendingRollbackError

from mealplanner.auth.errors import EmailTaken
from mealplanner.db import (
    NotTheOwner,
    State,
    SwallowedFailure,
    savepoint,
)
from mealplanner.storage.database import Database
from tests.rows import add_user

pytestmark = pytest.mark.sides("pooled", "direct")

Count = Callable[[], int]


def test_a_swallowed_statement_error_is_an_error(database: Database, stored: Count) -> None:
    """After a failed statement PostgreSQL answers COMMIT by rolling back silently; the unit of work raises."""
    with database.unit_of_work() as unit:
        add_user(unit.session)
        with pytest.raises(DBAPIError):
            unit.session.execute(text("SELECT 1/0"))
        with pytest.raises(SwallowedFailure):
            unit.commit()
    assert stored() == 0


def test_a_swallowed_flush_error_is_an_error(database: Database) -> None:
    """A failed flush cannot be committed over either."""
    with database.unit_of_work() as unit:
        add_user(unit.session)
        with pytest.raises(IntegrityError):
            add_user(unit.session)
        with pytest.raises(PendingRollbackError):
            unit.commit()


def test_a_savepoint_lets_the_outer_work_go_on(database: Database, stored: Count) -> None:
    """What failed inside the savepoint is undone, what was done around it is stored."""
    with database.unit_of_work() as unit:
        add_user(unit.session, "first@example.org")
        with pytest.raises(EmailTaken), savepoint(unit.session):
            add_user(unit.session, "FIRST@example.org")
        add_user(unit.session, "second@example.org")
        unit.commit()
    assert stored() == 2


def test_a_savepoint_raises_what_it_cannot_translate(database: Database) -> None:
    """An error that no model knows stays what it is."""
    with database.unit_of_work() as unit, pytest.raises(DBAPIError), savepoint(unit.session):
        unit.session.execute(text("SELECT 1/0"))
    assert unit.state is State.ROLLED_BACK


@pytest.mark.parametrize("verb", ["commit", "rollback", "close", "reset"])
def test_a_stray_end_of_the_transaction_in_a_service_raises(database: Database, stored: Count, verb: str) -> None:
    """Only the owner ends a transaction; a service that tries stops right there."""
    with database.unit_of_work() as unit:
        add_user(unit.session)
        with pytest.raises(NotTheOwner):
            getattr(unit.session, verb)()
        unit.commit()
    assert stored() == 1


def test_a_stray_begin_block_raises(database: Database, stored: Count) -> None:
    """`with session.begin():` would commit at its end, and is caught there."""
    with database.unit_of_work() as unit, pytest.raises(NotTheOwner), unit.session.begin():
        add_user(unit.session)
    assert stored() == 0


def test_begin_nested_is_free_to_all(database: Database, stored: Count) -> None:
    """A savepoint ends no transaction."""
    with database.unit_of_work() as unit:
        with unit.session.begin_nested():
            add_user(unit.session)
        unit.commit()
    assert stored() == 1
