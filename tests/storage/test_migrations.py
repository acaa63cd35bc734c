"""Migrations: one line, forward and back, one process at a time."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from mealplanner.jobs.schema import pending
from mealplanner.storage import migrations
from mealplanner.storage.migrations import (
    SchemaState,
    exclusively,
    migration_engine,
    newest_revision,
    schema_state,
    script_location,
    upgrade,
)
from tests.waiting import PATIENCE

Extended = Callable[..., None]
"""Add a revision: its name, the body of its `upgrade`, and whether it is optional."""


def alembic(url: str) -> AlembicConfig:
    """What the `alembic` command would use."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(script_location()))
    config.attributes["engine"] = migration_engine(url)
    return config


@pytest.fixture
def extended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Extended]:
    """Return a function that adds a revision to a copy of the migrations, which is used instead of them."""
    folder = tmp_path / "migrations"
    shutil.copytree(script_location(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrations, "script_location", lambda: folder)

    def add(revision: str, body: str, *, optional: bool = False) -> None:
        lines = [
            "from alembic import op",
            f"revision = {revision!r}",
            f"down_revision = {newest_revision()!r}",
            f"optional = {optional}",
            f"def upgrade():\n    {body}",
        ]
        (folder / "versions" / f"{revision}_extra.py").write_text("\n".join(lines))
        migrations._revisions.cache_clear()

    yield add
    migrations._revisions.cache_clear()


def state(url: str) -> SchemaState:
    with migration_engine(url).connect() as connection:
        return schema_state(connection)


def current(url: str) -> bool:
    return state(url) is SchemaState.FITTING


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


def test_a_database_behind_or_ahead(empty_url: str) -> None:
    """Behind is not usable; ahead is, and is left as it is by a program that knows less."""
    assert state(empty_url) is SchemaState.MISSING
    newest = newest_revision()
    assert newest is not None
    command.upgrade(alembic(empty_url), "0013")
    assert state(empty_url) is SchemaState.OLDER
    assert upgrade(empty_url) is SchemaState.OLDER
    assert state(empty_url) is SchemaState.FITTING
    with migration_engine(empty_url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert state(empty_url) is SchemaState.NEWER
    assert upgrade(empty_url) is SchemaState.NEWER
    with migration_engine(empty_url).connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_a_revision_that_only_makes_things_faster_may_be_missing(empty_url: str, extended: Extended) -> None:
    """A program goes on without it, and says so as soon as one that it needs is missing."""
    upgrade(empty_url)
    extended("x1", "op.execute('SELECT 1')", optional=True)
    assert state(empty_url) is SchemaState.FITTING
    extended("x2", "op.execute('SELECT 1')")
    assert state(empty_url) is SchemaState.OLDER


def test_a_migration_asks_again_for_a_table_in_use(
    empty_url: str, extended: Extended, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits less than the statements behind it may, keeps what it has done, and goes on once the table is free."""
    upgrade(empty_url)
    extended("x1", "op.execute('CREATE TABLE first_step ()')")
    extended("x2", "op.execute('ALTER TABLE mails ADD COLUMN extra int')")
    monkeypatch.setitem(migrations._LIMITS, "lock_timeout", 10)
    attempts = []
    reader = migration_engine(empty_url).connect()
    reader.execute(text("SELECT count(*) FROM mails"))

    def free_the_table(_seconds: float) -> None:
        with migration_engine(empty_url).connect() as connection:
            assert connection.scalar(text("SELECT to_regclass('first_step')")) is not None
            assert connection.scalar(text("SELECT count(*) FROM mails")) == 0
        attempts.append(1)
        if len(attempts) == 2:
            reader.close()

    monkeypatch.setattr(migrations, "sleep", free_the_table)
    upgrade(empty_url)
    assert len(attempts) == 2
    assert state(empty_url) is SchemaState.FITTING


def test_an_index_is_built_while_others_wait_to_migrate(
    empty_url: str, extended: Extended, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for the lock holds no snapshot, for which the building of the index would wait."""
    upgrade(empty_url)
    engine = migration_engine(empty_url)
    waits, may_look_again = Event(), Event()

    def pause(_seconds: float) -> None:
        waits.set()
        assert may_look_again.wait(PATIENCE)

    monkeypatch.setattr(migrations, "sleep", pause)

    def take_turn() -> None:
        with exclusively(engine):
            pass

    with ThreadPoolExecutor(1) as thread:
        with exclusively(engine):
            turn = thread.submit(take_turn)
            assert waits.wait(PATIENCE)
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("CREATE INDEX CONCURRENTLY ix_extra ON mails (id)"))
        may_look_again.set()
        turn.result(PATIENCE)
    extended(
        "x1",
        "with op.get_context().autocommit_block(): op.drop_index('ix_extra', postgresql_concurrently=True)",
    )
    upgrade(empty_url)
    assert current(empty_url)


def insert(connection: Connection, table: str, **values: object) -> None:
    """Store a row in the database's own terms, which models of today may not know."""
    columns = f"({', '.join(values)}) VALUES ({', '.join(f':{name}' for name in values)})"
    connection.execute(text(f"INSERT INTO {table} {columns}"), values)


def test_planned_days_from_before_belong_to_the_newest_menu_that_serves_them(empty_url: str) -> None:
    """Menus that never became ready have no days."""
    command.upgrade(alembic(empty_url), "0015")
    person, recipe, older, newer, failed = (uuid.uuid4() for _ in range(5))
    dish = {"slug": "porridge", "title": "Porridge", "cuisine": "british", "main_protein": "grains", "minutes": 5}
    waiting = {"days": 2, "seed": 1, "source": "auto", "preferences": "{}", "targets": "{}", "step": 1, "steps": 1}
    served = {"position": 0, "slot": "breakfast", "time": "08:00", "portion": 1, "servings": 1, "locked": False}
    figures = {"kcal": 1, "protein_g": 1, "carbohydrate_g": 1, "fat_g": 1}
    with migration_engine(empty_url).begin() as connection:
        insert(
            connection, "users", id=person, email="a@b.c", email_key="a@b.c", password_hash="x", session_token=person
        )
        insert(connection, "recipes", id=recipe, **dish, kinds="[]", appliances="[]", steps="[]")
        for menu, status, start, hour in (
            (newer, "ready", "2026-11-24", 12),
            (older, "ready", "2026-11-23", 11),
            (failed, "failed", "2026-11-23", 13),
        ):
            asked = {"id": menu, "user_id": person, "idempotency_key": menu, "created_at": f"2026-11-22T{hour}:00Z"}
            state = {"status": status, "start_date": start, "message": "", "warnings": "[]"}
            insert(connection, "menus", **asked, **state, **waiting)
            for day in range(2):
                insert(
                    connection, "meals", id=uuid.uuid4(), menu_id=menu, recipe_id=recipe, day=day, **served, **figures
                )
    upgrade(empty_url)
    with migration_engine(empty_url).connect() as connection:
        rows = connection.execute(text("SELECT date, menu_id, user_id FROM planned_days ORDER BY date")).all()
    assert [(f"{row.date}", row.menu_id) for row in rows] == [
        ("2026-11-23", older),
        ("2026-11-24", newer),
        ("2026-11-25", newer),
    ]
    assert {row.user_id for row in rows} == {person}
