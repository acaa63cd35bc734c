"""One PostgreSQL, two gunicorns and a worker for all faults: nothing is restarted between them unless a test does it.

After every test the same must be true: nothing is held, nothing is half written, and the next request is served.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.storage.migrations import upgrade
from tests.faults.gates import Gates, serving_gates
from tests.faults.postgres import SCHEMA, SETTINGS, Postgres
from tests.faults.programs import POOL, Web, Worker
from tests.faults.remote import Remote
from tests.waiting import PATIENCE, eventually

SIDES = {"pooled": "true", "direct": "false"}
"""Side -> what USE_NEW_CONNECTION_HANDLING says for it."""

LIMITS = {
    "MEALPLANNER_LOCK_TIMEOUT_MS": "1000",
    "MEALPLANNER_POOL_SIZE": str(POOL - 1),
    "MEALPLANNER_POOL_OVERFLOW": "1",
    "MEALPLANNER_POOL_TIMEOUT": str(PATIENCE),
    "MEALPLANNER_STATEMENT_TIMEOUT_MS": "120000",
    "MEALPLANNER_IDLE_IN_TRANSACTION_TIMEOUT_MS": "180000",
}
"""Small where tests come up against them; none of the others is reached because the machine is busy."""

Settings = Callable[..., dict[str, str]]
Start = Callable[..., Web]


@pytest.fixture(scope="session")
def faulty_server() -> Iterator[EmbeddedPostgres]:
    """A server that only these tests use."""
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-faults-"))
    folder.chmod(0o755)
    with EmbeddedPostgres(folder / "postgres", settings=SETTINGS) as running:
        upgrade(running.url().render_as_string(hide_password=False))
        Postgres(running).run(SCHEMA)
        yield running
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(faulty_server: EmbeddedPostgres) -> Postgres:
    """Return the server that tests look at and harm."""
    return Postgres(faulty_server)


@pytest.fixture(scope="session")
def all_gates() -> Iterator[Gates]:
    """Return what makes gates."""
    with serving_gates() as gates:
        yield gates


@pytest.fixture
def gates(all_gates: Gates) -> Iterator[Gates]:
    """Return what makes the gates of this test; none stays closed after it."""
    yield all_gates
    all_gates.open_all()


@pytest.fixture(scope="session")
def settings(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return a function that makes the environment of a program, on one side of the flag."""
    folder = str(tmp_path_factory.mktemp("faults-data"))

    def make(side: str, **changes: str) -> dict[str, str]:
        return {
            "DATABASE_URL": postgres.url,
            "SECRET_KEY": "only for tests, and long enough",
            "MEALPLANNER_DATA_DIR": folder,
            "MEALPLANNER_LOG_LEVEL": "INFO",
            "USE_NEW_CONNECTION_HANDLING": SIDES[side],
            **LIMITS,
            **changes,
        }

    return make


@pytest.fixture(scope="session")
def both_sides(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Web]]:
    """Start a gunicorn with two workers for each side of the flag, on one database."""
    logs = tmp_path_factory.mktemp("faults-logs")
    with ExitStack() as running:
        webs = {side: running.enter_context(Web(settings(side), logs / f"{side}.log")) for side in SIDES}
        for web in webs.values():
            web.await_workers()
            assert web.visitor().get("/readyz").status == 200, web.said()
        yield webs


@pytest.fixture(scope="session")
def first_processes(both_sides: Mapping[str, Web]) -> Mapping[str, int]:
    """Return side -> the process that must still be there at the end."""
    return {side: web.pid for side, web in both_sides.items()}


@pytest.fixture(params=list(SIDES))
def side(request: pytest.FixtureRequest) -> str:
    """Return the side of the flag that a test is on."""
    return str(request.param)


@pytest.fixture
def web(side: str, both_sides: Mapping[str, Web], postgres: Postgres) -> Iterator[Web]:
    """Return the gunicorn of this side; after the test check that it still works, whatever happened to it."""
    served = both_sides[side]
    yield served
    try:
        assert_whole(served, postgres)
    except AssertionError:
        postgres.terminate()  # or every test after it would fail for the same reason
        raise
    finally:
        postgres.clean()


@pytest.fixture
def visitor(web: Web) -> Remote:
    """Return a user of it, who has opened a page already."""
    someone = web.visitor()
    someone.token()
    return someone


@pytest.fixture
def worker(side: str, settings: Settings, postgres: Postgres, tmp_path: Path) -> Iterator[Callable[[], Worker]]:
    """Return a function that starts workers on the same side of the flag; they are stopped after the test."""
    with ExitStack() as running:
        yield lambda: running.enter_context(
            Worker(settings(side, MEALPLANNER_LOCK_TIMEOUT_MS="60000"), tmp_path / f"worker-{time.monotonic_ns()}.log")
        )
    postgres.run("DELETE FROM procrastinate_jobs")


@pytest.fixture
def at_once() -> Iterator[ThreadPoolExecutor]:
    """Return threads on which visitors send their requests."""
    with ThreadPoolExecutor(32) as threads:
        yield threads


@pytest.fixture
def recovery(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Return a stopwatch: call it at the fault, and again to print the time since then."""
    return Stopwatch(request.node.name)


class Stopwatch:
    """Prints the time between two calls; nothing depends on it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._since: float | None = None

    def __call__(self) -> None:
        now = time.monotonic()
        if self._since is not None:
            print(f"{self._name}: recovered after {(now - self._since) * 1000:.0f} ms")
        self._since = now


def assert_whole(web: Web, postgres: Postgres) -> None:
    """Check that the next request is served, and that what a killed process left behind is gone soon."""
    answer = web.visitor().get("/readyz")
    assert answer.status == 200, answer.text
    eventually(lambda: web.connections_in_use() == 0)
    eventually(lambda: not postgres.held())
    assert postgres.half_written() == []
