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
from tests.waiting import eventually

SIDES = {"pooled": "true", "direct": "false"}
"""Side -> what USE_NEW_CONNECTION_HANDLING says for it."""

LIMITS = {
    "MEALPLANNER_LOCK_TIMEOUT_MS": "1000",
    "MEALPLANNER_POOL_SIZE": str(POOL - 1),
    "MEALPLANNER_POOL_OVERFLOW": "1",
    "MEALPLANNER_POOL_TIMEOUT": "0.5",
}
"""Small, so that tests come up against them."""

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
    """The server as tests harm it and look at it."""
    return Postgres(faulty_server)


@pytest.fixture(scope="session")
def all_gates() -> Iterator[Gates]:
    """Where gates come from."""
    with serving_gates() as gates:
        yield gates


@pytest.fixture
def gates(all_gates: Gates) -> Iterator[Gates]:
    """Where the gates of this test come from; none stays closed after it."""
    yield all_gates
    all_gates.open_all()


@pytest.fixture(scope="session")
def settings(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Makes the environment of a program, on one side of the flag."""
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
    """A gunicorn with two workers on either side of the flag, against one database."""
    logs = tmp_path_factory.mktemp("faults-logs")
    with ExitStack() as running:
        webs = {side: running.enter_context(Web(settings(side), logs / f"{side}.log")) for side in SIDES}
        for web in webs.values():
            web.await_workers()
            assert web.visitor().get("/readyz").status == 200, web.said()
        yield webs


@pytest.fixture(scope="session")
def first_processes(both_sides: Mapping[str, Web]) -> Mapping[str, int]:
    """Side -> the process that must still be there at the very end."""
    return {side: web.pid for side, web in both_sides.items()}


@pytest.fixture(params=list(SIDES))
def side(request: pytest.FixtureRequest) -> str:
    """The side of the flag that a test is on."""
    return str(request.param)


@pytest.fixture
def web(side: str, both_sides: Mapping[str, Web], postgres: Postgres) -> Iterator[Web]:
    """The gunicorn of this side; after the test it must be whole, whatever happened to it."""
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
    """Somebody who uses it, and has opened a page already."""
    someone = web.visitor()
    someone.token()
    return someone


@pytest.fixture
def worker(side: str, settings: Settings, postgres: Postgres, tmp_path: Path) -> Iterator[Callable[[], Worker]]:
    """Starts workers, on the same side of the flag; they are gone when the test ends."""
    with ExitStack() as running:
        yield lambda: running.enter_context(
            Worker(settings(side, MEALPLANNER_LOCK_TIMEOUT_MS="20000"), tmp_path / f"worker-{time.monotonic_ns()}.log")
        )
    postgres.run("DELETE FROM procrastinate_jobs")


@pytest.fixture
def at_once() -> Iterator[ThreadPoolExecutor]:
    """Threads on which visitors send their requests."""
    with ThreadPoolExecutor(32) as threads:
        yield threads


@pytest.fixture
def recovery(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Call it at the fault; `recovery()` again prints how long it took until then."""
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
    """Serves the next request at once; what a killed process left behind is gone soon, and nothing else ever was."""
    answer = web.visitor().get("/readyz")
    assert answer.status == 200, answer.text
    eventually(lambda: web.connections_in_use() == 0)
    eventually(lambda: not postgres.held())
    assert postgres.half_written() == []
