"""A pooled connection is known to be alive before it is lent."""

from __future__ import annotations

import select
from typing import Any, NoReturn

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from mealplanner.db import engines, second_connection
from mealplanner.storage.database import Database

pytestmark = pytest.mark.sides("pooled")


def backend(session: Session) -> int:
    """The process that serves the connection."""
    return session.scalar(text("SELECT pg_backend_pid()")) or 0


def unreachable(_connection: object) -> NoReturn:
    """A ping without an answer."""
    raise psycopg.OperationalError("no answer")


def test_a_connection_that_the_server_ended_is_replaced(database: Database, admin: Engine) -> None:
    """It is noticed at once, without asking the server anything."""
    first = database.run(backend)
    with admin.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": first})
    assert database.run(backend) != first


def test_a_connection_used_a_moment_ago_is_lent_without_a_ping(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its silence says enough."""
    first = database.run(backend)
    monkeypatch.setattr(database.pooled.dialect, "do_ping", unreachable)
    assert database.run(backend) == first


def test_a_connection_that_was_idle_for_long_is_pinged(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A firewall may have forgotten it silently; without an answer another one is opened."""
    first = database.run(backend)
    monkeypatch.setattr(engines, "TRUSTED_SECONDS", 0)
    assert database.run(backend) == first
    monkeypatch.setattr(database.pooled.dialect, "do_ping", unreachable)
    assert database.run(backend) != first


def test_a_connection_that_has_something_to_say_is_kept(database: Database) -> None:
    """A ping reads what the server sent by itself, and the connection is kept."""

    def listen(session: Session) -> tuple[int, int]:
        session.execute(text("LISTEN news"))
        raw: Any = session.connection().connection.driver_connection
        return backend(session), raw.fileno()

    with second_connection("the two talk to each other"), database.unit_of_work() as other:
        other.session.execute(text("NOTIFY news"))
        first, socket = database.run(listen)
        other.commit()
        assert select.select([socket], [], [], 60)[0]
    with second_connection("the two are compared"), database.unit_of_work() as other:
        assert backend(other.session) != first
        assert database.run(backend) == first
        other.rollback()


def test_after_a_read_only_use_a_transaction_begins_as_the_server_has_it(database: Database) -> None:
    """A standby would refuse `BEGIN READ WRITE`."""
    with database.unit_of_work(read_only=True) as unit:
        first = backend(unit.session)
        unit.commit()

    def look(session: Session) -> tuple[int, object]:
        raw: Any = session.connection().connection.driver_connection
        return backend(session), raw.read_only

    assert database.run(look) == (first, None)
