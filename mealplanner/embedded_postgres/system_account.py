"""The system user that PostgreSQL runs as.

PostgreSQL refuses to run as root. Root therefore runs it as a system user that exists for nothing else, so that no
other service can read its data. That user must be able to enter every folder above the data; folders that exist already
are never changed for that.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.platform != "win32":
    import pwd

SYSTEM_USER = "mealplanner-db"
FORMER_USER = "nobody"
"""Earlier versions ran PostgreSQL as this user, which other services share."""

OWN_SERVER = "set DATABASE_URL to a PostgreSQL server of your own"
"""The way out that every error names."""

ENVIRONMENT: Mapping[str, str] = {"PATH": os.defpath, "LC_ALL": "C"}
"""All that PostgreSQL's programs see of the environment: what is set for other programs must not steer this server."""

USERADD = ("--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin")

_FIRST_DENIED = 'for path; do [ -x "$path" ] || { printf %s "$path"; exit; }; done'


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot be used. The message says what happened, what it means and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """A system user, and whether it is `lent`: not the user who runs this process."""

    name: str
    uid: int
    gid: int
    lent: bool

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments that make `subprocess` run a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.lent else {}

    def own(self, path: Path) -> None:
        """Make `path` this user's own; of a symbolic link, the link itself."""
        if self.lent:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def first_denied(self, path: Path) -> Path | None:
        """Return the first of `path` and the folders above it that this user may not enter, or as a file execute."""
        command: list[str | Path] = ["/bin/sh", "-c", _FIRST_DENIED, "sh", *reversed(path.parents), path]
        options = {"env": ENVIRONMENT, "cwd": "/", **self.arguments}
        try:
            answer = subprocess.run(command, capture_output=True, check=True, **options)
        except OSError as error:
            raise EmbeddedPostgresError(
                f"PostgreSQL refuses to run as root, and becoming the user '{self.name}' for it failed: {error}. "
                f"Containers and sandboxes can forbid that. Start as an ordinary user, or {OWN_SERVER}."
            ) from error
        return Path(os.fsdecode(answer.stdout)) if answer.stdout else None


def account_for(euid: int, run_as: str | None) -> Account:
    """Return the account for PostgreSQL when the user `euid` starts it.

    For root it is `run_as`, or `SYSTEM_USER`, made if missing; any other user runs it as themselves. Raise
    `EmbeddedPostgresError` when root has no unprivileged user for it.
    """
    if euid != 0:
        return Account(user_name(euid), euid, os.getegid(), lent=False)
    name = run_as or SYSTEM_USER
    try:
        user = pwd.getpwnam(name)
    except KeyError:
        if run_as is not None:
            raise _no_user(f"there is no user '{name}' to run it as instead") from None
        user = _make_user(name)
    if user.pw_uid == 0:
        raise _no_user(f"the user '{name}' is root as well")
    return Account(name, user.pw_uid, user.pw_gid, lent=True)


def _make_user(name: str) -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if useradd is None:
        reason = "this system has no useradd"
    else:
        done = subprocess.run([useradd, *USERADD, name], capture_output=True, text=True, check=False)
        reason = done.stderr.strip() or f"useradd failed with exit code {done.returncode}"
    try:
        return pwd.getpwnam(name)  # another process may have made it at the same moment
    except KeyError:
        raise _no_user(
            f"the system user '{name}' to run it as cannot be made: {reason}. Make it (`useradd --system {name}`)"
        ) from None


def _no_user(problem: str) -> EmbeddedPostgresError:
    return EmbeddedPostgresError(
        f"PostgreSQL refuses to run as root, and {problem}. Start as an ordinary user, or {OWN_SERVER}."
    )


def former_uid() -> int | None:
    """Return the uid of `FORMER_USER` for root, who may take its files over; None for others."""
    try:
        return pwd.getpwnam(FORMER_USER).pw_uid if os.geteuid() == 0 else None
    except KeyError:
        return None


def user_name(uid: int) -> str:
    """Return the name of a user, or the number if the system knows no name for it."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def make_reachable(folder: Path, account: Account) -> None:
    """Make `folder`, and what is missing above it, so that `account` can enter it whatever the umask is.

    Raise `EmbeddedPostgresError` when a folder that exists denies that, before anything is made.
    """
    missing = [path for path in (folder, *folder.parents) if not os.path.lexists(path)]
    denied = account.first_denied(missing[-1].parent if missing else folder)
    if denied:
        why = ", because it refuses to run as root" if account.lent else ""
        raise EmbeddedPostgresError(
            f"PostgreSQL has to run as the user '{account.name}'{why}. That user may not enter {denied}, so the data "
            f"cannot live in {folder}. Set MEALPLANNER_DATA_DIR to a folder that '{account.name}' can reach"
            f"{', such as one below /var/lib' if account.lent else ''}, or {OWN_SERVER}."
        )
    try:
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            path.chmod(0o711 if account.lent else 0o700)
    except OSError as error:
        raise EmbeddedPostgresError(
            f"The folder {folder} for PostgreSQL's data cannot be made: {error}. Set MEALPLANNER_DATA_DIR to a folder "
            f"that you may write to, or {OWN_SERVER}."
        ) from error
    check_owner(folder, os.geteuid())


def check_owner(folder: Path, uid: int) -> None:
    """Raise `EmbeddedPostgresError` unless `folder` belongs to the user `uid`."""
    owner = folder.stat().st_uid
    if owner != uid:
        raise EmbeddedPostgresError(
            f"{folder} belongs to the user '{user_name(owner)}', so '{user_name(uid)}' cannot use it for PostgreSQL. "
            f"Start as the user who started before, set MEALPLANNER_DATA_DIR to another folder, or {OWN_SERVER}."
        )
