"""Make a backup: one moment of the database, in one file that appears once it has been restored for a trial."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

from mealplanner.backups.clients import Clients, clients_for, installed_clients, run, scratch_programs
from mealplanner.backups.connections import Connection, connected, parameters, rows_of_tables
from mealplanner.backups.errors import BackupError
from mealplanner.backups.restoring import restore
from mealplanner.embedded_postgres.file_locks import locked
from mealplanner.embedded_postgres.server import EmbeddedPostgres

DRAFT = ".part"
"""How the name of a backup ends until it is verified."""

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "10"}
"""Settings for a server whose data is thrown away."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What was stored: the rows of each table, and the size of the file in bytes."""

    rows: dict[str, int]
    size: int


def back_up(database_url: str, file: Path, *, scratch: Path, verify: bool = True) -> Backup:
    """Store the database in `file`, readable by its owner alone; replace an older one only when all is well.

    To verify it, restore it into a server of its own in the folder `scratch`, and compare how many rows each table has.
    Raise `BackupError`.
    """
    installed = installed_clients()
    with _draft_of(file) as draft:
        with connected(database_url) as connection:
            major = connection.info.server_version // 10_000
            clients = clients_for(major, tls=connection.pgconn.ssl_in_use, installed=installed)
            trial = scratch_programs(major, installed) if verify else None
            rows = _dump(connection, database_url, clients, draft)
        if trial is not None:
            _verify(draft, rows, scratch, trial)
        size = draft.stat().st_size
    return Backup(rows, size)


@contextmanager
def _draft_of(file: Path) -> Iterator[Path]:
    """Yield a new file beside `file` that takes its place after the block, or is gone when the block raises."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=DRAFT, dir=file.parent)
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}.") from error
    try:
        yield Path(name)
        os.fsync(descriptor)
        os.replace(name, file)
    except BaseException:
        os.unlink(name)
        raise
    finally:
        os.close(descriptor)


def _dump(connection: Connection, database_url: str, clients: Clients, draft: Path) -> dict[str, int]:
    """Write the database to `draft`, and count the rows of each table in the same snapshot."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        rows = rows_of_tables(connection)
        if not rows:
            raise BackupError("The database is empty: there is nothing to back up.")
        ((snapshot,),) = connection.execute("SELECT pg_export_snapshot()").fetchall()
        arguments = dict(parameters(database_url))
        password = arguments.pop("password", "")  # not as an argument, which other users could see
        target = make_conninfo(**arguments)
        run(
            clients.folder / "pg_dump",
            "--format=custom", f"--snapshot={snapshot}", f"--dbname={target}", f"--file={draft}",
            **({"PGPASSWORD": password} if password else {}),
        )  # fmt: skip
    return rows


def _verify(file: Path, rows: dict[str, int], scratch: Path, programs: Clients) -> None:
    """Raise `BackupError` unless restoring `file` brings as many rows to each table as `rows` says."""
    server = EmbeddedPostgres(scratch, settings=QUICK, binaries=None if programs.included else programs.folder)
    try:
        with server, locked(scratch / "trial.lock"):
            restored = restore(server.url().render_as_string(hide_password=False), file, replace=True)
    finally:
        server.discard()
    if restored != rows:
        different = sorted(table for table in rows.keys() | restored.keys() if rows.get(table) != restored.get(table))
        raise BackupError(f"The backup does not hold what the database held: {', '.join(different)} differ.")
