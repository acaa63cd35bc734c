"""The queue's own tables, which our migrations create and update in their transaction.

The SQL comes from the installed library and is never copied. When a later version of the library brings a migration, a
revision of ours calls `bring_up_to_date` again, and nothing else is needed.
"""

from __future__ import annotations

from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

_RECORD = "procrastinate_applied_migrations"
"""A constant, so it is safe to build statements with it."""


class UnknownQueueSchema(RuntimeError):
    """The queue's tables exist, but there is no record of the migrations that created them."""


def bring_up_to_date(connection: Connection) -> None:
    """Create the queue's tables, or apply the migrations of the installed library that are not recorded yet.

    This runs in the transaction of `connection` and leaves it open. Raise `UnknownQueueSchema` for tables that were not
    created here.
    """
    if not _exists(connection, _RECORD):
        _create(connection)
        return
    for name in pending(connection):
        _run(connection, (_folder() / name).read_text(encoding="utf-8"))
        _record(connection, [name])


def pending(connection: Connection) -> list[str]:
    """Return the names of the library's migrations that this database has not seen, in the order to apply them."""
    recorded: set[str] = set()
    if _exists(connection, _RECORD):
        recorded.update(connection.scalars(text(f"SELECT name FROM {_RECORD}")))  # nosec B608
    return [name for name in _installed() if name not in recorded]


def _create(connection: Connection) -> None:
    if _exists(connection, "procrastinate_jobs"):
        raise UnknownQueueSchema(f"There is a table procrastinate_jobs but no {_RECORD}: drop the queue's own objects.")
    _run(connection, SchemaManager.get_schema())
    connection.execute(text(f"CREATE TABLE {_RECORD} (name text PRIMARY KEY)"))
    _record(connection, _installed())


def _record(connection: Connection, names: list[str]) -> None:
    connection.execute(text(f"INSERT INTO {_RECORD} VALUES (:name)"), [{"name": name} for name in names])  # nosec B608


def _exists(connection: Connection, table: str) -> bool:
    return connection.scalar(text("SELECT to_regclass(:table)"), {"table": table}) is not None


def _run(connection: Connection, script: str) -> None:
    """Bypass SQLAlchemy: the scripts hold several statements each, and characters that it takes for parameters."""
    driver_connection = connection.connection.driver_connection
    assert driver_connection is not None
    driver_connection.execute(script)


def _installed() -> list[str]:
    return sorted(path.name for path in _folder().glob("*.sql"))


def _folder() -> Path:
    return Path(SchemaManager.get_migrations_path())
