"""Fixtures for every room: a real PostgreSQL, with the real migrations, used in two ways.

`session` rolls everything back, and what the code under test commits is a savepoint: right for services.
`database` commits, and deletes every row afterwards: right where commits, connections or other processes matter.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from prometheus_client import REGISTRY
from sqlalchemy import Engine, create_engine, event, func, select, text

from mealplanner import create_app
from mealplanner.auth.passwords import hashing as passwords
from mealplanner.config import Config, Rollout
from mealplanner.db import UnitOfWorkSession
from mealplanner.db.testing import assert_nothing_checked_out, rolled_back_unit
from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.models import Base, User
from mealplanner.storage.database import Database
from mealplanner.storage.failures import translated
from mealplanner.storage.migrations import upgrade
from tests.clock import Clock
from tests.factories import use_session
from tests.post import Post
from tests.visitor import Visitor
from tests.waiting import PATIENCE, eventually

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}

_CLOCK = Clock()


@pytest.fixture(autouse=True)
def nothing_checked_out() -> Iterator[None]:
    """Check after every test that no engine of the application has a connection out."""
    yield
    for side in ("pooled", "direct"):
        assert not REGISTRY.get_sample_value("mealplanner_db_connections_in_use", {"side": side})


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Make hashing a password cheap: it is done thousands of times, and few tests are about what it costs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compile templates once for all applications of the session."""
    with pytest.MonkeyPatch.context() as patch:
        cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": cache})
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    """Run a PostgreSQL for this session, in a folder that its unprivileged user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-tests-"))
    folder.chmod(0o755)
    with EmbeddedPostgres(folder / "postgres", settings=FAST) as running:
        yield running
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def admin(server: EmbeddedPostgres) -> Iterator[Engine]:
    """Return an engine for the server's own database, which belongs to no application."""
    engine = create_engine(server.url(), isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def database_url(server: EmbeddedPostgres, admin: Engine) -> str:
    """Return the address of a database that the real migrations have brought up to date."""
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE tests"))
    url = server.url().set(database="tests").render_as_string(hide_password=False)
    upgrade(url)
    return url


@pytest.fixture(scope="session")
def base_config(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Return the configuration that tests vary. None of its limits is reached because the machine is busy."""
    return Config(
        database_url=database_url,
        data_dir=tmp_path_factory.mktemp("data"),
        secret_key="only for tests, and long enough",
        leniency=1000,
        log_level="DEBUG",
        testing=True,
        rollout=Rollout(everything=True),
        pool_timeout=PATIENCE,
        statement_timeout_ms=int(PATIENCE * 1000),
        lock_timeout_ms=int(PATIENCE * 1000),
        idle_in_transaction_timeout_ms=int(PATIENCE * 1000),
        slow_transaction_ms=int(PATIENCE * 1000),
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run the whole suite in two processes more than there are cores, since tests wait as well, and named files in one.

    Each process starts a PostgreSQL of its own.
    """
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return min((os.cpu_count() or 1) + 2, 8) if whole else 0


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test marked `sides` once for each side of USE_NEW_CONNECTION_HANDLING that the mark names."""
    sides = metafunc.definition.get_closest_marker("sides")
    if sides is not None and "config" in metafunc.fixturenames:
        metafunc.parametrize("config", sides.args, indirect=True)


@pytest.fixture
def config(request: pytest.FixtureRequest, base_config: Config) -> Config:
    """Return the configuration on the pooled side of USE_NEW_CONNECTION_HANDLING, or that which `sides` names."""
    return replace(base_config, rollout=Rollout(everything=getattr(request, "param", "pooled") == "pooled"))


@pytest.fixture(scope="session")
def shared_database(base_config: Config) -> Iterator[Database]:
    """Return the database that tests share."""
    opened = Database(base_config)
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def shared_app(base_config: Config, shared_database: Database) -> Flask:
    """Return the application that tests share."""
    return create_app(base_config, shared_database)


@pytest.fixture
def database(
    request: pytest.FixtureRequest, config: Config, base_config: Config, shared_database: Database, engine: Engine
) -> Iterator[Database]:
    """Return a database with real commits; after the test check that nothing is held, and delete every row.

    It is the shared one, unless the test looks at connections, as those marked `sides` do, or has other settings.
    """
    own = config != base_config or request.node.get_closest_marker("sides") is not None
    opened = Database(config) if own else shared_database
    yield opened
    try:
        assert_nothing_held(opened, engine)
    finally:
        if own:
            opened.dispose()
        delete_rows(engine)


@pytest.fixture
def impatient_database(config: Config, database: Database) -> Iterator[Database]:
    """Return a database that hardly waits for a lock. Its rows go with those of `database`."""
    opened = Database(replace(config, lock_timeout_ms=20))
    assert opened.pooled.url == database.pooled.url
    yield opened
    opened.dispose()


@pytest.fixture
def app(config: Config, database: Database, shared_database: Database, shared_app: Flask) -> Flask:
    """Return the whole application, on `database`. It may be shared: a test that changes it must build its own."""
    return shared_app if database is shared_database else create_app(config, database)


@pytest.fixture(scope="session")
def app_with_clock(base_config: Config, shared_database: Database) -> Flask:
    """Return the application whose time is `clock`."""
    return create_app(base_config, shared_database, clock=_CLOCK)


@pytest.fixture
def clock() -> Clock:
    """Return the clock of `app_at_noon`, set to noon."""
    _CLOCK.now = Clock().now
    return _CLOCK


@pytest.fixture
def app_at_noon(app_with_clock: Flask, shared_database: Database, database: Database, clock: Clock) -> Flask:
    """Return the whole application, on `database`, at a time that stands still until a test moves `clock`."""
    assert (database, clock) == (shared_database, _CLOCK)
    return app_with_clock


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Return a browser that is not signed in."""
    return Visitor(app)


@pytest.fixture
def person(visitor: Visitor) -> Visitor:
    """Return a browser that has just registered and is signed in."""
    visitor.register()
    return visitor


@pytest.fixture
def post(database: Database, config: Config, engine: Engine, tmp_path: Path) -> Post:
    """Return what delivers mail and finds the links in it."""
    return Post(database, config, engine, tmp_path)


@pytest.fixture
def rows(engine: Engine) -> Callable[..., list[tuple[Any, ...]]]:
    """Return `rows(query)`, which runs a query on a connection of its own."""

    def ask(query: str, **values: Any) -> list[tuple[Any, ...]]:
        with engine.begin() as connection:
            result = connection.execute(text(query), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    return ask


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    """Collect what the application sends to PostgreSQL, in order."""
    told: list[str] = []
    listeners: list[tuple[str, Callable[..., None]]] = [
        ("before_cursor_execute", lambda _connection, _cursor, statement, *_: told.append(statement)),
        ("commit", lambda _connection: told.append("COMMIT")),
        ("rollback", lambda _connection: told.append("ROLLBACK")),
    ]
    targets = [(engine, *listener) for engine in (database.pooled, database.direct) for listener in listeners]
    for target in targets:
        event.listen(*target)
    yield told
    for target in targets:
        event.remove(*target)


@pytest.fixture
def session(engine: Engine) -> Iterator[UnitOfWorkSession]:
    """Return a session whose work is rolled back."""
    with rolled_back_unit(engine, translate=translated) as unit, use_session(unit.session):
        yield unit.session


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    """Return an engine that is not the application's."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def stored(engine: Engine) -> Callable[[], int]:
    """Return a function that counts the committed accounts on a connection of its own."""

    def count() -> int:
        with engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(User)) or 0

    return count


def assert_nothing_held(database: Database, engine: Engine) -> None:
    """Fail if a connection is checked out, or if a backend of the application stays in a transaction.

    A backend whose connection was closed takes a moment to end.
    """
    assert_nothing_checked_out(database.pooled)
    held = "SELECT FROM pg_stat_activity WHERE application_name = 'mealplanner' AND state LIKE 'idle in%'"

    def none_left() -> bool:
        with engine.connect() as connection:
            return not connection.execute(text(held)).all()

    eventually(none_left, "the end of every transaction")


def delete_rows(engine: Engine) -> None:
    """Empty every table of the application, children first, in one round trip."""
    tables = [*(table.name for table in reversed(Base.metadata.sorted_tables)), "procrastinate_events"]
    with engine.begin() as connection:
        connection.execute(text("; ".join(f"DELETE FROM {table}" for table in [*tables, "procrastinate_jobs"])))
