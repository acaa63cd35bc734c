"""How processes share the embedded PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mealplanner.embedded_postgres.server import EmbeddedPostgres
from tests.embedded_postgres.visitors import Visit, ask, connect, postmaster_pid, processes

pytestmark = pytest.mark.process


def test_is_there_while_it_is_used_and_leaves_nothing_behind(postgres: EmbeddedPostgres) -> None:
    """Leaving ends every process of the server and removes the files that say it runs."""
    with postgres:
        assert ask(postgres, "SELECT current_database()") == "mealplanner"
        assert len(processes(postgres)) > 1
    assert processes(postgres) == []
    assert not (postgres.data / "postmaster.pid").exists()
    assert list(postgres.socket.iterdir()) == []


def test_keeps_what_was_committed_from_one_start_to_the_next(postgres: EmbeddedPostgres) -> None:
    """The data stays when the server stops."""
    with postgres, connect(postgres) as connection:
        connection.execute("CREATE TABLE meal AS SELECT 'soup' AS name")
    with postgres:
        assert ask(postgres, "SELECT name FROM meal") == "soup"


def test_works_the_same_in_every_locale(postgres: EmbeddedPostgres) -> None:
    """Letters beyond ASCII have lower cases, and the server's time zone is UTC."""
    with postgres:
        assert ask(postgres, "SELECT lower('CRÈME BRÛLÉE')") == "crème brûlée"
        assert ask(postgres, "SELECT current_setting('TimeZone')") == "UTC"


def test_is_reachable_through_the_socket_alone(postgres: EmbeddedPostgres) -> None:
    """No port is opened, and only the server's user may enter the folder of the socket."""
    with postgres:
        assert ask(postgres, "SELECT current_setting('listen_addresses')") == ""
        assert postgres.socket.stat().st_mode & 0o077 == 0


def test_settings_come_on_top_of_its_own(postgres: EmbeddedPostgres) -> None:
    """The process that starts the server chooses them."""
    with postgres:
        assert ask(postgres, "SELECT current_setting('fsync')") == "off"
        assert ask(postgres, "SELECT current_setting('jit')") == "off"


def test_first_starts_at_the_same_moment_make_one_server(postgres: EmbeddedPostgres, visit: Visit) -> None:
    """Of four processes one makes the data and starts the server, and all use it."""
    visitors = [visit() for _ in range(4)]
    assert [visitor.says() for visitor in visitors] == ["in"] * 4
    postmaster = postmaster_pid(postgres)
    assert [process.pid for process in processes(postgres) if process.info["ppid"] != postmaster] == [postmaster]
    for visitor in visitors:
        assert ask(postgres, "SELECT 1") == 1
        visitor.leave()
    assert processes(postgres) == []


def test_the_last_user_stops_it_and_no_other(postgres: EmbeddedPostgres, visit: Visit) -> None:
    """The one that started it may leave first."""
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
    """Only the process that acquired a place gives it back, and then it counts no more, even while the child runs."""
    program = """
import os, sys
from pathlib import Path
from mealplanner.embedded_postgres.server import EmbeddedPostgres

server = EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off"}).acquire()
child_may_end, let_child_end = os.pipe()
child = os.fork()
if child == 0:
    server.release()
    print("released by the child", flush=True)
    os.close(let_child_end)
    os.read(child_may_end, 1)
    os._exit(0)
sys.stdin.readline()
server.release()
print("released by the parent", flush=True)
sys.stdin.readline()
os.close(let_child_end)
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
    with postgres:
        assert ask(postgres, "SELECT 1") == 1
    assert processes(postgres) == []
    parent.communicate("\n")


def test_an_interrupt_from_the_terminal_does_not_reach_it(postgres: EmbeddedPostgres, visit: Visit) -> None:
    """Ctrl-C goes to the process group that started the server, and the server is not in it."""
    visitor = visit()
    assert visitor.says() == "in"
    assert os.getpgid(postmaster_pid(postgres)) != os.getpgid(visitor.process.pid)
    assert os.getsid(postmaster_pid(postgres)) != os.getsid(visitor.process.pid)
    os.killpg(visitor.process.pid, signal.SIGINT)
    assert visitor.says() == "interrupted"
    assert ask(postgres, "SELECT 1") == 1
    visitor.leave()
