"""A slow call holds nothing: every job and request may wait for an answer at once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from mealplanner.config import Config
from mealplanner.db.testing import checked_out
from mealplanner.jobs.attempts import make_attempt
from mealplanner.jobs.tasks import JobContext
from mealplanner.storage.database import Database
from tests.faults.conftest import Settings, assert_whole
from tests.faults.gates import Gates
from tests.faults.postgres import Postgres
from tests.faults.programs import THREADS, Web, Worker
from tests.faults.queue import jobs, put
from tests.faults.worker import PROBE
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.process

JOBS = 100
POOL = 2
READ = ["sql", "SELECT count(*) FROM marks"]


def test_a_hundred_jobs_wait_for_answers(
    both_sides: Mapping[str, Web], side: str, settings: Settings, postgres: Postgres, gates: Gates, tmp_path: Path
) -> None:
    """No connection is out, no transaction is open, pages are served; and when the answers come, all are done."""
    sparing = settings(side, MEALPLANNER_POOL_SIZE=str(POOL))
    strangers = set(postgres.backends())
    gate = gates.new()
    for _ in range(JOBS):
        put(postgres, gate)
    with Worker(sparing, tmp_path / "worker.log", concurrency=JOBS) as worker:
        for _ in range(JOBS):
            assert gate.arrival()["attempt"] == "1"
        eventually(lambda: not postgres.held())
        assert connections_in_use(worker) == 0
        assert len(set(postgres.backends()) - strangers) <= (POOL if side == "pooled" else 0)
        for web in both_sides.values():
            assert web.visitor().run(READ).status == 200
        gate.open()
        eventually(lambda: set(jobs(postgres)) == {"succeeded, 1"})
        assert connections_in_use(worker) == 0
    assert postgres.marks() == {"called": JOBS}
    for web in both_sides.values():
        assert_whole(web, postgres)
    postgres.clean()


def connections_in_use(worker: Worker) -> float:
    """Return the worker's own figure."""
    address = next(line for line in worker.said().splitlines() if line.startswith("http"))
    with build_opener(ProxyHandler({})).open(address) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("mealplanner_db_connections_in_use{"))


def test_a_hundred_jobs_share_two_connections(postgres: Postgres, gates: Gates) -> None:
    """The pool may be as small as that, with no connection opened beyond it."""
    database = Database(Config(database_url=postgres.url, pool_size=POOL, pool_overflow=0, pool_timeout=PATIENCE))
    gate = gates.new()
    arguments = {"gate": gate.url, "name": "called"}
    threads = [
        threading.Thread(target=make_attempt, args=(PROBE, JobContext(database=database), "faults", arguments))
        for _ in range(JOBS)
    ]
    for thread in threads:
        thread.start()
    for _ in threads:
        gate.arrival()
    assert checked_out(database.pooled) == 0
    assert postgres.held() == []
    gate.open()
    for thread in threads:
        thread.join()
    assert postgres.marks() == {"called": JOBS}
    database.dispose()
    postgres.clean()


def test_requests_wait_for_answers(web: Web, postgres: Postgres, gates: Gates, at_once: ThreadPoolExecutor) -> None:
    """More than the pool has connections; others are served meanwhile, and each continues in a new transaction."""
    (process,) = web.visitor().run(["tell"]).json["found"]
    gate = gates.new()
    steps = (READ, ["release"], ["call", gate.url], ["sql", "INSERT INTO marks VALUES (gen_random_uuid()::text)"])
    with web.only(process):
        waiting = [at_once.submit(web.visitor().run, *steps) for _ in range(THREADS - 1)]
        for _ in waiting:
            assert gate.arrival()["backend"] == "0"
        assert postgres.held() == []
        assert web.connections_in_use() == 0
        assert web.visitor().run(READ).json == {"found": [0]}
        gate.open()
        assert [answer.result().status for answer in waiting] == [200] * (THREADS - 1)
    assert len(postgres.marks()) == THREADS - 1


def test_release_refuses_to_lose_a_write(web: Web, postgres: Postgres, gates: Gates) -> None:
    """A view that writes before it calls is a mistake, and gets the error before the call."""
    gate = gates.new()
    answer = web.visitor().run(["sql", "INSERT INTO marks VALUES ('lost')"], ["release"], ["call", gate.url])
    assert answer.status == 500
    assert postgres.marks() == {}
