"""Restore a backup: all of it or nothing, and into an empty database unless told otherwise."""

from __future__ import annotations

from pathlib import Path

from mealplanner.backups.clients import installed_clients, newest
from mealplanner.backups.connections import Connection, connected, rows_of_tables
from mealplanner.backups.errors import BackupError
from mealplanner.backups.scripts import load

EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO public"

_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'mealplanner%'
"""


def restore(database_url: str, file: Path, *, replace: bool = False) -> dict[str, int]:
    """Restore `file` into a database and return how many rows each table has.

    Raise `BackupError` when the database is not empty and shall not be replaced, when the application uses it, or when
    the file cannot be read. The database is then as it was before.
    """
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    clients = newest(installed_clients())
    with connected(database_url) as connection:
        with connection.transaction():
            _make_empty(connection, replace=replace)
            load(connection, file, clients)
            found = rows_of_tables(connection)
        connection.execute("ANALYZE")
    return found


def _make_empty(connection: Connection, *, replace: bool) -> None:
    rows = rows_of_tables(connection)
    if not rows:
        return
    if not replace:
        raise BackupError(
            f"The database is not empty: it has {len(rows)} tables with {sum(rows.values())} rows. "
            "Restore into an empty one, or use --replace to delete what it holds."
        )
    ((others,),) = connection.execute(_OTHERS).fetchall()
    if others:
        raise BackupError(f"The application uses this database ({others} connections). Stop it, then restore.")
    connection.execute(EMPTY)
