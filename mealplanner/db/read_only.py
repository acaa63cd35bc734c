"""Transactions that PostgreSQL keeps from writing."""

from __future__ import annotations

from typing import Any
from weakref import WeakSet

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

_engines: WeakSet[Engine] = WeakSet()


def read_only(connection: Connection) -> None:
    """Have PostgreSQL refuse writes in the next transactions of `connection`, until it is given back.

    This sets the driver's own mode. SQLAlchemy's option for it takes several times as long, and resets a connection to
    `BEGIN READ WRITE`, which a standby refuses even for a read.
    """
    if connection.engine not in _engines:
        event.listen(connection.engine, "checkin", _as_the_server_has_it)
        _engines.add(connection.engine)  # after that: another thread then relies on it
    driver: Any = connection.connection.driver_connection
    driver.read_only = True


def is_read_only(connection: Connection) -> bool:
    """Return whether transactions of `connection` are kept from writing."""
    driver: Any = connection.connection.driver_connection
    return bool(driver.read_only)


def _as_the_server_has_it(connection: DBAPIConnection | None, _entry: object) -> None:
    """Have the next transaction begin as the server has it by default."""
    driver: Any = connection
    if driver is not None and not driver.closed and driver.read_only is not None:
        driver.read_only = None
