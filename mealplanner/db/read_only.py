"""Engines whose transactions PostgreSQL keeps from writing."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

_engines: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def read_only(engine: Engine) -> Engine:
    """Return `engine`, on the same pool, with read-only transactions."""
    if engine not in _engines:
        _engines[engine] = engine.execution_options(postgresql_readonly=True)
        event.listen(engine, "checkin", _as_the_server_has_it)
    return _engines[engine]


def _as_the_server_has_it(connection: DBAPIConnection | None, _entry: object) -> None:
    """Have the next transaction begin as the server has it by default.

    SQLAlchemy resets a read-only connection to `BEGIN READ WRITE`, which a standby refuses even for a read.
    """
    driver: Any = connection
    if driver is not None and not driver.closed and driver.read_only is False:
        driver.read_only = None
