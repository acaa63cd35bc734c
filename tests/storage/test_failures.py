"""What a failure of the database is called, and what the person reads: for each class of SQLSTATE, the true cause."""

from __future__ import annotations

import html
import logging
import uuid

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from mealplanner import errors
from mealplanner.db import UnitOfWorkSession
from mealplanner.db.failures import Failure, failure
from mealplanner.errors import NeedsOperator, Unavailable
from mealplanner.menu import services
from mealplanner.storage.database import Database
from tests.visitor import Visitor

CAUSES = {
    "08006": (Failure.UNREACHABLE, errors.Unreachable),  # connection_failure
    "57P01": (Failure.UNREACHABLE, errors.Unreachable),  # admin_shutdown
    "57P02": (Failure.UNREACHABLE, errors.Unreachable),  # crash_shutdown
    "57P03": (Failure.UNREACHABLE, errors.Unreachable),  # cannot_connect_now
    "53300": (Failure.CROWDED, Unavailable),  # too_many_connections
    "40001": (Failure.CLASHED, errors.InTheWay),  # serialization_failure
    "40P01": (Failure.CLASHED, errors.InTheWay),  # deadlock_detected
    "55P03": (Failure.CLASHED, errors.InTheWay),  # lock_not_available
    "57014": (Failure.STOPPED, errors.TookTooLong),  # query_canceled
    "25P03": (Failure.STOPPED, errors.TookTooLong),  # idle_in_transaction_session_timeout
    "25006": (Failure.READ_ONLY, errors.ReadOnly),  # read_only_sql_transaction
    "53100": (Failure.DISK_FULL, errors.StorageFull),  # disk_full
    "53200": (Failure.MEMORY_FULL, errors.OutOfMemory),  # out_of_memory
    "53400": (Failure.SYSTEM, errors.ServerTrouble),  # configuration_limit_exceeded
    "58030": (Failure.SYSTEM, errors.ServerTrouble),  # io_error
}
MISTAKES = ("42P01", "42601", "22003", "XX001", "25P02")
"""A missing table, wrong syntax, a number out of range, a damaged table, a transaction that had failed before."""


def fail(session: UnitOfWorkSession, state: str) -> None:
    """Have PostgreSQL itself end a statement with `state`."""
    session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = '{state}'; END $$"))


@pytest.mark.parametrize(("state", "cause", "error"), [(state, *found) for state, found in CAUSES.items()])
def test_each_class_is_an_error_of_its_own(
    database: Database, state: str, cause: Failure, error: type[Unavailable]
) -> None:
    with pytest.raises(Unavailable) as raised:
        database.run(lambda session: fail(session, state))
    assert type(raised.value) is error
    assert failure(raised.value.__cause__) is cause  # type: ignore[arg-type]


@pytest.mark.parametrize("state", MISTAKES)
def test_a_mistake_is_no_outage(database: Database, state: str) -> None:
    with pytest.raises(DBAPIError) as raised:
        database.run(lambda session: fail(session, state))
    assert failure(raised.value) is None


def test_a_connection_that_an_operator_ended_is_gone(database: Database, engine: Engine) -> None:
    def end_myself(session: UnitOfWorkSession) -> None:
        own = session.scalar(text("SELECT pg_backend_pid()"))
        with engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
        session.execute(text("SELECT 1"))

    with pytest.raises(errors.Unreachable):
        database.run(end_myself)


def test_a_statement_that_takes_too_long_is_no_outage(database: Database) -> None:
    def sleep(session: UnitOfWorkSession) -> None:
        session.execute(text("SET LOCAL statement_timeout = 1"))
        session.execute(text("SELECT pg_sleep(60)"))

    with pytest.raises(errors.TookTooLong):
        database.run(sleep)


@pytest.mark.parametrize(("state", "error"), [(state, error) for state, (_, error) in CAUSES.items()])
def test_the_page_says_the_cause_and_the_log_its_code(
    person: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    state: str,
    error: type[Unavailable],
) -> None:
    """What needs the operator is logged as an error."""
    monkeypatch.setattr(services, "cancel", lambda session, *_: fail(session, state))
    answer = person.post(f"/menu/{uuid.uuid4()}/cancel")
    assert answer.status_code == 503
    assert error.message in html.unescape(answer.text)
    assert answer.headers["Retry-After"] == str(error.retry_after)
    level = logging.ERROR if issubclass(error, NeedsOperator) else logging.WARNING
    assert [record.levelno for record in caplog.records if f"({state})" in record.getMessage()] == [level]


def test_each_cause_reads_differently() -> None:
    kinds = {error for _, error in CAUSES.values()}
    assert len({error.message for error in kinds}) == len(kinds)
