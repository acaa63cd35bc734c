"""Workers that are killed or stopped in the middle of a job: another one does it, and nothing is half written."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest

from tests.faults.gates import Gates
from tests.faults.postgres import Postgres
from tests.faults.programs import Worker
from tests.faults.queue import STORING, jobs, put, ready
from tests.faults.remote import Remote
from tests.waiting import eventually

pytestmark = pytest.mark.process

Recovery = Callable[[], None]
Start = Callable[[], Worker]


def test_a_worker_is_killed_while_a_menu_is_stored(
    visitor: Remote, worker: Start, postgres: Postgres, recovery: Recovery
) -> None:
    """PostgreSQL rolls its half back, and another worker makes the menu."""
    visitor.register()
    victim = worker()
    with postgres.locked(STORING):
        menu = visitor.ask_for_menu()
        eventually(postgres.storing_meals)
        victim.send(signal.SIGKILL)
        recovery()
        assert victim.exit_code() == -signal.SIGKILL
        eventually(lambda: not postgres.storing_meals())
        recovery()
        assert postgres.run("SELECT id FROM meals") == []
    worker()
    eventually(lambda: ready(visitor, menu))
    recovery()


@pytest.mark.usefixtures("web")
def test_a_worker_is_killed_while_a_job_waits_for_an_answer(
    worker: Start, postgres: Postgres, gates: Gates, recovery: Recovery
) -> None:
    """Another worker calls again, since the first call may not have been answered; one of them writes."""
    worker()
    gate = gates.new()
    put(postgres, gate)
    os.kill(int(gate.arrival()["process"]), signal.SIGKILL)
    recovery()
    worker()
    assert gate.arrival()["attempt"] == "2"
    recovery()
    gate.open()
    eventually(lambda: jobs(postgres) == ["succeeded, 2"])
    assert postgres.marks() == {"called": 1}


@pytest.mark.usefixtures("web")
def test_a_worker_is_stopped_while_a_job_waits_for_an_answer(
    worker: Start, postgres: Postgres, gates: Gates, recovery: Recovery
) -> None:
    """It does not wait for the answer: the job is handed back, the attempt does not count, and nothing was written."""
    stopped = worker()
    gate = gates.new()
    put(postgres, gate)
    gate.arrival()
    stopped.send(signal.SIGTERM)
    recovery()
    assert stopped.exit_code() == 0
    recovery()
    assert jobs(postgres) == ["todo, 0"]
    gate.open()
    worker()
    eventually(lambda: jobs(postgres) == ["succeeded, 1"])
    assert postgres.marks() == {"called": 1}
