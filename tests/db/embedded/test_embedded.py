"""How processes share the embedded PostgreSQL, and what it survives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from mealplanner.db.embedded import EmbeddedPostgres
from mealplanner.db.file_locks import locked, locked_if_free
from mealplanner.db.postgres_programs import wheel_programs

FAST = {"fsync": "off"}

VISIT = """
import signal, sys
from pathlib import Path
from mealplanner.db.embedded import EmbeddedPostgres

signal.signal(signal.SIGINT, lambda *_: print("interrupted", flush=True))
binaries = Path(sys.argv[2]) if len(sys.argv) > 2 else None
with EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off"}, binaries=binaries):
    print("in", flush=True)
    sys.stdin.readline()
"""


class Visitor:
    """Another process, in a process group of its own, that uses the server until it is told to leave."""

    def __init__(self, root: Path, *arguments: str | Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", VISIT, root, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def says(self) -> str:
        """Waits for its next line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        """Has it release the postgres, and waits until it has ended."""
        self.process.communicate("\n")
        assert self.process.returncode == 0

    def kill(self) -> None:
        """Ends it without a chance to release anything."""
        self.process.kill()
        self.process.communicate()


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(root: Path) -> Iterator[Visit]:
    """Starts visitors of the server in `root`."""
    visitors: list[Visitor] = []

    def start(*arguments: str | Path) -> Visitor:
        visitors.append(Visitor(root, *arguments))
        return visitors[-1]

    yield start
    for visitor in visitors:
        if visitor.process.returncode is None:
            visitor.kill()


@pytest.fixture
def root(reachable_folder: Path) -> Path:
    """Where the server under test lives."""
    return reachable_folder / "postgres"


@pytest.fixture
def postgres(root: Path) -> Iterator[EmbeddedPostgres]:
    """The server under test as this process sees it, not acquired yet."""
    postgres = EmbeddedPostgres(root, settings=FAST)
    yield postgres
    postgres.release()


def connect(postgres: EmbeddedPostgres) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(
        host=str(postgres.socket), port=5432, user="mealplanner", dbname="mealplanner", autocommit=True
    )


def ask(postgres: EmbeddedPostgres, query: str) -> Any:
    with connect(postgres) as connection:
        return connection.execute(query).fetchall()[0][0]


def identity(postgres: EmbeddedPostgres) -> Any:
    """Differs for every server that was ever started."""
    return ask(postgres, "SELECT pg_postmaster_start_time()")


def postmaster_pid(postgres: EmbeddedPostgres) -> int:
    return int((postgres.data / "postmaster.pid").read_text().split("\n")[0])


def processes(postgres: EmbeddedPostgres) -> list[psutil.Process]:
    """The live processes of the postgres, told by their working directory."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and process.cwd() == str(postgres.data):
                found.append(process)
    return found


def wait_until_gone(postgres: EmbeddedPostgres) -> None:
    with locked(postgres.root / "server.lock"):
        assert processes(postgres) == []


def test_is_there_while_it_is_used_and_leaves_nothing_behind(postgres: EmbeddedPostgres) -> None:
    """Leaving ends every process of the server and removes the files that say it runs."""
    with postgres:
        assert ask(postgres, "SELECT current_database()") == "mealplanner"
        assert len(processes(postgres)) > 1
    assert processes(postgres) == []
    assert not (postgres.data / "postmaster.pid").exists()
    assert list(postgres.socket.iterdir()) == []


def test_keeps_what_was_committed_from_one_start_to_the_next(postgres: EmbeddedPostgres) -> None:
    """The data outlives the postgres."""
    with postgres, connect(postgres) as connection:
        connection.execute("CREATE TABLE meal AS SELECT 'soup' AS name")
    with postgres:
        assert ask(postgres, "SELECT name FROM meal") == "soup"


def test_works_the_same_whatever_the_system_speaks(postgres: EmbeddedPostgres) -> None:
    """Letters beyond ASCII have lower cases and the server's clock is UTC, by settings of its own."""
    with postgres:
        assert ask(postgres, "SELECT lower('CRÈME BRÛLÉE')") == "crème brûlée"
        assert ask(postgres, "SELECT current_setting('TimeZone')") == "UTC"


def test_is_reachable_through_the_socket_alone(postgres: EmbeddedPostgres) -> None:
    """No port is opened, and only the server's user may enter the folder of the socket."""
    with postgres:
        assert ask(postgres, "SELECT current_setting('listen_addresses')") == ""
        assert postgres.socket.stat().st_mode & 0o077 == 0


