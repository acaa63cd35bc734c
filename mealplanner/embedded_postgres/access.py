"""Who may connect to the embedded PostgreSQL: the user who runs the application, and the server's own.

The folder of the socket is closed to all other users, and PostgreSQL asks the kernel who is at the other end (`peer`).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from mealplanner.embedded_postgres.system_account import (
    OWN_SERVER,
    Account,
    EmbeddedPostgresError,
    former_uid,
    user_name,
)

PORT = "5432"
"""Only names the socket. It is given everywhere because a PGPORT meant for another server would change it."""

LONGEST_SOCKET = 103
"""Bytes that the path of a socket may have on macOS; 107 on Linux."""


def socket_folder(root: Path) -> Path:
    """Return where the server of `root` listens: in `root`, or in /tmp when that path is too long or has a comma.

    A comma ends the name of a host for PostgreSQL's clients.
    """
    folder = root / "socket"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET and "," not in str(folder):
        return folder
    # `prepare_socket_folder` checks whose it is before it is used
    return Path("/tmp") / f"mealplanner-{hashlib.sha256(os.fsencode(root)).hexdigest()[:16]}"  # nosec B108


def prepare_socket_folder(folder: Path, account: Account) -> None:
    """Make `folder` for `account` alone, without old sockets. Raise `EmbeddedPostgresError` if others have access."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    ours = found.st_uid in (account.uid, os.geteuid(), former_uid()) and not found.st_mode & 0o077
    if not ours or not stat.S_ISDIR(found.st_mode):
        raise EmbeddedPostgresError(
            f"{folder}, the folder for PostgreSQL's socket, exists already and others than '{account.name}' "
            f"have access to it. Remove it, set MEALPLANNER_DATA_DIR to a short path, or {OWN_SERVER}."
        )
    account.own(folder)
    for socket in folder.glob(".s.PGSQL.*"):
        socket.unlink()


def write_access_rules(data: Path, account: Account, role: str) -> None:
    """Let the user of this process and `account` connect as `role`, and no other user as any role."""
    users = sorted({user_name(os.geteuid()), account.name})
    rules = {
        "pg_hba.conf": ["local all all peer map=mealplanner"],
        "pg_ident.conf": [f'mealplanner "{user}" {role}' for user in users],
    }
    for name, lines in rules.items():
        text = "".join(f"{line}\n" for line in ["# mealplanner writes this file at each start.", *lines])
        _replace(data / name, text, account)


def _replace(path: Path, text: str, account: Account) -> None:
    """Write a file anew: the folder is another user's, whose symbolic links root must not follow."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    account.own(draft)
    draft.replace(path)
