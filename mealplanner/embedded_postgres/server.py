"""The embedded PostgreSQL: a private server in the data directory, used while `DATABASE_URL` is unset.

Several processes may use one at the same time. The first one starts it, the last one stops it, and after
any of them was killed the next start works. This rests on three locks that the kernel releases when their holder dies:

=============  ===========================================  =====================================================
file           held by                                      so that
=============  ===========================================  =====================================================
`start.lock`   a process that starts or stops the server    they do so one at a time
`users.lock`   each process that uses the server, shared    a process that can take it alone knows it is the last
`server.lock`  every process of the server                  a process that can take it knows there is no server
=============  ===========================================  =====================================================

A forked child shares its parent's place: only the process that acquired one can give it back.

A systemd unit needs `KillMode=mixed`. By default systemd sends SIGTERM to the server and to the application at once,
and the application loses its database before it has finished.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import signal
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

from mealplanner.embedded_postgres.access import PORT, prepare_socket_folder, socket_folder, write_access_rules
from mealplanner.embedded_postgres.data_folder import adopt_data, check_data, make_data, postmaster
from mealplanner.embedded_postgres.file_locks import (
    give_back,
    locked,
    locked_at_once,
    locked_if_free,
    open_lock,
    share,
    take_alone,
)
from mealplanner.embedded_postgres.programs import usable_programs
from mealplanner.embedded_postgres.system_account import (
    OWN_SERVER,
    Account,
    EmbeddedPostgresError,
    account_for,
    former_uid,
    make_reachable,
)

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]

log = logging.getLogger(__name__)

NAME = "mealplanner"
"""Of the server's one role and of the application's database."""

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


def check_platform(platform: str) -> None:
    """Raise `EmbeddedPostgresError` where `platform` (a value of `sys.platform`) has no such locks and users."""
    if platform == "win32":
        raise EmbeddedPostgresError(
            f"The embedded PostgreSQL needs Linux or macOS. On Windows use Docker or WSL, or {OWN_SERVER}."
        )


class EmbeddedPostgres:
    """The server whose data, socket, locks and log live in the folder `root`.

    When the caller is root, `run_as` names the unprivileged user that the server runs as, by default one of its own;
    other callers run it as themselves. `settings` come on top of `SETTINGS` when this process starts the server.
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
        self._account: Account

    def url(self) -> URL:
        """Return the address of the application's database; its `str` is fit for `DATABASE_URL`."""
        query = {"host": str(self.socket), "port": PORT}
        return URL.create("postgresql+psycopg", username=NAME, database=NAME, query=query)

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(self, *_error: object) -> None:
        self.release()

    def acquire(self) -> Self:
        """Take a place at the server and return when it answers; start it, and make its data, if necessary.

        Raise `EmbeddedPostgresError` when it cannot be used.
        """
        if self._holder == os.getpid():
            raise RuntimeError("This process has acquired the embedded PostgreSQL already.")
        self._account = account_for(os.geteuid(), self._run_as)
        make_reachable(self.root, self._account)
        with locked(self.root / "start.lock"):
            place = open_lock(self.root / "users.lock")
            try:
                self._end_former(place)
                share(place)
                self._ensure_running()
            except BaseException:
                self._leave(place)
                raise
            self._place, self._holder = place, os.getpid()
        return self

    def release(self) -> None:
        """Give the place back; the last process to do so stops the server. Do nothing in a child forked since."""
        if self._place is None or self._holder != os.getpid():
            return
        with locked(self.root / "start.lock"):
            place, self._place, self._holder = self._place, None, None
            self._leave(place)

    def revive(self) -> bool:
        """Start the server if its last process has ended, without waiting for an answer; return whether it had.

        Only the process that acquired it may call this. Raise `EmbeddedPostgresError` when it cannot be started.
        """
        with locked_at_once(self.root / "start.lock") as our_turn:
            if not our_turn:  # another process is starting it
                return False
            with locked_if_free(self.root / "server.lock") as lock:
                if lock is None:
                    return False
                if not self.data.exists():
                    raise EmbeddedPostgresError(f"The data in {self.data} is gone.")
                self._start(lock)
        return True

    def discard(self) -> None:
        """Delete the data of a server that no process uses any more; do nothing while one does."""
        with locked(self.root / "start.lock"), locked_if_free(self.root / "server.lock") as lock:
            if lock is not None and self.data.exists():
                gone = self.data.rename(self.root / f"draft-{secrets.token_hex(4)}")  # whole or not at all
                shutil.rmtree(gone)

    def _leave(self, place: int) -> None:
        try:
            if take_alone(place):
                self._stop()
        finally:
            give_back(place)

    def _end_former(self, place: int) -> None:
        """Stop a server that an earlier version left running as another user, unless a process still uses it."""
        former = self.data.exists() and self.data.stat().st_uid == former_uid() != self._account.uid
        if former and take_alone(place):
            self._stop()

    def _ensure_running(self) -> None:
        """Wait until the server answers, and start it once no process of it is left."""
        deadline = time.monotonic() + START_SECONDS
        started = False
        while refusal := self._refusal():
            with locked_if_free(self.root / "server.lock") as lock:
                if lock is not None and started:
                    raise self._failure("PostgreSQL did not start.")
                if lock is not None:
                    self._start(lock)
                    started = True
            if time.monotonic() > deadline:
                raise self._failure(f"PostgreSQL did not answer for {START_SECONDS} seconds: {refusal}.")
            time.sleep(POLL_SECONDS)
        self._ensure_database()

    def _start(self, lock: int) -> None:
        """Start a server that takes over `lock`. This process holds it, so what an earlier server left may go."""
        stranger = postmaster(self.data)
        if stranger:
            raise EmbeddedPostgresError(
                f"Process {stranger.pid} is a PostgreSQL that uses the data in {self.data} and was not started by this "
                f"application. Stop it and start again, or {OWN_SERVER}."
            )
        for draft in self.root.glob("draft-*"):
            shutil.rmtree(draft, ignore_errors=True)  # the orphan of a killed start may still be writing there
        programs = usable_programs(self._binaries, self._account, self.root)
        if not self.data.exists():
            make_data(self.data, NAME, programs, sync=self._settings.get("fsync") != "off")
        adopt_data(self.data, self._account)
        check_data(self.data, programs)
        write_access_rules(self.data, self._account, NAME)
        prepare_socket_folder(self.socket, self._account)
        # Its pid may be that of a zombie or of another program by now, which PostgreSQL would take for a server.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        with self._fresh_log() as output:
            programs.start(self._arguments(), log=output, lock=lock)
        log.info("started PostgreSQL in %s", self.root)

    def _arguments(self) -> list[str | Path]:
        quoted = str(self.socket).replace('"', '""')
        settings = {**self._settings, "unix_socket_directories": f'"{quoted}"', "unix_socket_permissions": "0700"}
        return ["-D", self.data, *(text for name, value in settings.items() for text in ("-c", f"{name}={value}"))]

    @contextmanager
    def _fresh_log(self) -> Iterator[int]:
        """Open a new log for a new server; the log of the one before it is kept beside it."""
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
        """Return why the server does not answer; None when it does."""
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
        """Stop the server, if there is one, and return when its last process has ended.

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
        """Send `order` to the server, once it can receive it; return whether it ended in time."""
        deadline = time.monotonic() + STOP_SECONDS
        told = False
        while self._alive():
            if not told and (server := postmaster(self.data)):  # one that was just started has no pid file yet
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