def test_settings_come_on_top_of_its_own(postgres: EmbeddedPostgres) -> None:
    """Whoever starts the server decides what it runs with."""
    with postgres:
        assert ask(postgres, "SELECT current_setting('fsync')") == "off"
        assert ask(postgres, "SELECT current_setting('jit')") == "off"


def test_variables_for_other_servers_do_not_steer_it(
    postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PGPORT, PGDATA and the locale belong to whoever set them."""
    for name, value in {"PGPORT": "1", "PGDATA": "/nowhere", "PGUSER": "other", "LC_ALL": "xx_XX"}.items():
        monkeypatch.setenv(name, value)
    with postgres:
        assert ask(postgres, "SELECT current_user") == "mealplanner"


def test_first_starts_at_the_same_moment_make_one_server(postgres: EmbeddedPostgres, visit: Visit) -> None:
    """Of four processes that come at once, one makes the data and starts the postgres, and all use it."""
    visitors = [visit() for _ in range(4)]
    assert [visitor.says() for visitor in visitors] == ["in"] * 4
    postmaster = postmaster_pid(postgres)
    assert [process.pid for process in processes(postgres) if process.ppid() != postmaster] == [postmaster]
    for visitor in visitors:
        assert ask(postgres, "SELECT 1") == 1
        visitor.leave()
    assert processes(postgres) == []


def test_the_last_one_out_stops_it_and_nobody_before(postgres: EmbeddedPostgres, visit: Visit) -> None:
    """Who started it may leave first."""
    visitor = visit()
    assert visitor.says() == "in"
    postgres.acquire()
    visitor.leave()
    assert ask(postgres, "SELECT 1") == 1
    postgres.release()
    assert processes(postgres) == []


def test_a_place_is_taken_once_and_given_back_once(postgres: EmbeddedPostgres) -> None:
    """A second acquire is a mistake and says so; a second release does nothing."""
    postgres.release()
    with postgres, pytest.raises(RuntimeError, match="already"):
        postgres.acquire()
    postgres.release()
    assert processes(postgres) == []


def test_a_forked_child_cannot_stop_it(root: Path, postgres: EmbeddedPostgres) -> None:
    """Only the process that acquired gives the place back, and it can while the child lives."""
    program = """
import os, sys
from pathlib import Path
from mealplanner.db.embedded import EmbeddedPostgres

server = EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off"}).acquire()
child_may_end, tell_child = os.pipe()
child = os.fork()
if child == 0:
    server.release()
    print("released by the child", flush=True)
    os.close(tell_child)
    os.read(child_may_end, 1)
    os._exit(0)
sys.stdin.readline()
server.release()
print("released by the parent", flush=True)
os.close(tell_child)
os.waitpid(child, 0)
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", program, root], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    assert parent.stdout.readline() == "released by the child\n"
    assert ask(postgres, "SELECT 1") == 1
    parent.stdin.write("\n")
    parent.stdin.flush()
    assert parent.stdout.readline() == "released by the parent\n"
    assert processes(postgres) == []
    parent.communicate()


def test_an_interrupt_from_the_terminal_does_not_reach_it(postgres: EmbeddedPostgres, visit: Visit) -> None:
    """Ctrl-C goes to the process group of whoever started the server, and the server is in none of theirs."""
    visitor = visit()
    assert visitor.says() == "in"
    groups = {os.getpgid(process.pid) for process in processes(postgres)}
    sessions = {os.getsid(process.pid) for process in processes(postgres)}
    assert os.getpgid(visitor.process.pid) not in groups
    assert os.getsid(visitor.process.pid) not in sessions
    os.killpg(visitor.process.pid, signal.SIGINT)
    assert visitor.says() == "interrupted"
    assert ask(postgres, "SELECT 1") == 1
    visitor.leave()


def test_killed_users_leave_the_server_to_the_next(postgres: EmbeddedPostgres, visit: Visit) -> None:
    """The next one finds it running, and is the last one out."""
    visitors = [visit(), visit()]
    for visitor in visitors:
        assert visitor.says() == "in"
    before = identity(postgres)
    for visitor in visitors:
        visitor.kill()
    with postgres:
        assert identity(postgres) == before
    assert processes(postgres) == []


def test_starts_again_after_the_server_was_killed(postgres: EmbeddedPostgres, visit: Visit) -> None:
    """While somebody still has a place at the dead postgres, the next one starts another."""
    visitor = visit()
    assert visitor.says() == "in"
    os.kill(postmaster_pid(postgres), signal.SIGKILL)
    with postgres:
        assert ask(postgres, "SELECT 1") == 1
        visitor.leave()
        assert ask(postgres, "SELECT 1") == 1
    assert processes(postgres) == []


def test_starts_again_after_everybody_was_killed(postgres: EmbeddedPostgres, visit: Visit) -> None:
    """What was committed is there after users, server and backends died at once."""
    visitor = visit()
    assert visitor.says() == "in"
    with connect(postgres) as connection:
        connection.execute("CREATE TABLE meal AS SELECT 'soup' AS name")
    visitor.process.kill()
    for process in processes(postgres):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    visitor.kill()
    wait_until_gone(postgres)
    with postgres:
        assert ask(postgres, "SELECT name FROM meal") == "soup"


def test_a_backend_that_outlives_its_server_is_waited_for(postgres: EmbeddedPostgres, visit: Visit) -> None:
    """Two servers would ruin the data, so none is started while a process of the last one still lives."""
    visitor = visit()
    assert visitor.says() == "in"
    connection = connect(postgres)
    backend = psutil.Process(connection.info.backend_pid)
    backend.suspend()
    others = [process for process in processes(postgres) if process != backend]
    os.kill(postmaster_pid(postgres), signal.SIGKILL)
    for process in others:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    with locked_if_free(postgres.root / "server.lock") as lock:
        assert lock is None
    backend.resume()
    with postgres:
        assert not backend.is_running() or backend.status() == psutil.STATUS_ZOMBIE
    connection.close()


def test_a_server_that_is_ending_is_waited_for(postgres: EmbeddedPostgres, visit: Visit) -> None:
    """Somebody else told the server to stop; who comes then gets a new one."""
    visitor = visit()
    assert visitor.says() == "in"
    before = identity(postgres)
    os.kill(postmaster_pid(postgres), signal.SIGINT)
    wait_until_gone(postgres)
    with postgres:
        assert identity(postgres) != before


@pytest.mark.parametrize("program", ["another program", "another server"])
def test_a_pid_file_that_names_another_process_is_stale(
    program: str, postgres: EmbeddedPostgres, reachable_folder: Path
) -> None:
    """Pids repeat, after a restart of a container most of all; the other process is left alone."""
    with postgres:
        stale = (postgres.data / "postmaster.pid").read_text().split("\n", 1)[1]
    neighbour = EmbeddedPostgres(reachable_folder / "neighbour", settings=FAST)
    with neighbour, subprocess.Popen(["sleep", "1000"]) as sleeper:
        pid = sleeper.pid if program == "another program" else postmaster_pid(neighbour)
        for left_behind in (postgres.data / "postmaster.pid", postgres.socket / ".s.PGSQL.5432.lock"):
            left_behind.write_text(f"{pid}\n{stale}")
        with postgres:
            assert ask(postgres, "SELECT 1") == 1
        assert sleeper.poll() is None
        assert ask(neighbour, "SELECT 1") == 1
        sleeper.kill()


def test_a_start_killed_while_it_makes_the_data_does_not_harm_the_next(
    root: Path, postgres: EmbeddedPostgres, visit: Visit, reachable_folder: Path
) -> None:
    """Half-made data is not taken for data, even while the orphan of the killed start still writes it."""
    half_made, programs = reachable_folder / "half-made", reachable_folder / "bin"
    os.mkfifo(half_made)
    half_made.chmod(0o666)
    programs.mkdir()
    (programs / "postgres").symlink_to(wheel_programs() / "postgres")
    initdb = programs / "initdb"
    initdb.write_text(f'#!/bin/sh\nmkdir "$2/base"; echo 18 > "$2/PG_VERSION"; echo > "{half_made}"; sleep 1000\n')
    initdb.chmod(0o755)
    visitor = visit(programs)
    half_made.read_text()
    visitor.kill()
    assert list(root.glob("draft-*")) != []
    with postgres:
        assert ask(postgres, "SELECT 1") == 1
    os.killpg(visitor.process.pid, signal.SIGKILL)
    assert list(root.glob("draft-*")) == []
