"""What a unit of work does before and after it ends, on both sides of the flag."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from mealplanner.db import (
    OutsideScope,
    RetryPolicy,
    State,
    UnitOfWorkError,
    UnitOfWorkSession,
    current_unit_of_work,
    savepoint,
)
from mealplanner.errors import Unavailable
from mealplanner.storage.database import Database
from tests.rows import add_clashing_meals, add_user

pytestmark = pytest.mark.sides("pooled", "direct")

Count = Callable[[], int]


def mark_all(connection: Connection) -> None:
    """An always-write that shows in `emails`."""
    connection.execute(text("UPDATE users SET password_hash = password_hash || '!'"))


def hashes(database: Database) -> list[str]:
    """What the always-writes left behind."""
    with database.unit_of_work() as unit:
        return list(unit.session.scalars(text("SELECT password_hash FROM users")))


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
