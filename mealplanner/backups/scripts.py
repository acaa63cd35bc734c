"""Run the script that pg_restore makes of a backup, on a connection of ours.

The script is for psql. Run here, it needs no psql that fits the server and speaks TLS, and it is one transaction with
what is checked before and after it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from itertools import islice, takewhile
from pathlib import Path
from tempfile import TemporaryFile

from psycopg import sql

from mealplanner.backups.clients import Clients
from mealplanner.backups.connections import Connection
from mealplanner.backups.errors import BackupError

END_OF_ROWS = b"\\.\n"
ROWS_AT_ONCE = 1000

NOT_FOR_US = (b"\\restrict ", b"\\unrestrict ")
"""Commands of psql."""

UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
"""pg_restore writes it for any server."""


def load(connection: Connection, file: Path, clients: Clients) -> None:
    """Create and fill what is in the backup `file`, in the transaction of `connection`. Raise `BackupError`."""
    command: list[str | Path] = [clients.folder / "pg_restore", "--no-owner", "--no-privileges", "--file=-", file]
    with TemporaryFile() as said:
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said) as program:
            assert program.stdout is not None
            run_script(connection, program.stdout)
        said.seek(0)
        if program.returncode != 0:
            raise BackupError(f"{file} cannot be read: {said.read().decode(errors='replace').strip()}")


def run_script(connection: Connection, lines: Iterator[bytes]) -> None:
    """Run statements, and `COPY` with the rows that follow it."""
    statements: list[bytes] = []
    skipped = {UNKNOWN_BEFORE_17} if connection.info.server_version < 170_000 else set()
    for line in lines:
        if line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
            _execute(connection, statements)
            rows = takewhile(lambda row: row != END_OF_ROWS, lines)
            with connection.cursor().copy(line) as copy:
                while some := b"".join(islice(rows, ROWS_AT_ONCE)):
                    copy.write(some)
        elif line not in skipped and not line.startswith(NOT_FOR_US):
            statements.append(line)
    _execute(connection, statements)


def _execute(connection: Connection, statements: list[bytes]) -> None:
    """Run the statements collected so far, as they are, and forget them."""
    text, statements[:] = b"".join(statements), []
    if text.strip():
        connection.execute(sql.SQL(text.decode()))
