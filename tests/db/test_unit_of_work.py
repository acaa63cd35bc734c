"""The rules of the unit of work, each on both sides of the flag."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from contextvars import copy_context
from functools import partial

import pytest
from sqlalchemy import Connection, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError, PendingRollbackError

from mealplanner.auth.errors import EmailTaken
from mealplanner.auth.models import User
from mealplanner.config import Config
from mealplanner.db import (
    NotTheOwner,
    OutsideScope,
    PendingWrites,
    RetryPolicy,
    State,
    SwallowedFailure,
    UnitOfWorkError,
    UnitOfWorkSession,
    current_unit_of_work,
    in_transaction,
    savepoint,
)
from mealplanner.errors import Unavailable
from mealplanner.storage.database import Database
from tests.rows import add_clashing_meals, add_user, count_users

pytestmark = pytest.mark.sides("pooled", "direct")

Count = Callable[[], int]


def mark_all(connection: Connection) -> None:
    """An always-write that shows in `emails`."""
    connection.execute(text("UPDATE users SET password_hash = password_hash || '!'"))


def hashes(database: Database) -> list[str]:
    """What the always-writes left behind."""
    with database.unit_of_work() as unit:
        return list(unit.session.scalars(text("SELECT password_hash FROM users")))


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


class TestSilentLoss:
    """A write is never lost without an error."""

    def test_a_swallowed_statement_error_is_an_error(self, database: Database, stored: Count) -> None:
        """After a failed statement PostgreSQL answers COMMIT by rolling back silently; the unit of work raises."""
        with database.unit_of_work() as unit:
            add_user(unit.session)
            with pytest.raises(DBAPIError):
                unit.session.execute(text("SELECT 1/0"))
            with pytest.raises(SwallowedFailure):
                unit.commit()
        assert stored() == 0

    def test_a_swallowed_flush_error_is_an_error(self, database: Database) -> None:
        """A failed flush cannot be committed over either."""
        with database.unit_of_work() as unit:
            add_user(unit.session)
            with pytest.raises(IntegrityError):
                add_user(unit.session)
            with pytest.raises(PendingRollbackError):
                unit.commit()

    def test_a_savepoint_lets_the_outer_work_go_on(self, database: Database, stored: Count) -> None:
        """What failed inside the savepoint is undone, what was done around it is stored."""
        with database.unit_of_work() as unit:
            add_user(unit.session, "first@example.org")
            with pytest.raises(EmailTaken), savepoint(unit.session):
                add_user(unit.session, "FIRST@example.org")
            add_user(unit.session, "second@example.org")
            unit.commit()
        assert stored() == 2

    def test_a_savepoint_raises_what_it_cannot_translate(self, database: Database) -> None:
        """An error that no model knows stays what it is."""
        with database.unit_of_work() as unit, pytest.raises(DBAPIError), savepoint(unit.session):
            unit.session.execute(text("SELECT 1/0"))
        assert unit.state is State.ROLLED_BACK

    @pytest.mark.parametrize("verb", ["commit", "rollback", "close", "reset"])
    def test_a_stray_end_of_the_transaction_in_a_service_raises(
        self, database: Database, stored: Count, verb: str
    ) -> None:
        """Only the owner ends a transaction; a service that tries stops right there."""
        with database.unit_of_work() as unit:
            add_user(unit.session)
            with pytest.raises(NotTheOwner):
                getattr(unit.session, verb)()
            unit.commit()
        assert stored() == 1

    def test_a_stray_begin_block_raises(self, database: Database, stored: Count) -> None:
        """`with session.begin():` would commit at its end, and is caught there."""
        with database.unit_of_work() as unit, pytest.raises(NotTheOwner), unit.session.begin():
            add_user(unit.session)
        assert stored() == 0

    def test_begin_nested_is_free_to_all(self, database: Database, stored: Count) -> None:
        """A savepoint ends no transaction."""
        with database.unit_of_work() as unit:
            with unit.session.begin_nested():
                add_user(unit.session)
            unit.commit()
        assert stored() == 1


class TestHooks:
    """Effects after the commit."""

    def test_after_commit_hooks_run_in_order_with_their_values(self, database: Database) -> None:
        """Hooks see a committed world and the values they were given."""
        seen: list[object] = []
        with database.unit_of_work() as unit:
            add_user(unit.session)
            unit.after_commit(seen.append, 1)
            unit.after_commit(lambda: seen.append(hashes(database)))
            unit.commit()
        assert seen == [1, ["none"]]

    def test_a_failing_hook_is_logged_and_the_next_one_runs(
        self, database: Database, stored: Count, caplog: pytest.LogCaptureFixture
    ) -> None:
        """What was committed stands, and the next hook runs."""
        seen: list[int] = []
        with database.unit_of_work() as unit:
            add_user(unit.session)
            unit.after_commit(lambda: 1 // 0)
            unit.after_commit(seen.append, 2)
            unit.commit()
        assert seen == [2]
        assert stored() == 1
        assert "after-commit hook failed" in caplog.text

    def test_no_hook_runs_after_a_rollback(self, database: Database) -> None:
        """A rollback drops them."""
        seen: list[int] = []
        with database.unit_of_work() as unit:
            unit.after_commit(seen.append, 1)
            unit.rollback()
        assert seen == []

    def test_no_hook_runs_on_the_release_of_a_savepoint(self, database: Database) -> None:
        """Only the commit of the whole counts."""
        seen: list[int] = []
        with database.unit_of_work() as unit:
            unit.after_commit(seen.append, 1)
            with savepoint(unit.session):
                add_user(unit.session)
            assert seen == []
            unit.rollback()
        assert seen == []

    def test_a_hook_that_ends_the_process_does_not_keep_the_rest_from_running(
        self, database: Database, stored: Count
    ) -> None:
        """The other hooks and the always-writes run before the process ends."""
        seen: list[int] = []

        def leave() -> None:
            raise SystemExit(3)

        with pytest.raises(SystemExit), database.unit_of_work() as unit:
            add_user(unit.session)
            unit.after_commit(leave)
            unit.after_commit(seen.append, 1)
            unit.always(mark_all)
            unit.commit()
        assert seen == [1]
        assert hashes(database) == ["none!"]
        assert stored() == 1

    def test_a_hook_before_the_commit_may_doom_it(self, database: Database, stored: Count) -> None:
        """What the metric calls doomed is not stored."""
        with database.unit_of_work() as unit:
            add_user(unit.session)
            unit.before_commit(lambda: unit.doom("the hook says so"))
            with pytest.raises(UnitOfWorkError, match="the hook says so"):
                unit.commit()
            assert unit.state is State.ROLLED_BACK
        with database.unit_of_work() as unit:
            add_user(unit.session)
            unit.before_commit(lambda: unit.doom("the hook says so"))
            assert unit.conclude(keep=True) is State.ROLLED_BACK
        assert stored() == 0


class TestAlways:
    """Writes that are made however the unit of work ends."""

    @pytest.fixture(autouse=True)
    def _existing(self, database: Database) -> None:
        with database.unit_of_work() as unit:
            add_user(unit.session, "existing@example.org")
            unit.commit()

    def test_always_runs_after_a_commit(self, database: Database) -> None:
        """It comes last, so it sees what was committed."""
        with database.unit_of_work() as unit:
            unit.always(mark_all)
            unit.commit()
        assert hashes(database) == ["none!"]

    def test_always_runs_after_a_rollback(self, database: Database) -> None:
        """The rest is undone, this is not."""
        with pytest.raises(ZeroDivisionError), database.unit_of_work() as unit:
            add_user(unit.session)
            unit.always(mark_all)
            _ = 1 // 0
        assert hashes(database) == ["none!"]

    def test_always_runs_after_a_failed_commit(self, database: Database) -> None:
        """A commit that the database refuses is a rollback like any other."""
        with pytest.raises(IntegrityError), database.unit_of_work() as unit:
            add_clashing_meals(unit.session)
            unit.always(mark_all)
            unit.commit()
        assert hashes(database) == ["none!"]

    def test_a_failing_always_write_is_logged_and_the_next_one_runs(
        self, database: Database, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Each has its own transaction."""
        with database.unit_of_work() as unit:
            unit.always(lambda connection: connection.execute(text("SELECT 1/0")))
            unit.always(mark_all)
            unit.commit()
        assert hashes(database) == ["none!"]
        assert "always-write failed" in caplog.text

    def test_a_write_that_ends_the_process_does_not_keep_the_rest_from_running(self, database: Database) -> None:
        """Each has its own transaction."""

        def leave(_connection: Connection) -> None:
            raise SystemExit(3)

        with pytest.raises(SystemExit), database.unit_of_work() as unit:
            unit.always(leave)
            unit.always(mark_all)
            unit.commit()
        assert hashes(database) == ["none!"]

    def test_a_write_that_ends_the_process_leaves_no_unit_of_work_behind(self, database: Database) -> None:
        """Also when it is made at the very end of the scope."""

        def leave(_connection: Connection) -> None:
            raise SystemExit(3)

        unit = database.open()
        unit.always(leave)
        with pytest.raises(SystemExit):
            unit.remove()
        with pytest.raises(OutsideScope):
            current_unit_of_work()

    def test_of_several_attempts_only_the_last_one_s_writes_are_made(self, database: Database) -> None:
        """A sign-in that fails in the third attempt has failed once."""
        attempts = 0

        def work(session: UnitOfWorkSession) -> None:
            nonlocal attempts
            attempts += 1
            session.unit_of_work.always(mark_all)
            if attempts < 3:
                session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$"))

        database.run(work, retry=RetryPolicy(base_seconds=0))
        assert attempts == 3
        assert hashes(database) == ["none!"]

    def test_the_writes_of_the_last_attempt_are_made_when_it_fails_too(self, database: Database) -> None:
        """Whether it fails at a statement or at the commit."""

        def work(session: UnitOfWorkSession, *, late: bool) -> None:
            session.unit_of_work.always(mark_all)
            fail = text("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40P01'; END $$")
            if late:
                session.unit_of_work.before_commit(lambda: session.execute(fail))
            else:
                session.execute(fail)

        for late in (False, True):
            with pytest.raises(Unavailable):
                database.run(partial(work, late=late), retry=RetryPolicy(base_seconds=0))
        assert hashes(database) == ["none!!"]


class TestReleasing:
    """Giving the connection back before a slow call."""

    def test_release_gives_the_connection_back(self, database: Database) -> None:
        """During the slow call nothing is checked out, and afterwards the unit of work goes on."""
        with database.unit_of_work() as unit:
            assert count_users(unit.session) == 0
            assert unit.session.in_transaction()
            unit.release()
            assert database.pooled.pool.checkedout() == 0  # type: ignore[attr-defined]
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
