"""The system user that PostgreSQL runs as.

PostgreSQL refuses to run as root. Root therefore lends it an unprivileged user, who must be able to enter every folder
above its data. Folders that were there before are never changed for that.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.platform != "win32":
    import pwd

OWN_SERVER = "set DATABASE_URL to a PostgreSQL server of your own"
"""The way out that every error names."""

ENVIRONMENT: Mapping[str, str] = {"PATH": os.defpath, "LC_ALL": "C"}
"""All that PostgreSQL's programs see of the environment: what is set for other programs must not steer this server."""

_FIRST_DENIED = 'for path; do [ -x "$path" ] || { printf %s "$path"; exit; }; done'


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot be used. The message says what happened, what it means and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """A system user, and whether it is lent: another one than the user who runs this process."""

    name: str
    uid: int
    gid: int
    lent: bool

    @property
    def arguments(self) -> dict[str, Any]:
        """What makes `subprocess` run a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.lent else {}

    def own(self, folder: Path) -> None:
        """Makes `folder`, one that we have made, this user's own."""
        if self.lent:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)

    def first_denied(self, path: Path) -> Path | None:
        """The first of the folders above `path`, and `path` itself, that this user may not enter (a file: execute)."""
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


def default_user(euid: int) -> str | None:
    """The user to lend when none is named: `nobody` for root; None for the others, who cannot lend any."""
    return "nobody" if euid == 0 else None


def account_for(euid: int, run_as: str | None) -> Account:
    """The account for PostgreSQL when the user `euid` starts it: root lends `run_as`, others are it themselves."""
    name = run_as or default_user(euid)
    if euid != 0 or name is None:
        return Account(user_name(euid), euid, os.getegid(), lent=False)
    try:
        user = pwd.getpwnam(name)
    except KeyError:
        problem = f"there is no user '{name}' to run it as instead"
    else:
        if user.pw_uid != 0:
            return Account(name, user.pw_uid, user.pw_gid, lent=True)
        problem = f"the user '{name}' is root as well"
    raise EmbeddedPostgresError(
        f"PostgreSQL refuses to run as root, and {problem}. Start as an ordinary user, or {OWN_SERVER}."
    )


def user_name(uid: int) -> str:
    """The name of a user, or the number where the system knows no name for it."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def make_reachable(folder: Path, account: Account) -> None:
    """Makes `folder`, and what is missing above it, so that `account` can enter it whatever our umask is.

    Raises `EmbeddedPostgresError` when a folder that is already there denies that, before anything is made.
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
    """Raises `EmbeddedPostgresError` unless `folder` belongs to the user `uid`."""
    owner = folder.stat().st_uid
    if owner != uid:
        raise EmbeddedPostgresError(
            f"{folder} belongs to the user '{user_name(owner)}', so '{user_name(uid)}' cannot use it for PostgreSQL. "
            f"Start as the user who started before, set MEALPLANNER_DATA_DIR to another folder, or {OWN_SERVER}."
        )
