"""Processes of the web server that are killed, replaced and hung up on."""

from __future__ import annotations

import os
import signal
import struct
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPException, IncompleteRead
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET
from threading import Event

import pytest

from tests.faults.conftest import Settings, assert_whole
from tests.faults.gates import Gates
from tests.faults.postgres import Postgres
from tests.faults.programs import Web
from tests.faults.remote import Remote
from tests.waiting import eventually

pytestmark = pytest.mark.process

WRITE = ["sql", "INSERT INTO marks VALUES ('written')"]
READ = ["sql", "SELECT count(*) FROM marks"]
PATIENT = ["sql", "SET LOCAL lock_timeout = 0"]

Recovery = Callable[[], None]


@pytest.fixture
def replaced(web: Web) -> Iterator[None]:
    """Wait after the test until there are as many workers as before it."""
    yield
    web.await_workers()


@pytest.mark.usefixtures("replaced")
def test_a_worker_is_killed_in_a_transaction(
    web: Web, visitor: Remote, postgres: Postgres, gates: Gates, at_once: ThreadPoolExecutor, recovery: Recovery
) -> None:
    """PostgreSQL rolls everything back; the other worker serves meanwhile."""
    gate = gates.new()
    answer = at_once.submit(visitor.run, WRITE, ["call", gate.url])
    told = gate.arrival()
    os.kill(int(told["process"]), signal.SIGKILL)
    recovery()
    with pytest.raises((OSError, HTTPException)):
        answer.result()
    assert web.visitor().run(READ).json == {"found": [0]}
    recovery()
    eventually(lambda: int(told["backend"]) not in postgres.backends())
    recovery()


@pytest.mark.usefixtures("replaced")
def test_a_worker_is_killed_in_a_statement(
    web: Web, visitor: Remote, postgres: Postgres, gates: Gates, at_once: ThreadPoolExecutor, recovery: Recovery
) -> None:
    """PostgreSQL notices although the statement would go on, and soon releases its locks."""
    postgres.run("INSERT INTO marks VALUES ('held'), ('wanted')")
    gate = gates.new()
    with postgres.locked("SELECT FROM marks WHERE name = 'wanted' FOR UPDATE"):
        hold, wait = (f"UPDATE marks SET value = 1 WHERE name = '{name}'" for name in ("held", "wanted"))
        patient = (PATIENT, ["sql", "SET LOCAL statement_timeout = 0"])
        answer = at_once.submit(visitor.run, *patient, ["sql", hold], ["call", gate.url], ["sql", wait])
        told = gate.arrival()
        gate.open()
        eventually(lambda: postgres.waiting(told["backend"]))
        os.kill(int(told["process"]), signal.SIGKILL)
        recovery()
        with pytest.raises((OSError, HTTPException)):
            answer.result()
        assert web.visitor().run(READ).status == 200
        recovery()
        eventually(lambda: int(told["backend"]) not in postgres.backends())
        recovery()
    assert postgres.marks() == {"held": 0, "wanted": 0}


@pytest.mark.usefixtures("replaced")
def test_a_worker_is_killed_while_it_sends(
    web: Web, visitor: Remote, postgres: Postgres, gates: Gates, recovery: Recovery
) -> None:
    """The client can tell that the page is incomplete; the transaction had ended before the first byte."""
    gate = gates.new()
    with visitor.reading(f"/probe/stream?gate={gate.url}") as page:
        assert page.read1() == b"first 0\n"
        process = int(gate.arrival()["process"])
        assert postgres.held() == []
        assert web.connections_in_use() == 0
        os.kill(process, signal.SIGKILL)
        recovery()
        with pytest.raises(IncompleteRead):
            page.read()
    assert web.visitor().run(READ).status == 200
    recovery()


def test_a_visitor_hangs_up_before_the_answer(web: Web, visitor: Remote, postgres: Postgres, gates: Gates) -> None:
    """The view does not notice: what it decides stands, as if the answer had been lost on the way."""
    said_before = len(web.said())
    gate = gates.new()
    hang_up = visitor.hang_up_after(WRITE, ["call", gate.url])
    gate.arrival()
    hang_up.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))  # not a farewell but a reset
    hang_up.close()
    gate.open()
    eventually(lambda: postgres.marks() == {"written": 0})
    assert "Traceback" not in web.said()[said_before:]


def test_a_visitor_hangs_up_while_being_sent_to(web: Web, visitor: Remote, postgres: Postgres, gates: Gates) -> None:
    """Nothing is held for a client that reads slowly or not at all."""
    gate = gates.new()
    with visitor.reading(f"/probe/stream?gate={gate.url}") as page:
        assert page.read1() == b"first 0\n"
        gate.arrival()
        assert postgres.held() == []
        assert web.connections_in_use() == 0
    gate.open()


@pytest.fixture
def start(settings: Settings, side: str, postgres: Postgres, tmp_path: Path) -> Iterator[Callable[..., Web]]:
    """Return a function that starts a gunicorn with options; it is stopped after the test."""
    with ExitStack() as running:

        def begin(*options: str) -> Web:
            web = running.enter_context(Web(settings(side), tmp_path / "web.log", *options))
            web.await_workers()
            assert web.visitor().get("/readyz").status == 200, web.said()
            return web

        yield begin
    postgres.clean()


def test_workers_are_replaced_under_load(
    start: Callable[..., Web], postgres: Postgres, gates: Gates, at_once: ThreadPoolExecutor
) -> None:
    """No request is lost when a worker has served as many as it should, not even a slow one."""
    web = start("--max-requests", "15", "--max-requests-jitter", "10")
    first = web.workers()
    gate = gates.new()
    visitor = web.visitor()
    visitor.token()
    slow = at_once.submit(web.visitor().run, WRITE, ["call", gate.url])
    stop = Event()

    def keep_asking() -> set[int]:
        seen = set()
        while not stop.is_set():
            seen.add(visitor.run(READ).status)
        return seen

    asking = [at_once.submit(keep_asking) for _ in range(3)]
    busy = {int(gate.arrival()["process"])}
    eventually(lambda: first & web.workers() <= busy)
    gate.open()
    eventually(lambda: not first & web.workers())
    stop.set()
    assert [answer.result() for answer in asking] == [{200}] * 3
    assert slow.result().status == 200
    assert_whole(web, postgres)


def test_a_stopping_server_answers_who_was_first(
    start: Callable[..., Web], postgres: Postgres, gates: Gates, at_once: ThreadPoolExecutor
) -> None:
    """A deployment loses no request that was in progress."""
    strangers = set(postgres.backends())
    web = start()
    gate = gates.new()
    answer = at_once.submit(web.visitor().run, WRITE, ["call", gate.url], READ)
    gate.arrival()
    web.send(signal.SIGTERM)
    gate.open()
    assert answer.result().json == {"found": [1]}
    assert web.exit_code() == 0
    assert postgres.held() == []
    eventually(lambda: set(postgres.backends()) <= strangers)
