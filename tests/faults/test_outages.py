"""The database is unavailable, in whole or in part, during requests: 503 meanwhile, no restart afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from mealplanner.errors import OutcomeUnknown
from tests.faults.conftest import Settings, assert_whole
from tests.faults.gates import Gate, Gates
from tests.faults.postgres import CONNECTIONS, OURS, Postgres
from tests.faults.programs import POOL, THREADS, WORKERS, Web
from tests.faults.remote import Answer, Remote
from tests.waiting import eventually

pytestmark = pytest.mark.process

WRITE = ["sql", "INSERT INTO marks VALUES ('written')"]
READ = ["sql", "SELECT count(*) FROM marks"]
PATIENT = ["sql", "SET LOCAL lock_timeout = 0"]
LOCK = ["sql", "SELECT FROM marks WHERE name = 'wanted' FOR UPDATE"]

Recovery = Callable[[], None]


class UnderWay:
    """Three requests in progress: between two statements, inside one, and with nothing open."""

    def __init__(self, web: Web, gates: Gates, at_once: ThreadPoolExecutor) -> None:
        self.gate: Gate = gates.new()
        call = ["call", self.gate.url]
        self.between = at_once.submit(web.visitor().run, WRITE, call, READ)
        self.backend = self.gate.arrival()["backend"]
        self.nothing_open = at_once.submit(web.visitor().run, READ, ["release"], call, ["sql", "SELECT 1"])
        assert self.gate.arrival()["backend"] == "0"
        before = gates.new()
        self.inside = at_once.submit(web.visitor().run, ["sql", "SELECT 1"], ["call", before.url], PATIENT, LOCK)
        self.locking = before.arrival()["backend"]
        before.open()


@pytest.fixture
def under_way(web: Web, postgres: Postgres, gates: Gates, at_once: ThreadPoolExecutor) -> Iterator[UnderWay]:
    """Start requests that are in progress when the database goes away."""
    postgres.run("INSERT INTO marks VALUES ('wanted')")
    with suppress(psycopg.OperationalError), postgres.locked("SELECT FROM marks FOR UPDATE"):
        requests = UnderWay(web, gates, at_once)
        eventually(lambda: postgres.waiting(requests.locking))
        yield requests


def refused(answer: Future[Answer]) -> None:
    """Check that it is a 503 that says when to come back."""
    response = answer.result()
    assert (response.status, "Retry-After" in response.headers) == (503, True), response.text


def test_every_connection_is_cut(visitor: Remote, postgres: Postgres, under_way: UnderWay, recovery: Recovery) -> None:
    """Requests in a transaction are refused; the one without does not notice."""
    postgres.terminate()
    recovery()
    refused(under_way.inside)
    assert visitor.run(READ).status == 200
    recovery()
    under_way.gate.open()
    refused(under_way.between)
    assert under_way.nothing_open.result().status == 200
    assert postgres.marks() == {"wanted": 0}


def test_postgresql_is_restarted(
    web: Web, visitor: Remote, postgres: Postgres, under_way: UnderWay, recovery: Recovery
) -> None:
    """Meanwhile pages say so and the process counts as alive; afterwards nothing else is needed."""
    postgres.stop()
    recovery()
    refused(under_way.inside)
    away = visitor.run(READ)
    assert (away.status, away.headers["Retry-After"]) == (503, "5")
    assert visitor.get("/healthz").status == 200
    assert visitor.get("/readyz").status == 503
    under_way.gate.open()
    refused(under_way.between)
    refused(under_way.nothing_open)
    assert web.connections_in_use() == 0
    postgres.start()
    assert visitor.run(READ).status == 200
    recovery()
    assert postgres.marks() == {"wanted": 0}


def test_postgresql_crashes(visitor: Remote, postgres: Postgres, under_way: UnderWay, recovery: Recovery) -> None:
    """It ends every connection and refuses new ones until it has recovered."""
    postgres.crash()
    recovery()
    refused(under_way.inside)
    under_way.gate.open()
    refused(under_way.between)
    assert under_way.nothing_open.result().status in (200, 503)
    eventually(lambda: visitor.run(READ).status == 200)
    recovery()
    assert postgres.marks() == {"wanted": 0}


def test_the_connection_is_cut_before_the_commit_is_done(visitor: Remote, postgres: Postgres) -> None:
    """The outcome is unknown, and the person is asked to look."""
    answer = visitor.run(["sql", "INSERT INTO marks VALUES ('late cut')"])
    assert (answer.status, OutcomeUnknown.message in answer.text) == (503, True)
    assert postgres.marks() == {}
    assert visitor.run(READ).status == 200


def test_the_connection_is_cut_after_the_commit_is_done(
    visitor: Remote, postgres: Postgres, at_once: ThreadPoolExecutor
) -> None:
    """The answer is the same, but the change is stored: the commit was waiting for a standby when it was cut."""
    with waiting_for_a_standby(postgres):
        answer = at_once.submit(visitor.run, WRITE)
        eventually(lambda: postgres.run(f"{OURS} AND wait_event = 'SyncRep'"))
        postgres.terminate()
        response = answer.result()
    assert (response.status, OutcomeUnknown.message in response.text) == (503, True)
    assert postgres.marks() == {"written": 0}
    assert visitor.run(READ).status == 200


@contextmanager
def waiting_for_a_standby(postgres: Postgres) -> Iterator[None]:
    """Make every commit wait for the answer of a standby that does not exist."""
    postgres.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    postgres.run("SELECT pg_reload_conf()")
    eventually(lambda: postgres.run("SHOW synchronous_standby_names") == ["nobody"])
    try:
        yield
    finally:
        postgres.run("ALTER SYSTEM RESET synchronous_standby_names")
        postgres.run("SELECT pg_reload_conf()")


@contextmanager
def every_slot_taken(postgres: Postgres) -> Iterator[None]:
    """Leave no connection free, not even for a superuser; one that is just ending does not count."""
    with ExitStack() as taken:
        look = taken.enter_context(postgres.connect())
        count = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"

        def take() -> bool:
            with suppress(psycopg.OperationalError):
                while True:
                    taken.enter_context(postgres.connect())
            return bool(look.execute(count).fetchall() == [(CONNECTIONS,)])

        eventually(take)
        yield


def test_postgresql_takes_no_more_connections(
    web: Web, postgres: Postgres, side: str, gates: Gates, at_once: ThreadPoolExecutor, recovery: Recovery
) -> None:
    """Requests that find a connection in the pool are served; others are refused for as long as that lasts."""
    postgres.terminate()
    (_, process) = web.visitor().run(READ, ["tell"]).json["found"]
    gate = gates.new()
    with web.only(process), every_slot_taken(postgres):
        first = at_once.submit(web.visitor().run, READ, ["call", gate.url])
        if side == "pooled":
            gate.arrival()
        else:
            refused(first)
        refused(at_once.submit(web.visitor().run, READ))
        gate.open()
        assert first.result().status == (200 if side == "pooled" else 503)
    recovery()
    assert web.visitor().run(READ).status == 200
    recovery()


@pytest.fixture
def impatient(settings: Settings, side: str, postgres: Postgres, tmp_path: Path) -> Iterator[Web]:
    """Start a server that waits half a second for a connection."""
    with Web(settings(side, MEALPLANNER_POOL_TIMEOUT="0.5"), tmp_path / "web.log") as web:
        web.await_workers()
        assert web.visitor().get("/readyz").status == 200, web.said()
        yield web
        assert_whole(web, postgres)


def test_the_pool_is_exhausted(
    impatient: Web, side: str, gates: Gates, at_once: ThreadPoolExecutor, recovery: Recovery
) -> None:
    """Requests beyond the pool are refused after a short wait; the direct side has no pool, and serves them all."""
    gate, web = gates.new(), impatient
    before = web.figure("mealplanner_db_pool_exhausted_total")
    # As many as one process has threads: all of them may have come to the same one.
    slow = [at_once.submit(web.visitor().run, READ, ["call", gate.url]) for _ in range(THREADS)]
    if side == "direct":
        for _ in slow:
            gate.arrival()
    else:
        eventually(lambda: sum(answer.done() for answer in slow) >= THREADS - WORKERS * POOL)
        for answer in slow:
            if answer.done():
                refused(answer)
        assert web.figure("mealplanner_db_pool_exhausted_total") >= before + THREADS - WORKERS * POOL
    recovery()
    gate.open()
    served = [answer.result().status for answer in slow].count(200)
    assert served == THREADS if side == "direct" else POOL <= served <= WORKERS * POOL
    assert web.visitor().run(READ).status == 200
    recovery()
