"""The user that the embedded PostgreSQL runs as, and who may connect to it."""

from __future__ import annotations

import os
import pwd
import secrets
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mealplanner.embedded_postgres import system_account
from mealplanner.embedded_postgres.programs import usable_programs
from mealplanner.embedded_postgres.server import EmbeddedPostgres, EmbeddedPostgresError
from mealplanner.embedded_postgres.system_account import SYSTEM_USER, account_for
from tests.embedded_postgres.visitors import FAST, ask, connect, postmaster_pid, processes

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")


def owners(folder: Path) -> set[str]:
    """Return the owners of `folder` and everything in it."""
    return {path.owner() for path in (folder, *folder.rglob("*"))}


@pytest.fixture
def missing_user(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of the system user, which does not exist yet and is removed again."""
    name = f"mealplanner-{secrets.token_hex(4)}"
    monkeypatch.setattr(system_account, "SYSTEM_USER", name)
    yield name
    subprocess.run(["userdel", name], check=False, capture_output=True)


@pytest.fixture
def former(root: Path) -> EmbeddedPostgres:
    """A server as earlier versions left it: data of `nobody`, who may connect as the superuser, and a table."""
    server = EmbeddedPostgres(root, run_as="nobody", settings=FAST)
    with server, connect(server) as connection:
        connection.execute("CREATE TABLE meal AS SELECT 'soup' AS name")
    (server.data / "pg_hba.conf").write_text("local all all trust\n")
    return server


@pytest.mark.process
@as_root
def test_root_runs_it_as_a_user_of_its_own(postgres: EmbeddedPostgres) -> None:
    """Its processes, its data and its socket belong to that user alone; the folder around them is root's."""
    with postgres:
        process = psutil.Process(postmaster_pid(postgres))
        assert process.username() == SYSTEM_USER
        assert process.gids().real == pwd.getpwnam(SYSTEM_USER).pw_gid
        assert owners(postgres.data) | owners(postgres.socket) == {SYSTEM_USER}
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in (postgres.data, postgres.socket)] == [0o700] * 2
        assert postgres.root.owner() == "root"


@as_root
def test_root_makes_the_user_once(missing_user: str) -> None:
    account = account_for(0, None)
    user = pwd.getpwnam(missing_user)
    assert (account.name, account.uid, account.gid, account.lent) == (missing_user, user.pw_uid, user.pw_gid, True)
    assert user.pw_shell == "/usr/sbin/nologin"
    assert account_for(0, None) == account


@as_root
def test_root_is_told_how_to_make_a_user_that_cannot_be_made(
    missing_user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_account.shutil, "which", lambda *_, **__: None)
    with pytest.raises(EmbeddedPostgresError, match=f"no useradd.*useradd --system {missing_user}.*DATABASE_URL"):
        account_for(0, None)


@as_root
def test_root_is_told_why_a_user_cannot_be_made(missing_user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_account, "USERADD", ("--no-such-option",))
    with pytest.raises(EmbeddedPostgresError, match=rf"(?s)unrecognized option.*useradd --system {missing_user}"):
        account_for(0, None)


@pytest.mark.process
@as_root
def test_another_user_cannot_connect_even_to_an_open_socket(postgres: EmbeddedPostgres) -> None:
    """PostgreSQL asks the kernel who connects; the permissions of the folder are not the only guard."""
    program = """
import os, sys
import psycopg

os.setgroups([])
os.setgid(65534)
os.setuid(65534)
for user in ("mealplanner", "nobody"):
    try:
        psycopg.connect(host=sys.argv[1], port=5432, user=user, dbname="mealplanner")
    except psycopg.OperationalError as error:
        print(error)
"""
    command: list[str | Path] = [sys.executable, "-c", program, postgres.socket]
    with postgres:
        closed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        postgres.socket.chmod(0o755)
        (postgres.socket / ".s.PGSQL.5432").chmod(0o777)
        opened = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        postgres.socket.chmod(0o700)
    assert closed.count("Permission denied") == 2
    assert opened.count("Peer authentication failed") == 2


@pytest.mark.process
@as_root
def test_data_of_an_earlier_version_moves_to_the_new_user(former: EmbeddedPostgres, postgres: EmbeddedPostgres) -> None:
    """Its content stays, and `nobody` loses the data and the way in."""
    assert owners(former.data) == {"nobody"}
    with postgres:
        assert ask(postgres, "SELECT name FROM meal") == "soup"
        assert owners(postgres.data) | owners(postgres.socket) == {SYSTEM_USER}
        assert ask(postgres, "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules") == ["peer"]


