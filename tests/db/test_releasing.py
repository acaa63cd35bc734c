"""Giving the connection back before a slow call, on both sides of the flag."""

from __future__ import annotations

import pytest
from sqlalchemy import text, update

from mealplanner.auth.models import User
from mealplanner.db import (
    PendingWrites,
    in_transaction,
)
from mealplanner.db.testing import checked_out
from mealplanner.storage.database import Database
from tests.rows import add_user, count_users

pytestmark = pytest.mark.sides("pooled", "direct")


class TestReleasing:
    """Giving the connection back before a slow call."""

    def test_release_gives_the_connection_back(self, database: Database) -> None:
        """During the slow call nothing is checked out, and afterwards the unit of work goes on."""
        with database.unit_of_work() as unit:
            assert count_users(unit.session) == 0
            assert unit.session.in_transaction()
            unit.release()
            assert checked_out(database.pooled) == 0
            assert not unit.session.in_transaction()
            add_user(unit.session)
            unit.commit()

    def test_release_keeps_what_was_loaded_readable(self, database: Database) -> None:
        """Values are detached, so that reading one cannot take a connection again."""
        with database.unit_of_work() as unit:
            add_user(unit.session)
            unit.commit()
        with database.unit_of_work() as unit:
            user = unit.session.query(User).one()
            unit.release()
            assert user.email == "somebody@example.org"
            assert not unit.session.in_transaction()

    @pytest.mark.parametrize("write", ["pending", "flushed", "locked"])
    def test_release_refuses_when_something_would_be_lost(self, database: Database, write: str) -> None:
        """Unflushed objects, written rows and row locks all count."""
        with database.unit_of_work() as unit:
            add_user(unit.session)
            unit.commit()
        with database.unit_of_work() as unit:
            session = unit.session
            if write == "pending":
                session.add(User(email="new@example.org", password_hash="none"))
            elif write == "flushed":
                session.execute(update(User).values(failed_logins=1))
            else:
                session.execute(text("SELECT 1 FROM users FOR UPDATE"))
            with pytest.raises(PendingWrites):
                unit.release()
            unit.rollback()

    @pytest.mark.parametrize(
        ("statement", "lost"),
        [
            ("SELECT pg_notify('news', 'hello')", "PG_NOTIFY"),
            ("NOTIFY news", "NOTIFY"),
            ("/* tell the others */ NOTIFY news", "NOTIFY"),
            ("-- in a hurry\nSET LOCAL lock_timeout = '1s'", "SET"),
            ("""SELECT "pg_notify"('news', 'hello')""", "PG_NOTIFY"),
            ("LISTEN news", "LISTEN"),
            ("SELECT pg_advisory_xact_lock(1)", "an advisory lock"),
            ("SELECT pg_try_advisory_xact_lock_shared(1)", "an advisory lock"),
            ("SELECT pg_advisory_lock(7)", "an advisory lock"),
            ("SET LOCAL work_mem = '8MB'", "SET"),
            ("set local statement_timeout = 0", "SET"),
            ("SELECT set_config('work_mem', '8MB', true)", "SET_CONFIG"),
            ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SET"),
            ("LOCK TABLE users IN SHARE MODE", "a lock on a table"),
            ("LOCK TABLE users", "writes or locks"),
            ("DECLARE c CURSOR FOR SELECT 1", "DECLARE"),
        ],
    )
    def test_release_refuses_to_lose_what_is_no_write(self, database: Database, statement: str, lost: str) -> None:
        """It would end with the transaction, and what follows would go on without it."""
        with database.unit_of_work() as unit:
            unit.session.execute(text(statement))
            with pytest.raises(PendingWrites, match=lost):
                unit.release()
            unit.session.execute(text("SELECT pg_advisory_unlock_all()"))
            unit.rollback()

    def test_a_slow_call_can_find_out_whether_it_is_in_a_transaction(self, database: Database) -> None:
        """From the first statement to the decision, of any unit of work around it."""
        assert not in_transaction()
        with database.unit_of_work() as outer:
            assert not in_transaction()
            count_users(outer.session)
            with database.unit_of_work():
                assert in_transaction()
            outer.release()
            assert not in_transaction()
            with database.unit_of_work() as inner:
                add_user(inner.session)
                assert in_transaction()
                inner.commit()
                assert not in_transaction()
