"""A backup is one moment of the database, and restoring it brings back just that."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text

from mealplanner.auth.signing_in.services import register
from mealplanner.backups import making, restoring
from mealplanner.backups.connections import connected, rows_of_tables
from mealplanner.backups.errors import BackupError
from mealplanner.backups.making import back_up
from mealplanner.backups.restoring import restore
from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.storage.database import Database
from mealplanner.storage.migrations import SchemaState, schema_state
from tests.installation import data_directory

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def scratch() -> Iterator[Path]:
    """Return a folder for the server that a backup is tried on."""
    with data_directory() as folder:
        yield folder / "scratch"


@pytest.fixture
def empty(server: EmbeddedPostgres, admin: Engine) -> Iterator[str]:
    """Return the address of a database without tables."""
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE elsewhere"))
    yield server.url().set(database="elsewhere").render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE elsewhere"))


def people(database_url: str) -> list[str]:
    """Return the addresses of the accounts in a database."""
    with connected(database_url) as connection:
        return [email for (email,) in connection.execute("SELECT email FROM users ORDER BY email")]


@pytest.fixture
def two_people(database: Database) -> list[str]:
    """Store two accounts, the address of one with what ends rows and statements in a script."""
    emails = ["ann@example.org", "bob;\\.\n@example.org"]
    for email in emails:
        database.run(partial(register, email=email, password_hash="none"))
    return emails


def test_a_backup_is_private_and_verified_and_restores_what_was_there(
    database_url: str, empty: str, two_people: list[str], tmp_path: Path, scratch: Path
) -> None:
    file = tmp_path / "backup.dump"
    made = back_up(database_url, file, scratch=scratch)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert made.rows["public.users"] == 2
    assert made.size == file.stat().st_size
    assert restore(empty, file) == made.rows
    assert people(empty) == two_people
    assert [path.name for path in tmp_path.iterdir()] == ["backup.dump"]
    assert not (scratch / "data").exists(), "the copy of people's data is gone"
    engine = create_engine(empty)
    with engine.connect() as connection:
        assert schema_state(connection) is SchemaState.FITTING
    engine.dispose()


def test_a_full_database_is_refused_unless_it_shall_be_replaced(
    database_url: str, empty: str, two_people: list[str], tmp_path: Path, scratch: Path
) -> None:
    file = tmp_path / "backup.dump"
    back_up(database_url, file, scratch=scratch, verify=False)
    restore(empty, file)
    with connected(empty) as connection:
        connection.execute("UPDATE users SET email = 'changed' || email; CREATE TABLE of_a_later_release ()")
    with pytest.raises(BackupError, match="not empty"):
        restore(empty, file)
    assert people(empty) != two_people
    restore(empty, file, replace=True)
    assert people(empty) == two_people
    with connected(empty) as connection:
        assert "public.of_a_later_release" not in rows_of_tables(connection)


def test_what_cannot_be_read_leaves_the_database_as_it_was(
    database_url: str, empty: str, two_people: list[str], tmp_path: Path, scratch: Path
) -> None:
    """The end of the file is missing, as after a full disk: what came before it is taken back."""
    file = tmp_path / "backup.dump"
    back_up(database_url, file, scratch=scratch, verify=False)
    restore(empty, file)
    with file.open("r+b") as damaged:
        damaged.truncate(file.stat().st_size * 2 // 3)
    with pytest.raises(BackupError, match="cannot be read"):
        restore(empty, file, replace=True)
    assert people(empty) == two_people


def test_a_database_in_use_is_not_replaced(
    database_url: str, empty: str, two_people: list[str], tmp_path: Path, scratch: Path
) -> None:
    file = tmp_path / "backup.dump"
    back_up(database_url, file, scratch=scratch, verify=False)
    restore(empty, file)
    address = empty.replace("+psycopg", "")
    with (
        psycopg.connect(address, application_name="mealplanner"),
        pytest.raises(BackupError, match="The application uses this database"),
    ):
        restore(empty, file, replace=True)
    assert people(empty) == two_people


def test_a_backup_that_restores_to_something_else_is_not_kept(
    database_url: str, two_people: list[str], tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older backup of that name stays."""
    file = tmp_path / "backup.dump"
    file.write_text("the one before")

    def short(*arguments: Any, **options: Any) -> dict[str, int]:
        return {**restoring.restore(*arguments, **options), "public.users": 1}

    monkeypatch.setattr(making, "restore", short)
    with pytest.raises(BackupError, match=r"public\.users differ"):
        back_up(database_url, file, scratch=scratch)
    assert file.read_text() == "the one before"
    assert people(database_url) == two_people
    assert list(tmp_path.iterdir()) == [file]


def test_an_empty_database_is_not_backed_up(empty: str, tmp_path: Path, scratch: Path) -> None:
    """It is the wrong database, most likely."""
    with pytest.raises(BackupError, match="nothing to back up"):
        back_up(empty, tmp_path / "backup.dump", scratch=scratch)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(database_url: str, tmp_path: Path, scratch: Path) -> None:
    with pytest.raises(BackupError, match="No such file or directory"):
        back_up(database_url, tmp_path / "missing" / "backup.dump", scratch=scratch)
