"""The embedded PostgreSQL: a private server in the data directory, for whoever has not set `DATABASE_URL`.

Several processes may use one at the same time. Who comes first starts it, who leaves last stops it, and whatever is
killed in between, the next start works. All of it rests on three locks that the kernel takes back from the dead:

=============  =========================================  ====================================================
file           held by                                    so that
=============  =========================================  ====================================================
`start.lock`   a process that starts or leaves            they do so one at a time
`users.lock`   each process that uses the server, shared  whoever can take it alone knows to be the last one
`server.lock`  every process of the server                whoever can take it knows that no server is there
=============  =========================================  ====================================================

A forked child shares its parent's place: only the process that acquired one can give it back.

A systemd unit needs `KillMode=mixed`. By default systemd sends SIGTERM to the server and to the application at once,
and the application loses its database before it has finished.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import signal
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import URL

from mealplanner.embedded_postgres.data_folder import check_data, make_data, postmaster
from mealplanner.embedded_postgres.file_locks import give_back, locked, locked_if_free, open_lock, share, take_alone
from mealplanner.embedded_postgres.programs import usable_programs
from mealplanner.embedded_postgres.system_account import (
    OWN_SERVER,
    Account,
    EmbeddedPostgresError,
    account_for,
    make_reachable,
)

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]

log = logging.getLogger(__name__)

NAME = "mealplanner"
"""Of the server's one role and of the application's database."""

PORT = "5432"
"""Only names the socket. It is said everywhere because a PGPORT meant for another server would change it."""

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": PORT,
    "max_connections": "100",
    "shared_buffers": "64MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Failed statements are the application's to log; the server would write people's data beside them.
    "log_min_messages": "log",
    "log_checkpoints": "off",
}

START_SECONDS = 300
"""Enough for the recovery after a crash, which replays at most about 1 GB."""

STOP_SECONDS = 10
"""For a fast shutdown, and for an immediate one after it."""

POLL_SECONDS = 0.02
LOG_LINES = 20

LONGEST_SOCKET = 103
"""Bytes that the path of a socket may have on macOS; 107 on Linux."""


def check_platform(platform: str) -> None:
    """Raises `EmbeddedPostgresError` where `platform` (a value of `sys.platform`) has no such locks and users."""
    if platform == "win32":
        raise EmbeddedPostgresError(
            f"The embedded PostgreSQL needs Linux or macOS. On Windows use Docker or WSL, or {OWN_SERVER}."
        )


def socket_folder(root: Path) -> Path:
    """Where the server of `root` listens: in `root`, or in /tmp when its path is too long or has a comma.

    A comma ends the name of a host for PostgreSQL's clients.
    """
    folder = root / "socket"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET and "," not in str(folder):
        return folder
    # whose it is, is looked at before it is used
    return Path("/tmp") / f"mealplanner-{hashlib.sha256(os.fsencode(root)).hexdigest()[:16]}"  # nosec B108


class EmbeddedPostgres:
    """The server whose data, socket, locks and log live in the folder `root`.

    When the caller is root, `run_as` names the unprivileged user that the server runs as (default: `nobody`); others
    run it as themselves. `settings` come on top of `SETTINGS` when this process is the one that starts the server.
    `binaries` is the `bin` folder of a PostgreSQL, 17 or newer, to use instead of the one installed with this package.
    """

    def __init__(
        self,
        root: Path,
        *,
        run_as: str | None = None,
        settings: Mapping[str, str] = MappingProxyType({}),
        binaries: Path | None = None,
    ) -> None:
        check_platform(sys.platform)
        self.root = root.resolve()
        self.data = self.root / "data"
        self.log = self.root / "postgres.log"
        self.socket = socket_folder(self.root)
        self._run_as = run_as
        self._settings = {**SETTINGS, **settings}
        self._binaries = binaries
        self._place: int | None = None
        self._holder: int | None = None

    def url(self) -> URL:
        """The address of the application's database; `str` of it is fit for `DATABASE_URL`."""
        query = {"host": str(self.socket), "port": PORT}
        return URL.create("postgresql+psycopg", username=NAME, database=NAME, query=query)

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(self, *_error: object) -> None:
        self.release()

    def acquire(self) -> Self:
        """Takes a place at the server and returns when it answers; starts it, and makes its data, if need be.

        Raises `EmbeddedPostgresError` when it cannot be used.
        """
        if self._holder == os.getpid():
            raise RuntimeError("This process has acquired the embedded PostgreSQL already.")
        account = account_for(os.geteuid(), self._run_as)
        make_reachable(self.root, account)
        with locked(self.root / "start.lock"):
            place = open_lock(self.root / "users.lock")
            share(place)
            try:
                self._ensure_running(account)
            except BaseException:
                self._leave(place)
                raise
            self._place, self._holder = place, os.getpid()
        return self

    def release(self) -> None:
        """Gives the place back; whoever leaves last stops the server. Does nothing in a child forked since."""
        if self._place is None or self._holder != os.getpid():
            return
        with locked(self.root / "start.lock"):
            place, self._place, self._holder = self._place, None, None
            self._leave(place)

    def _leave(self, place: int) -> None:
        try:
            if take_alone(place):
                self._stop()
        finally:
            give_back(place)

    def _ensure_running(self, account: Account) -> None:
        """Waits until the server answers, and starts it as soon as none is there; one that is ending is waited for."""
        deadline = time.monotonic() + START_SECONDS
        started = False
        while refusal := self._refusal():
            with locked_if_free(self.root / "server.lock") as lock:
                if lock is not None and started:
                    raise self._failure("PostgreSQL did not start.")
                if lock is not None:
                    self._start(account, lock)
                    started = True
            if time.monotonic() > deadline:
                raise self._failure(f"PostgreSQL did not answer for {START_SECONDS} seconds: {refusal}.")
            time.sleep(POLL_SECONDS)
        self._ensure_database()

    def _start(self, account: Account, lock: int) -> None:
        """Starts a server that takes over `lock`. We hold it, so what an earlier server left behind may go."""
        stranger = postmaster(self.data)
        if stranger:
            raise EmbeddedPostgresError(
                f"Process {stranger.pid} is a PostgreSQL that uses the data in {self.data} and was not started by this "
                f"application. Stop it and start again, or {OWN_SERVER}."
            )
        for draft in self.root.glob("draft-*"):
            shutil.rmtree(draft, ignore_errors=True)  # the orphan of a killed start may still be writing there
        programs = usable_programs(self._binaries, account, self.root)
        if not self.data.exists():
            make_data(self.data, NAME, programs, sync=self._settings.get("fsync") != "off")
        check_data(self.data, programs)
        self._clear_socket_folder(account)
        # Its pid may be that of a zombie or of another program by now, which PostgreSQL would take for a server.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        with self._fresh_log() as output:
            programs.start(self._arguments(), log=output, lock=lock)
        log.info("started PostgreSQL in %s", self.root)

    def _arguments(self) -> list[str | Path]:
        quoted = str(self.socket).replace('"', '""')
        settings = {**self._settings, "unix_socket_directories": f'"{quoted}"', "unix_socket_permissions": "0700"}
        return ["-D", self.data, *(text for name, value in settings.items() for text in ("-c", f"{name}={value}"))]

    def _clear_socket_folder(self, account: Account) -> None:
        """Makes the folder, or makes sure that nobody else has laid it there, and empties it."""
        with suppress(FileExistsError):
            self.socket.mkdir(mode=0o700)
        found = self.socket.lstat()
        ours = found.st_uid in (account.uid, os.geteuid()) and not found.st_mode & 0o077
        if not ours or not stat.S_ISDIR(found.st_mode):
            raise EmbeddedPostgresError(
                f"{self.socket}, the folder for PostgreSQL's socket, is there already and others than '{account.name}' "
                f"have access to it. Remove it, set MEALPLANNER_DATA_DIR to a short path, or {OWN_SERVER}."
            )
        if found.st_uid != account.uid:
            account.own(self.socket)
        for socket in self.socket.glob(".s.PGSQL.*"):
            socket.unlink()

    @contextmanager
    def _fresh_log(self) -> Iterator[int]:
        """A new log for a new server; the log of the one before it is kept beside it."""
        with suppress(FileNotFoundError):
            self.log.replace(self.log.with_suffix(".log.1"))
        with os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600), "wb") as file:
            yield file.fileno()

    def _failure(self, what: str) -> EmbeddedPostgresError:
        lines = self.log.read_text(errors="replace").splitlines()[-LOG_LINES:] if self.log.exists() else []
        return EmbeddedPostgresError(
            "\n".join([f"{what} Its log, {self.log}, ends with:", *lines, f"Remove the cause, or {OWN_SERVER}."])
        )

    def _connection(self, database: str) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host=str(self.socket), port=PORT, user=NAME, dbname=database, connect_timeout=10, autocommit=True
        )

    def _refusal(self) -> str | None:
        """Why the server does not answer; None when it does."""
        try:
            self._connection("postgres").close()
        except psycopg.OperationalError as error:
            return str(error).strip()
        return None

    def _ensure_database(self) -> None:
        with self._connection("postgres") as connection:
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [NAME]).fetchall():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))

    def _stop(self) -> None:
        """Stops the server if it is there, and returns when its last process is gone.

        A fast shutdown as a recovery begins never ends (PostgreSQL 18.4); an immediate one loses nothing either.
        """
        if not self._alive():
            return
        if not (self._gone_after(signal.SIGINT) or self._gone_after(signal.SIGQUIT)):
            log.error("PostgreSQL has not stopped in %s seconds; its log is %s", 2 * STOP_SECONDS, self.log)
            return
        if self.socket.parent != self.root:
            self.socket.rmdir()
        log.info("stopped PostgreSQL in %s", self.root)

    def _gone_after(self, order: signal.Signals) -> bool:
        """Gives the server `order`, once it is there to take it; whether it was gone in time."""
        deadline = time.monotonic() + STOP_SECONDS
        told = False
        while self._alive():
            if not told and (server := postmaster(self.data)):  # one that has just been started is not there yet
                with suppress(psutil.NoSuchProcess):
                    server.send_signal(order)
                told = True
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def _alive(self) -> bool:
        with locked_if_free(self.root / "server.lock") as lock:
            return lock is None
