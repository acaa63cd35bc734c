"""Running a whole transaction again: when, how often, and when never."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from mealplanner.auth.errors import EmailTaken
from mealplanner.config import Config
from mealplanner.db import RetryPolicy, UnitOfWorkSession, second_connection
from mealplanner.errors import OutcomeUnknown, Unavailable
from mealplanner.storage.database import Database
from tests.rows import add_user, count_users
from tests.waiting import PATIENCE

pytestmark = pytest.mark.sides("pooled", "direct")

Count = Callable[[], int]
AT_ONCE = RetryPolicy(attempts=5, base_seconds=0)


@pytest.fixture
def two_people(database: Database) -> None:
    """Two rows to fight over."""
    database.run(lambda session: [add_user(session, "a@example.org"), add_user(session, "b@example.org")])


def rename(session: Session | Engine, email: str, suffix: str) -> None:
    """Write one row, and hold its lock until the transaction ends."""
    statement = text("UPDATE users SET password_hash = password_hash || :suffix WHERE email = :email")
    session.execute(statement, {"email": email, "suffix": suffix})  # type: ignore[union-attr]


def test_a_run_commits_and_returns_its_value(database: Database, stored: Count) -> None:
    """One call does it all."""
    assert database.run(lambda session: add_user(session).email) == "somebody@example.org"
    assert stored() == 1


@pytest.mark.usefixtures("two_people")
def test_a_serialization_failure_is_retried(database: Database, engine: Engine) -> None:
    """Another transaction wrote what this one had read: the second attempt reads the new value."""
    seen: list[str] = []

    def work(session: Session) -> None:
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        seen.append(session.scalar(text("SELECT password_hash FROM users WHERE email = 'a@example.org'")) or "")
        if len(seen) == 1:
            with engine.begin() as other:
                rename(other, "a@example.org", "+other")  # type: ignore[arg-type]
        rename(session, "a@example.org", "+mine")

    database.run(work, retry=AT_ONCE)
    assert seen == ["none", "none+other"]


@pytest.mark.usefixtures("two_people")
def test_a_deadlock_is_retried(database: Database, engine: Engine) -> None:
    """PostgreSQL aborts one of the two; it runs again and both changes are stored."""
    both_hold_one = threading.Barrier(2, timeout=PATIENCE)
    one_committed = threading.Event()
    attempts = {"a": 0, "b": 0}

    def work(session: Session, first: str, second: str) -> None:
        attempts[first] += 1
        if attempts[first] > 1:  # or it could take its first row before the other is granted it, and meet it again
            assert one_committed.wait(PATIENCE)
        rename(session, f"{first}@example.org", first)
        if attempts[first] == 1:
            both_hold_one.wait()
        rename(session, f"{second}@example.org", first)

    def run_once(first: str, second: str) -> None:
        database.run(partial(work, first=first, second=second), retry=AT_ONCE)
        one_committed.set()

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(run_once, one, other) for one, other in (("a", "b"), ("b", "a"))]
        for run in runs:
            run.result()
    with engine.connect() as connection:
        hashes = list(connection.scalars(text("SELECT password_hash FROM users")))
    assert sum(attempts.values()) == 3
    assert all("a" in found.removeprefix("none") and "b" in found for found in hashes)


def test_a_violated_constraint_is_not_retried(database: Database) -> None:
    """The same statement would fail again; it is told apart by the constraint's name."""
    attempts: list[int] = []

    def work(session: Session) -> None:
        attempts.append(1)
        add_user(session, "twice@example.org")
        add_user(session, "Twice@example.org")

    with pytest.raises(EmailTaken):
        database.run(work, retry=AT_ONCE)
    assert attempts == [1]


@pytest.mark.usefixtures("two_people")
@pytest.mark.parametrize("effect", ["declared", "released"])
def test_nothing_is_retried_after_an_external_effect(database: Database, engine: Engine, effect: str) -> None:
    """Mail was sent, a model was paid: running again would do it twice."""
    attempts: list[int] = []

    def work(session: UnitOfWorkSession) -> None:
        attempts.append(1)
        unit = session.unit_of_work
        if effect == "declared":
            unit.external_effect()
        else:
            count_users(session)
            unit.release()
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        count_users(session)
        with engine.begin() as other:
            rename(other, "a@example.org", "+other")  # type: ignore[arg-type]
        rename(session, "a@example.org", "+mine")

    with pytest.raises(Unavailable):
        database.run(work, retry=AT_ONCE)
    assert attempts == [1]


def test_attempts_are_counted_and_pauses_grow() -> None:
    """Full jitter between zero and a bound that doubles."""
    pauses: list[float] = []

    class Most:
        def uniform(self, _low: float, high: float) -> float:
            return high

    policy = RetryPolicy(base_seconds=1, rng=Most(), sleep=pauses.append)  # type: ignore[arg-type]
    for attempt in (1, 2, 3):
        policy.pause(attempt)
    assert pauses == [2, 4, 8]


@pytest.mark.usefixtures("two_people")
def test_a_connection_lost_during_the_commit_is_an_unknown_outcome(
    database: Database, admin: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether it was stored is unknown, so it is neither run again nor reported as a failure."""
    attempts: list[int] = []

    def cut(connection: object) -> None:
        pid = connection.connection.driver_connection.info.backend_pid  # type: ignore[attr-defined]
        with admin.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})

    def work(session: Session) -> None:
        attempts.append(1)
        rename(session, "a@example.org", "+mine")

    event.listen(database.engine(), "commit", cut)
    with pytest.raises(OutcomeUnknown):
        database.run(work, retry=AT_ONCE)
    assert attempts == [1]
    assert "outcome unknown" in caplog.text


def test_an_exhausted_pool_is_unavailable_and_recovers(config: Config, caplog: pytest.LogCaptureFixture) -> None:
    """The wait ends with a clear error, and the next one is served."""
    narrow = Database(replace(config, pool_size=1, pool_overflow=0, pool_timeout=0.1))
    if narrow.engine() is narrow.direct:
        pytest.skip("the direct side has no pool to exhaust")
    with narrow.unit_of_work() as unit:
        count_users(unit.session)
        with pytest.raises(Unavailable), second_connection("which there is not"):
            narrow.run(count_users)
    assert narrow.run(count_users) == 0
    assert "pool exhausted" in caplog.text
    narrow.dispose()


@pytest.mark.usefixtures("database")
def test_always_needs_no_second_connection(config: Config, stored: Count) -> None:
    """With a pool of one, an always-write runs after the main transaction on the connection it gave back."""
    narrow = Database(replace(config, pool_size=1, pool_overflow=0, pool_timeout=0.1))
    insert = text(
        "INSERT INTO users (id, email, email_key, password_hash, session_token) "
        "VALUES (gen_random_uuid(), 'always@example.org', 'always@example.org', 'none', gen_random_uuid())"
    )
    with pytest.raises(DBAPIError), narrow.unit_of_work() as unit:
        unit.always(lambda connection: connection.execute(insert))
        unit.session.execute(text("SELECT 1/0"))
    assert stored() == 1
    narrow.dispose()