@pytest.mark.process
@as_root
def test_a_move_that_was_killed_is_finished_by_the_next_start(
    former: EmbeddedPostgres, postgres: EmbeddedPostgres
) -> None:
    account = account_for(0, None)
    for path in former.data.rglob("*"):
        if path.name.startswith("pg_"):
            account.own(path)
    with postgres:
        assert ask(postgres, "SELECT name FROM meal") == "soup"
        assert owners(postgres.data) == {SYSTEM_USER}


@pytest.mark.process
@as_root
def test_a_move_leaves_files_of_other_users_alone(former: EmbeddedPostgres, postgres: EmbeddedPostgres) -> None:
    """A hard link or a symbolic link in the data may lead to a file that is not its owner's to give away."""
    secret = former.root / "secret"
    secret.write_text("root's")
    os.link(secret, former.data / "hard")
    (former.data / "soft").symlink_to(secret)
    os.chown(former.data / "soft", 65534, 65534, follow_symlinks=False)
    with postgres:
        assert ask(postgres, "SELECT name FROM meal") == "soup"
    assert secret.owner() == "root"


@pytest.mark.process
@as_root
def test_a_server_that_an_earlier_version_left_running_is_replaced(
    former: EmbeddedPostgres, postgres: EmbeddedPostgres
) -> None:
    """It still lets `nobody` in; a version that was killed leaves one."""
    program = """
import os, sys
from pathlib import Path
from mealplanner.embedded_postgres.server import EmbeddedPostgres

EmbeddedPostgres(Path(sys.argv[1]), run_as="nobody", settings={"fsync": "off"}).acquire()
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", program, former.root], check=True)
    assert psutil.Process(postmaster_pid(former)).username() == "nobody"
    with postgres:
        assert psutil.Process(postmaster_pid(postgres)).username() == SYSTEM_USER
        assert ask(postgres, "SELECT name FROM meal") == "soup"
    assert processes(postgres) == []


@pytest.mark.process
@as_root
def test_root_makes_folders_that_the_user_can_enter_whatever_the_umask(reachable_folder: Path) -> None:
    """A careful umask must not shut PostgreSQL out of folders that we make for it ourselves."""
    server = EmbeddedPostgres(reachable_folder / "made" / "by us", settings=FAST)
    before = os.umask(0o077)
    try:
        with server:
            assert ask(server, "SELECT 42") == 42
    finally:
        os.umask(before)
    assert stat.S_IMODE((reachable_folder / "made").stat().st_mode) == 0o711


@pytest.mark.process
def test_an_ordinary_user_runs_it_as_themselves(reachable_folder: Path) -> None:
    """No other user is involved, and the folder is closed to others."""
    program = """
import os, sys
from pathlib import Path
import psycopg
from mealplanner.embedded_postgres.server import EmbeddedPostgres

uid = int(sys.argv[2])
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
root = Path(sys.argv[1])
with EmbeddedPostgres(root, settings={"fsync": "off"}, binaries=Path(sys.argv[3])) as server:
    psycopg.connect(host=str(server.socket), port=5432, user="mealplanner", dbname="mealplanner").close()
    pid = int((server.data / "postmaster.pid").read_text().split()[0])
    print(os.stat(f"/proc/{pid}" if os.path.exists("/proc") else server.data).st_uid, oct(root.stat().st_mode & 0o777))
"""
    account = account_for(os.geteuid(), None)
    programs = usable_programs(None, account, reachable_folder).folder
    home = reachable_folder / "home"
    home.mkdir()
    account.own(home)
    command: list[str | Path] = [sys.executable, "-c", program, home / "postgres", str(account.uid), programs]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"{account.uid} 0o700\n", "")


def test_other_users_run_it_as_themselves_whatever_user_is_named() -> None:
    account = account_for(1000, "nobody")
    assert (account.uid, account.lent) == (1000, False)


@pytest.mark.parametrize(("run_as", "problem"), [("no-such-user", "there is no user"), ("root", "is root as well")])
def test_root_without_an_unprivileged_user_is_an_error(run_as: str, problem: str) -> None:
    """The message says what root can do about it."""
    with pytest.raises(EmbeddedPostgresError, match=rf"{problem}.*Start as an ordinary user, or set DATABASE_URL"):
        account_for(0, run_as)
