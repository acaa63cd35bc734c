"""How a unit of work ends, and where it can be reached from, on both sides of the flag."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from contextvars import copy_context

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, InternalError

from mealplanner.config import Config
from mealplanner.db import (
    OutsideScope,
    PendingWrites,
    State,
    UnitOfWorkError,
    current_unit_of_work,
)
from mealplanner.storage.database import Database
from tests.rows import add_clashing_meals, add_user, count_users

pytestmark = pytest.mark.sides("pooled", "direct")

Count = Callable[[], int]


class TestDeciding:
    """Commit and rollback."""

    def test_commits_once_and_only_once(self, database: Database, stored: Count) -> None:
        """The second commit of one unit of work is a mistake, and the first one stands."""
        with database.unit_of_work() as unit:
            add_user(unit.session)
            unit.commit()
            with pytest.raises(OutsideScope):
                unit.commit()
        assert stored() == 1

    def test_leaving_without_a_decision_rolls_back(
        self, database: Database, stored: Count, caplog: pytest.LogCaptureFixture
    ) -> None:
        """What was not decided about is not stored, and the log says so."""
        with database.unit_of_work() as unit:
            add_user(unit.session)
        assert stored() == 0
        assert "left over" in caplog.text

    def test_an_exception_rolls_back(self, database: Database, stored: Count) -> None:
        """An exception leaves no row, and is no left-over."""
        with pytest.raises(ZeroDivisionError), database.unit_of_work() as unit:
            add_user(unit.session)
            _ = 1 // 0
        assert stored() == 0

    def test_a_doomed_unit_cannot_commit(self, database: Database, stored: Count) -> None:
        """After `doom` the only way out is a rollback."""
        with database.unit_of_work() as unit:
            add_user(unit.session)
            unit.doom("the test says so")
            with pytest.raises(UnitOfWorkError, match="the test says so"):
                unit.commit()
            unit.rollback()
        assert stored() == 0

    def test_the_session_is_closed_after_the_decision(self, database: Database) -> None:
        """Otherwise a mistake would begin a transaction that has no owner to end it."""
        with database.unit_of_work() as unit:
            session = unit.session
            unit.commit()
            with pytest.raises(OutsideScope):
                _ = unit.session
        assert not session.in_transaction()

    def test_what_was_loaded_stays_readable_after_the_commit(self, database: Database) -> None:
        """Reading an attribute after the decision asks no database."""
        with database.unit_of_work() as unit:
            user = add_user(unit.session)
            unit.commit()
        assert user.email == "somebody@example.org"

    def test_a_failing_commit_rolls_back_and_raises(self, database: Database, stored: Count) -> None:
        """A deferred constraint is checked at the commit; nothing is stored and the connection is back."""
        with database.unit_of_work() as unit:
            add_clashing_meals(unit.session)
            with pytest.raises(IntegrityError):
                unit.commit()
        assert stored() == 0

    def test_a_hook_cannot_commit(self, database: Database, stored: Count) -> None:
        """It would decide in the middle of the decision; everything is rolled back and the connection given back."""
        with database.unit_of_work() as unit:
            add_user(unit.session)
            unit.before_commit(unit.commit)
            with pytest.raises(OutsideScope):
                unit.commit()
            assert unit.state is State.ROLLED_BACK
        assert stored() == 0

    @pytest.mark.parametrize("way", ["SET TRANSACTION READ WRITE", "SET LOCAL transaction_read_only = off"])
    def test_a_read_only_unit_that_was_made_to_write_is_not_committed(
        self, database: Database, stored: Count, way: str
    ) -> None:
        """PostgreSQL lets a transaction that has not read yet take its mode back."""
        with database.unit_of_work(read_only=True) as unit:
            unit.session.execute(text(way))
            add_user(unit.session)
            with pytest.raises(PendingWrites):
                unit.commit()
        assert stored() == 0

    def test_before_commit_hooks_run_inside_the_transaction(self, database: Database, stored: Count) -> None:
        """A hook that raises takes everything with it."""

        def refuse() -> None:
            raise ValueError("not like this")

        with pytest.raises(ValueError, match="not like this"), database.unit_of_work() as unit:
            add_user(unit.session)
            unit.before_commit(refuse)
            unit.commit()
        assert stored() == 0


class TestScope:
    """Where a unit of work can be reached from."""

    def test_outside_a_scope_it_raises(self) -> None:
        """There is no hidden session to write into by accident."""
        with pytest.raises(OutsideScope):
            current_unit_of_work()

    def test_inside_it_is_the_one_that_was_opened(self, database: Database) -> None:
        """And the one around it is back afterwards."""
        with database.unit_of_work() as outer:
            with database.unit_of_work() as inner:
                assert current_unit_of_work() is inner
            assert current_unit_of_work() is outer

    def test_an_outer_one_that_is_removed_first_is_not_current_again(self, database: Database) -> None:
        """Removing the inner one afterwards leaves none behind."""
        outer, inner = database.open(), database.open()
        outer.remove()
        assert current_unit_of_work() is inner
        inner.remove()
        with pytest.raises(OutsideScope):
            current_unit_of_work()

    def test_a_context_of_its_own_sees_no_foreign_session(self, database: Database) -> None:
        """The key is a context variable, so another context on the same thread has its own."""
        elsewhere = copy_context()
        with database.unit_of_work(), pytest.raises(OutsideScope):
            elsewhere.run(current_unit_of_work)

    def test_the_session_knows_its_owner(self, database: Database) -> None:
        """A service that needs more than the session finds it."""
        with database.unit_of_work() as unit:
            assert unit.session.unit_of_work is unit

    def test_teardown_never_raises_and_is_idempotent(
        self, database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Not even when closing fails; the connection is thrown away then."""
        unit = database.open()
        count_users(unit.session)

        def broken() -> None:
            raise InternalError("close", {}, Exception("broken"))

        monkeypatch.setattr(unit.session, "close", broken)
        unit.remove()
        unit.remove()
        assert "closing a session failed" in caplog.text

    def test_the_log_tells_the_life_of_a_connection(self, database: Database, caplog: pytest.LogCaptureFixture) -> None:
        """Checked out, begun, ended, returned, with the time it was held."""
        with caplog.at_level(logging.DEBUG, "mealplanner.db"), database.unit_of_work() as unit:
            add_user(unit.session)
            unit.commit()
        told = [record.getMessage().split(" after")[0] for record in caplog.records if "opened" not in record.msg]
        assert told[:2] == ["connection checked out", "transaction begun"]
        assert {"connection returned", "transaction committed"} <= set(told[2:])


def test_a_worker_runs_it_without_flask(base_config: Config) -> None:
    """A process that never imports Flask reads, writes and commits."""
    program = (
        "import sys; from mealplanner.config import Config; from mealplanner.storage.database import Database; "
        "import mealplanner.tasks; from sqlalchemy import text; "
        "database = Database(Config(database_url=sys.argv[1])); "
        "print(database.run(lambda session: session.scalar(text('SELECT 42'))), 'flask' in sys.modules); "
        "database.dispose()"
    )
    command = [sys.executable, "-W", "error", "-c", program, str(base_config.database_url)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "42 False\n"
