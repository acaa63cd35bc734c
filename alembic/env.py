"""Run the migrations, one process at a time, against `DATABASE_URL` or the embedded database."""

from __future__ import annotations

from itertools import count

from alembic import context
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from mealplanner.config import Config
from mealplanner.embedded_postgres.location import attached
from mealplanner.models import Base
from mealplanner.storage.migrations import again_while_locked, exclusively, migration_engine


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the queue's own tables to the queue."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def run(engine: Engine) -> None:
    """Migrate, each revision in its own transaction; a table that is in use is asked for again after a pause."""
    with exclusively(engine):
        for attempt in count(1):
            if _done(engine, attempt):
                break


def _done(engine: Engine, attempt: int) -> bool:
    try:
        _run(engine)
    except OperationalError as error:
        again_while_locked(error, attempt)
        return False
    return True


def _run(engine: Engine) -> None:
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_name=include_name,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


def run_by_hand() -> None:
    """Serve the `alembic` command, which finds the database as every other command does."""
    with attached(Config.from_environ()) as config:
        run(migration_engine(config.database_url))


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database: SQL is not written to a file.")
if (engine := context.config.attributes.get("engine")) is not None:
    run(engine)
else:
    run_by_hand()
