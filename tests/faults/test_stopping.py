"""A web server that stops or reloads behind a load balancer loses no request."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.conftest import Settings
from tests.faults.gates import Gates
from tests.faults.programs import Web
from tests.waiting import eventually

pytestmark = pytest.mark.process

READ = ["sql", "SELECT count(*) FROM marks"]


@pytest.fixture
def draining(settings: Settings, tmp_path: Path) -> Web:
    """Return a server that would serve for ten minutes after it was told to stop."""
    return Web(settings("pooled", MEALPLANNER_DRAIN_SECONDS="600"), tmp_path / "log")


def test_it_serves_on_and_says_that_it_is_not_ready(draining: Web) -> None:
    """Every answer closes its connection; another SIGTERM ends the grace."""
    with draining as web:
        web.await_workers()
        assert web.visitor().get("/readyz").status == 200
        web.send(signal.SIGTERM)
        eventually(lambda: web.visitor().get("/readyz").status == 503)
        assert web.visitor().get("/readyz").json["checks"]["accepting"] is False
        answer = web.visitor().run(READ)
        assert (answer.status, answer.headers["Connection"]) == (200, "close")
        assert web.alive()
        web.send(signal.SIGTERM)
        assert web.exit_code() == 0


def test_a_worker_that_ends_during_the_grace_is_replaced(draining: Web) -> None:
    with draining as web:
        web.await_workers()
        web.send(signal.SIGTERM)
        eventually(lambda: web.visitor().get("/readyz").status == 503)
        before = web.workers()
        os.kill(min(before), signal.SIGKILL)
        eventually(lambda: len(web.workers() - before) == 1)
        assert web.visitor().run(READ).status == 200
        web.send(signal.SIGTERM)
        assert web.exit_code() == 0


def test_a_reload_replaces_the_processes_and_answers_what_has_begun(
    settings: Settings, gates: Gates, tmp_path: Path
) -> None:
    with Web(settings("pooled"), tmp_path / "log") as web, ThreadPoolExecutor(1) as thread:
        web.await_workers()
        visitor = web.visitor()
        visitor.token()
        before = web.workers()
        gate = gates.new()
        begun = thread.submit(visitor.run, ["call", gate.url])
        gate.arrival()
        web.send(signal.SIGHUP)
        eventually(lambda: len(web.workers() - before) == len(before))
        assert web.visitor().run(READ).status == 200
        assert web.visitor().get("/readyz").status == 200
        gate.open()
        assert begun.result().status == 200
        eventually(lambda: not web.workers() & before)
        web.send(signal.SIGTERM)
        assert web.exit_code() == 0
