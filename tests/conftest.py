"""Fixtures for every room: a real PostgreSQL, migrated for real, in two ways of use.

`session` rolls everything back, with what the code under test commits being savepoints: right for services.
`database` commits for real and deletes afterwards: right wherever commits, connections or other processes matter.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from prometheus_client import REGISTRY
from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.orm import Session

from mealplanner import create_app
from mealplanner.auth.passwords import hashing as passwords
from mealplanner.config import Config, Rollout
from mealplanner.db.database import Database
from mealplanner.db.migrations import upgrade
from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.models import Base, User
from tests.factories import use_session
from tests.post import Post
from tests.visitor import Visitor

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}


@pytest.fixture(autouse=True)
def nothing_checked_out() -> Iterator[None]:
    """After every test, whatever it did, no engine of the application has a connection out."""
    yield
    for side in ("pooled", "direct"):
        assert not REGISTRY.get_sample_value("mealplanner_db_connections_in_use", {"side": side})


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Passwords are hashed thousands of times here; what it costs in earnest is the concern of a few tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of this test run, in a folder that its unprivileged user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-tests-"))
    folder.chmod(0o755)
    with EmbeddedPostgres(folder / "postgres", settings=FAST) as running:
        yield running
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def admin(server: EmbeddedPostgres) -> Iterator[Engine]:
    """Connections that see the whole server and belong to no application."""
    engine = create_engine(server.url(), isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def database_url(server: EmbeddedPostgres, admin: Engine) -> str:
    """A database that was brought up to date by the real migrations."""
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE tests"))
    url = server.url().set(database="tests").render_as_string(hide_password=False)
    upgrade(url)
    return url


@pytest.fixture(scope="session")
def base_config(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The configuration that tests vary."""
    return Config(
        database_url=database_url,
        data_dir=tmp_path_factory.mktemp("data"),
        secret_key="only for tests, and long enough",
        leniency=1000,
        log_level="DEBUG",
        testing=True,
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `sides` once for each side of USE_NEW_CONNECTION_HANDLING that the mark names."""
    sides = metafunc.definition.get_closest_marker("sides")
    if sides is not None and "config" in metafunc.fixturenames:
        metafunc.parametrize("config", sides.args, indirect=True)


@pytest.fixture
def config(request: pytest.FixtureRequest, base_config: Config) -> Config:
    """The configuration on the pooled side of USE_NEW_CONNECTION_HANDLING, unless the mark `sides` says otherwise."""
    return replace(base_config, rollout=Rollout(everything=getattr(request, "param", "pooled") == "pooled"))


@pytest.fixture
def database(config: Config, admin: Engine) -> Iterator[Database]:
    """A database with real commits; afterwards no connection may be out, and every row goes."""
    opened = Database(config)
    yield opened
    try:
        assert_nothing_held(opened, admin)
    finally:
        opened.dispose()
        delete_rows(config)


@pytest.fixture
def app(config: Config, database: Database) -> Flask:
    """The whole application, on `database`."""
    return create_app(config, database)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who has not signed in."""
    return Visitor(app)


@pytest.fixture
def person(visitor: Visitor) -> Visitor:
    """Somebody who has just registered, and is signed in."""
    visitor.register()
    return visitor


@pytest.fixture
def post(database: Database, config: Config, engine: Engine, tmp_path: Path) -> Post:
    """What people find in their mail."""
    return Post(database, config, engine, tmp_path)


@pytest.fixture
def rows(engine: Engine) -> Callable[..., list[tuple[Any, ...]]]:
    """`rows(query)`: what is stored, asked (or changed) on a connection apart."""

    def ask(query: str, **values: Any) -> list[tuple[Any, ...]]:
        with engine.begin() as connection:
            result = connection.execute(text(query), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    return ask


@pytest.fixture
def statements(database: Database) -> list[str]:
    """Everything the application tells PostgreSQL, in order."""
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        told.append(statement)

    for engine in (database.pooled, database.direct):
        event.listen(engine, "before_cursor_execute", note)
        event.listen(engine, "commit", lambda _connection: told.append("COMMIT"))
        event.listen(engine, "rollback", lambda _connection: told.append("ROLLBACK"))
    return told


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose work is rolled back, whatever it commits."""
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session, use_session(session):
            yield session
        transaction.rollback()


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    """An engine of the tests' own, apart from the application's."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def stored(engine: Engine) -> Callable[[], int]:
    """Counts the committed accounts, on a connection apart."""

    def count() -> int:
        with engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(User)) or 0

    return count


def assert_nothing_held(database: Database, admin: Engine) -> None:
    """No connection is checked out, and no backend of the application is inside a transaction."""
    assert database.pooled.pool.checkedout() == 0  # type: ignore[attr-defined]
    query = "SELECT state, query FROM pg_stat_activity WHERE application_name = 'mealplanner' AND state LIKE 'idle in%'"
    with admin.connect() as connection:
        assert connection.execute(text(query)).all() == []


def delete_rows(config: Config) -> None:
    """Empties every table of the application, children first."""
    engine = create_engine(config.database_url or "")
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        connection.execute(text("DELETE FROM procrastinate_events"))
        connection.execute(text("DELETE FROM procrastinate_jobs"))
    engine.dispose()
