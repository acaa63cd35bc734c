"""Bring a database up to date, and tell whether it is."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

ADVISORY_LOCK = 7_262_633_921
"""The advisory lock that is held while migrating; the number is arbitrary."""

LOCK_TIMEOUT = "10s"
"""How long a migration waits for a table. While it waits, every request for that table waits behind it."""

UNHURRIED = "; ".join(
    f"SET LOCAL {limit} = 0" for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
)
"""Lift the limits that the role may have for requests."""


def script_location() -> Path:
    """Return the folder of migrations: inside the installed package, or at the root of a clone."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "migrations"
    return installed if installed.is_dir() else package.parent / "alembic"


def upgrade(database_url: str) -> None:
    """Bring the database to the newest revision. Several processes may do this at once."""
    config = _alembic_config()
    config.attributes["engine"] = migration_engine(database_url)
    command.upgrade(config, "head")


def migration_engine(database_url: str) -> Engine:
    """Return an engine without a pool."""
    return create_engine(database_url, poolclass=NullPool)


def is_current(connection: Connection) -> bool:
    """Return whether the database is at the newest revision that this program knows."""
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return False
    return set(connection.scalars(text("SELECT version_num FROM alembic_version"))) == _heads()


@contextmanager
def exclusively(engine: Engine) -> Iterator[None]:
    """Hold the advisory lock of migrations during the block, in a transaction on a connection of its own.

    A lock of the session would stay behind PgBouncer, which keeps the session for the next client.
    """
    with engine.connect() as guard:
        guard.execute(text(UNHURRIED))
        guard.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        yield


@functools.cache
def _heads() -> frozenset[str]:
    """Return the newest revisions; they are read once, since a running program's own migrations do not change."""
    return frozenset(ScriptDirectory.from_config(_alembic_config()).get_heads())


def _alembic_config() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(script_location()).replace("%", "%%"))
    return config
