"""The queue's schema is created and updated by our own migrations."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect, text

from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.jobs.schema import UnknownQueueSchema, bring_up_to_date, pending


@pytest.fixture
def empty(server: EmbeddedPostgres, admin: Engine) -> Iterator[Engine]:
    """A database without any table."""
    name = f"empty_{uuid.uuid4().hex[:12]}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield create_engine(server.url().set(database=name), poolclass=NullPool)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with two migrations, both part of its schema."""
    (tmp_path / "01_begin.sql").write_text("CREATE TABLE procrastinate_jobs (id int);")
    (tmp_path / "02_more.sql").write_text("ALTER TABLE procrastinate_jobs ADD COLUMN name text;")
    schema = "CREATE TABLE procrastinate_jobs (id int, name text); COMMENT ON TABLE procrastinate_jobs IS ':100 %s';"
    monkeypatch.setattr(SchemaManager, "get_schema", staticmethod(lambda: schema))
    monkeypatch.setattr(SchemaManager, "get_migrations_path", staticmethod(lambda: str(tmp_path)))
    return tmp_path


def columns(connection: Connection) -> list[str]:
    """Return the columns of the queue's table."""
    return [column["name"] for column in inspect(connection).get_columns("procrastinate_jobs")]


def test_our_migrations_bring_all_that_the_installed_library_wants(engine: Engine) -> None:
    """If this fails, a new revision must call bring_up_to_date again."""
    with engine.connect() as connection:
        assert pending(connection) == []


def test_everything_is_pending_in_an_empty_database(empty: Engine) -> None:
    """Without an error."""
    with empty.connect() as connection:
        assert pending(connection)[0].startswith("00.00.00")


@pytest.mark.usefixtures("library")
def test_a_fresh_schema_counts_as_every_migration(empty: Engine) -> None:
    """The library's schema is the sum of its migrations: all are recorded, none is run."""
    with empty.begin() as connection:
        bring_up_to_date(connection)
        assert columns(connection) == ["id", "name"]
        assert pending(connection) == []


def test_a_later_library_brings_only_what_is_new(empty: Engine, library: Path) -> None:
    """Recorded migrations are not run again; the others are, in order."""
    with empty.begin() as connection:
        bring_up_to_date(connection)
    (library / "04_last.sql").write_text("ALTER TABLE procrastinate_jobs RENAME COLUMN extra TO last;")
    (library / "03_next.sql").write_text("ALTER TABLE procrastinate_jobs ADD COLUMN extra text; SELECT '%s :x';")
    with empty.begin() as connection:
        assert pending(connection) == ["03_next.sql", "04_last.sql"]
        bring_up_to_date(connection)
        bring_up_to_date(connection)
        assert columns(connection) == ["id", "name", "last"]
        assert pending(connection) == []


def test_the_schema_belongs_to_the_transaction_of_the_caller(empty: Engine) -> None:
    """A migration that fails later rolls the queue's tables back with it."""
    with empty.connect() as connection:
        bring_up_to_date(connection)
        connection.rollback()
        assert inspect(connection).get_table_names() == []


@pytest.mark.usefixtures("library")
def test_tables_that_others_made_are_not_touched(empty: Engine) -> None:
    """It is unknown which migrations they have had."""
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE procrastinate_jobs (id int)"))
        with pytest.raises(UnknownQueueSchema, match="no procrastinate_applied_migrations"):
            bring_up_to_date(connection)
