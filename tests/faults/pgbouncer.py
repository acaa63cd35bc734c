"""A PgBouncer in transaction mode before a PostgreSQL, run as an unprivileged user, since it refuses root."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from mealplanner.embedded_postgres.server import NAME, EmbeddedPostgres
from mealplanner.embedded_postgres.system_account import account_for
from tests.waiting import PATIENCE, eventually

SERVERS = 3
"""Connections that it opens to PostgreSQL, however many clients there are."""

PORT = 6432
"""Only names the socket."""

SETTINGS: Mapping[str, str] = {
    "pool_mode": "transaction",
    "default_pool_size": str(SERVERS),
    "max_client_conn": "200",
    "ignore_startup_parameters": "options",
    "server_login_retry": "1",
    "query_wait_timeout": str(int(PATIENCE)),
    "auth_type": "trust",
    "admin_users": NAME,
    "listen_port": str(PORT),
}


def program() -> str | None:
    """Return the program's path; Debian keeps it out of the path of ordinary users."""
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")


def version() -> tuple[int, ...]:
    """Return the version that is installed, such as (1, 18, 0)."""
    said = subprocess.run([program() or "pgbouncer", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"PgBouncer (\d+)\.(\d+)\.(\d+)", said)
    assert found is not None, said
    return tuple(int(part) for part in found.groups())


class PgBouncer:
    """A PgBouncer before `server` during a block; `url` is for `DATABASE_URL`. `folder` must not exist."""

    def __init__(self, server: EmbeddedPostgres, folder: Path) -> None:
        self._folder = folder
        self._account = account_for(os.geteuid(), None)
        self._process: subprocess.Popen[bytes] | None = None
        query = {"host": str(folder), "port": str(PORT)}
        self.url = URL.create("postgresql", username=NAME, database=NAME, query=query).render_as_string()
        folder.mkdir(mode=0o755)
        self._account.own(folder)
        address = f"{NAME} = host={server.socket} port={server.url().query['port']} user={NAME}"
        lines = {**SETTINGS, "unix_socket_dir": folder, "auth_file": folder / "users", "logfile": folder / "log"}
        settings = "\n".join(f"{name} = {value}" for name, value in lines.items())
        (folder / "pgbouncer.ini").write_text(f"[databases]\n{address}\n[pgbouncer]\n{settings}\n")
        (folder / "users").write_text(f'"{NAME}" ""\n')

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and return when it answers."""
        command = [program() or "pgbouncer", "-q", str(self._folder / "pgbouncer.ini")]
        self._process = subprocess.Popen(command, cwd="/", stderr=subprocess.DEVNULL, **self._account.arguments)
        eventually(self._answers)

    def stop(self) -> None:
        """Stop it at once, with clients connected or not."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(PATIENCE)

    def connect(self, application_name: str) -> psycopg.Connection[Any]:
        """Return a client's connection, in autocommit."""
        return self._connect(dbname=NAME, application_name=application_name)

    def ask(self, command: str) -> list[dict[str, Any]]:
        """Return what its console answers, such as to `SHOW POOLS`, about the application's database."""
        with self._connect(dbname="pgbouncer") as console:
            cursor = console.execute(command.encode())
            names = [column.name for column in cursor.description or ()]
            rows = [dict(zip(names, row, strict=True)) for row in cursor] if names else []
        return [row for row in rows if row.get("database", NAME) == NAME]

    def waiting(self) -> int:
        """Return the number of clients that wait for a server connection."""
        return self._pools("cl_waiting")

    def at_rest(self) -> bool:
        """Return whether no client waits and no server connection is in use."""
        return self._pools("cl_waiting", "sv_active", "sv_login") == 0

    @contextmanager
    def changed(self, name: str, value: str) -> Iterator[None]:
        """Change a setting during the block."""
        self.ask(f"SET {name} = '{value}'")
        try:
            yield
        finally:
            self.ask(f"SET {name} = '{SETTINGS[name]}'")

    @contextmanager
    def every_server(self) -> Iterator[list[psycopg.Connection[Any]]]:
        """Return clients, each in a transaction on another of the server connections."""
        with ExitStack() as stack:
            clients = [stack.enter_context(self.connect("visitor")) for _ in range(SERVERS)]
            for client in clients:
                client.execute("BEGIN")
            yield clients
            for client in clients:
                client.execute("ROLLBACK")

    def _pools(self, *columns: str) -> int:
        return sum(int(pool[column]) for pool in self.ask("SHOW POOLS") for column in columns)

    def _connect(self, **parameters: Any) -> psycopg.Connection[Any]:
        where = make_conninfo(host=str(self._folder), port=PORT, user=NAME, connect_timeout=int(PATIENCE), **parameters)
        return psycopg.connect(where, autocommit=True, prepare_threshold=None)

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            return bool(self.ask("SHOW VERSION"))
        return False
