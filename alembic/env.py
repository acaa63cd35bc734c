"""Runs the migrations, one process at a time, against `DATABASE_URL` or the embedded database."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Engine, text

from mealplanner.config import Config
from mealplanner.embedded_postgres.location import attached
from mealplanner.models import Base
from mealplanner.storage.migrations import LOCK_TIMEOUT, UNHURRIED, exclusively, migration_engine


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leaves the queue's own tables to the queue."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def run(engine: Engine) -> None:
    """Migrates in one transaction; a table that is in use for too long ends it, rather than stall the application."""
    with exclusively(engine), engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, include_name=include_name)
        with context.begin_transaction():
            connection.execute(text(UNHURRIED))
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            context.run_migrations()


def run_by_hand() -> None:
    """The `alembic` command: finds the database as every other command does."""
    with attached(Config.from_environ()) as config:
        run(migration_engine(config.database_url))


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database: SQL is not written to a file.")
if (engine := context.config.attributes.get("engine")) is not None:
    run(engine)
else:
    run_by_hand()
