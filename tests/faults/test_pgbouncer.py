"""The product behind PgBouncer in transaction mode: many clients share three connections."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from mealplanner.embedded_postgres.server import NAME, EmbeddedPostgres
from mealplanner.storage.migrations import ADVISORY_LOCK, upgrade
from tests.faults.conftest import SIDES, Settings, assert_whole
from tests.faults.gates import Gate, Gates
from tests.faults.pgbouncer import SERVERS, PgBouncer, program, version
from tests.faults.postgres import Postgres
from tests.faults.programs import Web, Worker
from tests.faults.queue import ready
from tests.faults.remote import Answer, Remote
from tests.waiting import eventually

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(program() is None, reason="PgBouncer is not installed (Debian: apt-get install pgbouncer)"),
]

WRITE = ["sql", "INSERT INTO marks VALUES (gen_random_uuid()::text)"]
READ = ["sql", "SELECT count(*) FROM marks"]
COUNT = "INSERT INTO marks VALUES ('tries', 1) ON CONFLICT (name) DO UPDATE SET value = marks.value + 1"

JSON = {"Accept": "application/json"}

TRACKED = {"application_name", "client_encoding", "DateStyle", "TimeZone", "standard_conforming_strings"}
"""Settings that PgBouncer itself carries from client to client."""

ROLE = {"statement_timeout": "90s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "140s"}
"""Limits of the role, told apart from those that the product asks for."""

FOLLOWS = (1, 24)
"""The version from which PgBouncer follows prepared statements without being told to."""


@pytest.fixture(scope="module")
def bouncer(faulty_server: EmbeddedPostgres, postgres: Postgres) -> Iterator[PgBouncer]:
    """Start one for all these tests; the role has the limits that the product cannot request through PgBouncer."""
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-bouncer-"))
    folder.chmod(0o755)
    for name, value in ROLE.items():
        postgres.run(f"ALTER ROLE {NAME} SET {name} = '{value}'")
    with PgBouncer(faulty_server, folder / "bouncer") as running:
        yield running
    postgres.run(f"ALTER ROLE {NAME} RESET ALL")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def behind(
    bouncer: PgBouncer, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Web]]:
    """Start a gunicorn for each side of the flag, both behind it: 32 threads for three connections."""
    logs = tmp_path_factory.mktemp("bouncer-logs")
    with ExitStack() as running:
        webs = {
            side: running.enter_context(Web(settings(side, DATABASE_URL=bouncer.url), logs / f"{side}.log"))
            for side in SIDES
        }
        for web in webs.values():
            web.await_workers()
        yield webs


@pytest.fixture
def web(behind: Mapping[str, Web], bouncer: PgBouncer, postgres: Postgres) -> Iterator[Web]:
    """Return the direct side, which is for PgBouncer; afterwards no client waits and no connection is in use."""
    served = behind["direct"]
    yield served
    try:
        assert_whole(served, postgres)
        eventually(bouncer.at_rest)
    finally:
        postgres.clean()


@pytest.fixture
def work(settings: Settings, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Start a worker with an address of its own; it is stopped after the test."""
    with ExitStack() as running:
        yield lambda **address: running.enter_context(Worker(settings("direct", **address), tmp_path / "worker.log"))


def hold_all(web: Web, gate: Gate, at_once: ThreadPoolExecutor) -> list[Callable[[], Answer]]:
    """Start requests that have every server connection, in the middle of a transaction that wrote."""
    holding = [at_once.submit(web.visitor().run, WRITE, ["call", gate.url]) for _ in range(SERVERS)]
    assert len({gate.arrival()["backend"] for _ in holding}) == SERVERS
    return [answer.result for answer in holding]


@pytest.mark.parametrize("address", ["the server's", "PgBouncer's"])
def test_a_person_gets_a_menu(visitor: Remote, bouncer: PgBouncer, work: Callable[..., Worker], address: str) -> None:
    """Sign-up, preferences, a menu. A worker behind PgBouncer gets no notifications and finds the job by polling."""
    worker = work(**({"DATABASE_URL": bouncer.url} if address == "PgBouncer's" else {}))
    visitor.register()
    wish = {**visitor.get("/preferences", **JSON).json, "calorie_goal": 2100}
    body = json.dumps(wish).encode()
    assert visitor.request("POST", "/preferences", body, {"Content-Type": "application/json", **JSON}).status == 200
    assert visitor.get("/preferences", **JSON).json == {**wish, "version": 1}
    menu = visitor.ask_for_menu()
    eventually(lambda: ready(visitor, menu))
    assert worker.alive()


def test_more_clients_than_connections(web: Web, bouncer: PgBouncer, gates: Gates, at_once: ThreadPoolExecutor) -> None:
    """A request that arrives while all connections are in a transaction waits in PgBouncer's queue, and is served."""
    gate = gates.new()
    holding = hold_all(web, gate, at_once)
    waiting = [at_once.submit(web.visitor().run, WRITE) for _ in range(8)]
    eventually(lambda: bouncer.waiting())
    gate.open()
    assert [result().status for result in holding] + [answer.result().status for answer in waiting] == [200] * 11
    assert web.visitor().run(READ).json == {"found": [11]}


