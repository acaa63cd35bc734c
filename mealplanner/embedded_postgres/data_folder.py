"""The data of one PostgreSQL server: made whole or not at all, checked before use, and who uses it."""

from __future__ import annotations

import logging
import secrets
from contextlib import suppress
from pathlib import Path

import psutil

from mealplanner.embedded_postgres.programs import Programs
from mealplanner.embedded_postgres.system_account import OWN_SERVER, EmbeddedPostgresError, check_owner

log = logging.getLogger(__name__)

INITDB = (
    "--auth=trust",  # whoever can enter the socket's folder, which is closed to others
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",  # the same on every system, unlike the system's locales, and lower() knows umlauts
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)


def make_data(data: Path, superuser: str, programs: Programs, *, sync: bool) -> None:
    """Makes the folder `data` with no databases but PostgreSQL's own; `sync` waits until the disk has it.

    It grows under another name (`draft-...`) first, so that what a killed start leaves is never taken for data.
    """
    draft = data.with_name(f"draft-{secrets.token_hex(4)}")
    draft.mkdir(mode=0o700)
    programs.account.own(draft)
    programs.run("initdb", "--pgdata", draft, "--username", superuser, *INITDB, *([] if sync else ["--no-sync"]))
    draft.rename(data)
    log.info("made the data of PostgreSQL in %s", data)


def check_data(data: Path, programs: Programs) -> None:
    """Raises `EmbeddedPostgresError` when `data` belongs to another user or to another major version of PostgreSQL."""
    check_owner(data, programs.account.uid)
    made_by, needed = (data / "PG_VERSION").read_text().strip(), str(programs.major())
    if made_by != needed:
        raise EmbeddedPostgresError(
            f"The data in {data} was made by PostgreSQL {made_by}. The one installed now is PostgreSQL {needed} and "
            f"cannot read it. Save it with pg_dump, run by the version of this application that made it. Then move "
            f"the folder away, start this version and restore with pg_restore. Or {OWN_SERVER}."
        )


def postmaster(data: Path) -> psutil.Process | None:
    """The live server that the pid file in `data` names.

    None when there is no such file, or when its pid is dead, a zombie or another program's by now.
    """
    try:
        first_line = (data / "postmaster.pid").read_text().split("\n")[0]
        process = psutil.Process(abs(int(first_line)))  # it is negative in single-user mode
        if process.status() == psutil.STATUS_ZOMBIE or process.name() != "postgres":
            return None
        with suppress(psutil.AccessDenied):  # where even root may not look, the file has to be believed
            return process if process.cwd() == str(data) else None
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None
    return process
