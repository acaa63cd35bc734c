"""The data of one PostgreSQL server: made whole or not at all, checked before use, and the server that uses it."""

from __future__ import annotations

import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path

import psutil

from mealplanner.embedded_postgres.programs import Programs
from mealplanner.embedded_postgres.system_account import (
    FORMER_USER,
    OWN_SERVER,
    Account,
    EmbeddedPostgresError,
    check_owner,
    former_uid,
)

log = logging.getLogger(__name__)

INITDB = (
    "--auth-local=peer",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",  # the same on every system, and lower() knows umlauts
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)


def make_data(data: Path, superuser: str, programs: Programs, *, sync: bool) -> None:
    """Make the folder `data` with no databases but PostgreSQL's own; with `sync`, wait until the disk has it.

    It is made under another name (`draft-...`) first, so that what a killed start leaves is never taken for data.
    """
    draft = data.with_name(f"draft-{secrets.token_hex(4)}")
    draft.mkdir(mode=0o700)
    programs.account.own(draft)
    programs.run("initdb", "--pgdata", draft, "--username", superuser, *INITDB, *([] if sync else ["--no-sync"]))
    draft.rename(data)
    log.info("made the data of PostgreSQL in %s", data)


def adopt_data(data: Path, account: Account) -> None:
    """Give `data` that an earlier version left to `FORMER_USER` to `account`; nothing runs on it meanwhile.

    The folder itself goes last, so that the next start repeats what a killed one did not finish. A file of a third
    user, which may be a hard link that was planted, stays as it is.
    """
    former = former_uid()
    if former in (None, account.uid) or data.lstat().st_uid != former:
        return
    for folder, folders, files in os.walk(data, topdown=False):
        for path in (Path(folder) / name for name in (*folders, *files)):
            if path.lstat().st_uid == former:
                account.own(path)
    account.own(data)
    log.warning("%s belongs to the user '%s' now, no longer to '%s'", data, account.name, FORMER_USER)


def check_data(data: Path, programs: Programs) -> None:
    """Raise `EmbeddedPostgresError` when `data` belongs to another user or to another major version of PostgreSQL."""
    check_owner(data, programs.account.uid)
    made_by, needed = (data / "PG_VERSION").read_text().strip(), str(programs.major())
    if made_by != needed:
        raise EmbeddedPostgresError(
            f"The data in {data} was made by PostgreSQL {made_by}. The one installed now is PostgreSQL {needed} and "
            f"cannot read it. Save it with pg_dump, run by the version of this application that made it. Then move "
            f"the folder away, start this version and restore with pg_restore. Or {OWN_SERVER}."
        )


def postmaster(data: Path) -> psutil.Process | None:
    """Return the live server that the pid file in `data` names.

    Return None when there is no such file, or when its pid is dead, a zombie or another program's by now.
    """
    try:
        first_line = (data / "postmaster.pid").read_text().split("\n")[0]
        process = psutil.Process(abs(int(first_line)))  # it is negative in single-user mode
        if process.status() == psutil.STATUS_ZOMBIE or process.name() != "postgres":
            return None
        with suppress(psutil.AccessDenied):  # where even root may not look, the file is all there is
            return process if process.cwd() == str(data) else None
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None
    return process