def test_a_queue_that_is_too_long(web: Web, bouncer: PgBouncer, gates: Gates, at_once: ThreadPoolExecutor) -> None:
    """A request that waits longer than `query_wait_timeout` gets a 503; the others do not notice."""
    gate = gates.new()
    holding = hold_all(web, gate, at_once)
    with bouncer.changed("query_wait_timeout", "1"):
        late = web.visitor().run(WRITE)
    assert (late.status, "Retry-After" in late.headers) == (503, True), late.text
    gate.open()
    assert [result().status for result in holding] == [200] * SERVERS
    assert web.visitor().run(READ).json == {"found": [SERVERS]}


def test_errors_roll_back_and_always_writes_stand(web: Web, postgres: Postgres) -> None:
    """The next client on the connection sees nothing of what went wrong."""
    visitor = web.visitor()
    for ending in (["raise"], ["refuse"], ["sql", "SELECT 1/0"], ["swallow", "SELECT 1/0"], ["clash"]):
        assert visitor.run(["always", COUNT], WRITE, ending).status in (409, 500)
        assert visitor.run(READ).status == 200
    assert postgres.marks() == {"tries": 5}


def test_limits_are_those_of_the_role(web: Web, bouncer: PgBouncer) -> None:
    """PgBouncer does not pass on what the product requests when it connects, or refuses it."""
    visitor = web.visitor()
    found = visitor.run(*(["sql", f"SHOW {name}"] for name in ROLE)).json["found"]
    assert dict(zip(ROLE, found, strict=True)) == ROLE
    with bouncer.changed("ignore_startup_parameters", "extra_float_digits"):
        assert visitor.run(READ).status == 503
    slow = visitor.run(["sql", "SET LOCAL statement_timeout = '20ms'"], ["sql", "SELECT pg_sleep(60)"])
    assert slow.status == 503
    assert visitor.run(["sql", "SHOW statement_timeout"]).json == {"found": [ROLE["statement_timeout"]]}


def test_nothing_stays_on_a_connection(
    web: Web, bouncer: PgBouncer, at_once: ThreadPoolExecutor, work: Callable[..., Worker]
) -> None:
    """After requests of all kinds and a menu, the next client finds no setting, statement, lock or table of theirs."""
    work(DATABASE_URL=bouncer.url)
    visitor = web.visitor()
    visitor.register()
    menu = visitor.ask_for_menu()
    repeated = [["sql", f"SELECT {number} FROM marks WHERE name = 'nobody'"] for number in range(3)] * 10
    answers = [at_once.submit(web.visitor().run, *repeated, WRITE) for _ in range(24)]
    assert {answer.result().status for answer in answers} == {200}
    eventually(lambda: ready(visitor, menu))
    with bouncer.every_server() as clients:
        for client in clients:
            changed = client.execute("SELECT name FROM pg_settings WHERE source = 'session'").fetchall()
            assert {name for (name,) in changed} <= TRACKED
            assert client.execute("SELECT statement FROM pg_prepared_statements").fetchall() == []
            assert client.execute("SELECT FROM pg_class WHERE relpersistence = 't'").fetchall() == []
            mine = client.execute("SELECT locktype FROM pg_locks WHERE pid = pg_backend_pid()").fetchall()
            assert ("advisory",) not in mine


def test_migrations_leave_no_lock_behind(bouncer: PgBouncer, postgres: Postgres) -> None:
    """The server's session continues after them; a session lock would block the next ones for ever."""
    upgrade(bouncer.url.replace("postgresql:", "postgresql+psycopg:"))
    held = f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = {ADVISORY_LOCK & 0xFFFFFFFF}"
    assert postgres.run(held) == []
    eventually(bouncer.at_rest)


def test_connections_are_cut(web: Web, postgres: Postgres, gates: Gates, at_once: ThreadPoolExecutor) -> None:
    """Requests in a transaction are refused; the next one is served, with nothing restarted."""
    gate = gates.new()
    holding = hold_all(web, gate, at_once)
    postgres.terminate()
    gate.open()
    assert [result().status for result in holding] == [503] * SERVERS
    assert web.visitor().run(READ).json == {"found": [0]}


def test_postgresql_is_restarted(web: Web, postgres: Postgres) -> None:
    """503 meanwhile; PgBouncer finds it again by itself, and so does the product."""
    visitor = web.visitor()
    visitor.token()
    postgres.stop()
    assert visitor.get("/healthz").status == 200
    postgres.start()
    eventually(lambda: visitor.run(READ).status == 200)


def test_pgbouncer_is_restarted(
    web: Web, bouncer: PgBouncer, postgres: Postgres, gates: Gates, at_once: ThreadPoolExecutor
) -> None:
    """A request in a transaction is refused, and its writes are rolled back."""
    visitor = web.visitor()
    visitor.token()
    gate = gates.new()
    holding = hold_all(web, gate, at_once)
    bouncer.stop()
    assert visitor.run(READ).status == 503
    bouncer.start()
    gate.open()
    assert [result().status for result in holding] == [503] * SERVERS
    assert visitor.run(READ).status == 200
    assert postgres.marks() == {}


def test_the_pooled_side_needs_a_pgbouncer_that_follows_prepared_statements(
    behind: Mapping[str, Web], bouncer: PgBouncer, postgres: Postgres
) -> None:
    """psycopg prepares what it has sent five times, and an older PgBouncer gives the same connection to the next one,
    who prepares something of the same name."""
    web = behind["pooled"]
    statuses = []
    for process in web.workers():
        with web.only(process):
            statuses += [web.visitor().run(*[["sql", "SELECT 1"]] * 4).status for _ in range(5)]
    assert set(statuses) == ({200} if version() >= FOLLOWS else {200, 500})
    assert_whole(web, postgres)
    eventually(bouncer.at_rest)
