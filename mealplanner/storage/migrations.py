"""Bring a database up to date, and tell whether this program can live with it.

Upgrades need no outage as long as every migration only adds: code of one release then works beside the schema of the
next. So a database that is ahead of the program is as good as one at its own revision, and one that is behind is not.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from time import sleep

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.exc import OperationalError

from mealplanner.db.failures import sqlstate

log = logging.getLogger(__name__)

ADVISORY_LOCK = 7_262_633_921
"""The advisory lock that is held while migrating; the number is arbitrary."""

LOCK_TIMEOUT_MS = 1000
"""How long a migration waits for a table. While it waits, every statement on that table waits behind it, so this is
less than `MEALPLANNER_LOCK_TIMEOUT_MS`: a page is late and does not fail."""

LOCK_ATTEMPTS = 120
"""How often a migration asks for its tables before it gives up."""

PAUSE = 1.0
"""Seconds between two attempts, in which the statements that waited get their turn."""

_LOCK_NOT_AVAILABLE = "55P03"

_LIMITS = {"statement_timeout": 0, "idle_in_transaction_session_timeout": 0, "lock_timeout": LOCK_TIMEOUT_MS}
"""Milliseconds: lift the limits that the role may have for requests, and wait for no table for long."""


_LET_GO = "SET LOCAL application_name = 'mealplanner-migration'"
"""The last query of a transaction keeps its snapshot until another statement takes its place; this one has none."""


class SchemaState(Enum):
    """A database's schema, as this program sees it."""

    MISSING = "missing"
    OLDER = "older"
    FITTING = "fitting"
    NEWER = "newer"
    """At a revision that this program does not know, as during an upgrade or after going back a release."""

    @property
    def usable(self) -> bool:
        """Whether this program can work with such a database."""
        return self in (SchemaState.FITTING, SchemaState.NEWER)


def script_location() -> Path:
    """Return the folder of migrations: inside the installed package, or at the root of a clone."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "migrations"
    return installed if installed.is_dir() else package.parent / "alembic"


def upgrade(database_url: str) -> SchemaState:
    """Bring the database to the newest revision; leave one that is newer than this program as it is.

    Return the state that was found. Several processes may do this at once.
    """
    engine = migration_engine(database_url)
    with engine.connect() as connection:
        found = schema_state(connection)
    if found is not SchemaState.NEWER:
        config = _alembic_config()
        config.attributes["engine"] = engine
        command.upgrade(config, "head")
    return found


def migration_engine(database_url: str) -> Engine:
    """Return an engine without a pool, whose transactions have the limits of migrations."""
    engine = create_engine(database_url, poolclass=NullPool)
    limits = "; ".join(f"SET LOCAL {limit} = {milliseconds}" for limit, milliseconds in _LIMITS.items())
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(limits))
    return engine


def schema_state(connection: Connection) -> SchemaState:
    """Return how the database's revision compares with the ones that this program knows.

    A revision that may be missing, since only speed depends on it, is marked `optional = True` in its file.
    """
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return SchemaState.MISSING
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if revision is None:
        return SchemaState.MISSING
    known, usable = _revisions()
    if revision not in known:
        return SchemaState.NEWER
    return SchemaState.FITTING if revision in usable else SchemaState.OLDER


def newest_revision() -> str | None:
    """Return the newest revision that this program knows."""
    return ScriptDirectory.from_config(_alembic_config()).get_current_head()


@contextmanager
def exclusively(engine: Engine) -> Iterator[None]:
    """Hold the advisory lock of migrations during the block, in a transaction on a connection of its own.

    A lock of the session would stay behind PgBouncer, which keeps the session for the next client. The lock is asked
    for again and again: a statement that waits for it would hold a snapshot, for which `CREATE INDEX CONCURRENTLY` in
    the process that has the lock would wait in turn.
    """
    with engine.connect() as guard:
        while not guard.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK}):
            guard.rollback()
            sleep(PAUSE / 10)
        guard.exec_driver_sql(_LET_GO)
        yield


def again_while_locked(error: OperationalError, attempt: int) -> None:
    """Wait before another attempt, the next after `attempt`. Raise `error` if it is no lock, or was the last attempt's.

    What has been migrated so far is committed, so the next attempt begins with what is left.
    """
    if sqlstate(error) != _LOCK_NOT_AVAILABLE or attempt == LOCK_ATTEMPTS:
        raise error
    log.info("a table is in use; the migration asks for it again (%d of %d)", attempt + 1, LOCK_ATTEMPTS)
    sleep(PAUSE)


@functools.cache
def _revisions() -> tuple[frozenset[str], frozenset[str]]:
    """Return all revisions, and those that this program can live with. They do not change while it runs."""
    usable, needed = set(), False
    revisions = list(ScriptDirectory.from_config(_alembic_config()).walk_revisions())
    for revision in revisions:  # the newest first
        if not needed:
            usable.add(revision.revision)
        needed = needed or not getattr(revision.module, "optional", False)
    return frozenset(revision.revision for revision in revisions), frozenset(usable)


def _alembic_config() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(script_location()).replace("%", "%%"))
    return config
