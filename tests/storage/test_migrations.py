"""Migrations: one line, forward and back, one process at a time."""

from __future__ import annotations

import re
import subprocess
import sys
import uuid
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.jobs.schema import pending
from mealplanner.storage.migrations import is_current, migration_engine, script_location, upgrade
from tests.waiting import PATIENCE


@pytest.fixture
def empty_url(server: EmbeddedPostgres, admin: Engine) -> Iterator[str]:
    """A database with nothing in it."""
    name = f"empty_{uuid.uuid4().hex[:8]}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.url().set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def alembic(url: str) -> AlembicConfig:
    """What the `alembic` command would use."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(script_location()))
    config.attributes["engine"] = migration_engine(url)
    return config


def current(url: str) -> bool:
    """Whether the database is up to date."""
    with migration_engine(url).connect() as connection:
        return is_current(connection)


def test_migrations_form_one_line_with_speaking_names(empty_url: str) -> None:
    """`0001_users.py` and so on, in one line."""
    revisions = list(ScriptDirectory.from_config(alembic(empty_url)).walk_revisions())
    assert len({revision.revision for revision in revisions}) == len(revisions)
    assert all(revision.path.rsplit("/", 1)[1].startswith(f"{revision.revision}_") for revision in revisions)
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.py", revision.path.rsplit("/", 1)[1]) for revision in revisions)
    assert all(revision.doc for revision in revisions)


def test_they_go_forward_back_and_forward_again(empty_url: str) -> None:
    """Nothing of ours is left at the bottom, and the models are what is at the top."""
    assert not current(empty_url)
    upgrade(empty_url)
    assert current(empty_url)
    command.check(alembic(empty_url))
    command.downgrade(alembic(empty_url), "base")
    with migration_engine(empty_url).connect() as connection:
        tables = set(connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
    assert tables == {"alembic_version"}
    upgrade(empty_url)
    assert current(empty_url)


@pytest.mark.process
def test_several_at_once_take_turns(empty_url: str) -> None:
    """An advisory lock lets one process work, and the others find it done."""
    program = "import sys; from mealplanner.storage.migrations import upgrade; upgrade(sys.argv[1])"
    processes = [subprocess.Popen([sys.executable, "-c", program, empty_url]) for _ in range(3)]
    assert [process.wait(PATIENCE) for process in processes] == [0, 0, 0]
    assert current(empty_url)


def test_the_queue_has_all_the_tables_it_wants(database_url: str) -> None:
    """A later version of the library that wants more needs a revision of ours."""
    with migration_engine(database_url).connect() as connection:
        assert pending(connection) == []


@pytest.mark.parametrize(
    ("emails", "keys"),
    [
        (["Person@example.org", "stra\u00dfe@example.org"], ["person@example.org", "strasse@example.org"]),
        (["fi@example.org", "\ufb01@example.org"], None),
    ],
    ids=["apart", "one and the same"],
)
def test_accounts_from_before_get_the_keys_of_their_addresses(
    empty_url: str, emails: list[str], keys: list[str] | None
) -> None:
    """Two that are one by the new rules are named, and nothing changes."""
    command.upgrade(alembic(empty_url), "0013")
    insert = text(
        "INSERT INTO users (id, email, password_hash, session_token) "
        "VALUES (gen_random_uuid(), :email, 'none', gen_random_uuid())"
    )
    with migration_engine(empty_url).begin() as connection:
        connection.execute(insert, [{"email": email} for email in emails])
    if keys is None:
        with pytest.raises(RuntimeError, match=re.escape(" and ".join(emails))):
            command.upgrade(alembic(empty_url), "0014")
        assert not current(empty_url)
        return
    command.upgrade(alembic(empty_url), "0014")
    with migration_engine(empty_url).connect() as connection:
        assert connection.scalars(text("SELECT email_key FROM users ORDER BY email_key")).all() == keys
