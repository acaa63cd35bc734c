"""The database goes away in the middle of jobs: the same worker does each, once, and a menu is whole or empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg
import pytest

from tests.faults.conftest import SIDES, Settings
from tests.faults.gates import Gates
from tests.faults.postgres import Postgres
from tests.faults.programs import Web, Worker
from tests.faults.queue import STORING, jobs, put, ready
from tests.faults.remote import Remote
from tests.waiting import eventually

pytestmark = pytest.mark.process

Recovery = Callable[[], None]
HURTS = ["terminate", "restart", "crash"]


@pytest.fixture(params=list(SIDES), scope="module")
def side(request: pytest.FixtureRequest) -> str:
    """Return the side of the flag; all tests of one run before those of the other."""
    return str(request.param)


@pytest.fixture(scope="module", autouse=True)
def steady(side: str, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """Return one worker for all these tests, which survives them."""
    patient = settings(side, MEALPLANNER_LOCK_TIMEOUT_MS="60000")
    with Worker(patient, tmp_path_factory.mktemp("faults-worker") / f"{side}.log") as worker:
        yield worker


@pytest.mark.parametrize("hurt", HURTS)
def test_while_a_menu_is_stored(
    visitor: Remote, steady: Worker, postgres: Postgres, recovery: Recovery, hurt: str
) -> None:
    """The job is tried again and stores one set of meals; until then the person sees an unfinished menu."""
    visitor.register()
    with suppress(psycopg.OperationalError), postgres.locked(STORING):
        menu = visitor.ask_for_menu()
        eventually(postgres.storing_meals)
        assert visitor.menu_status(menu) == "running"
        getattr(postgres, hurt)()
        recovery()
    eventually(lambda: visitor.get("/readyz").status == 200)
    eventually(lambda: ready(visitor, menu))
    recovery()
    assert steady.alive()


@pytest.mark.parametrize("hurt", HURTS)
def test_while_a_job_waits_for_an_answer(
    web: Web, postgres: Postgres, gates: Gates, recovery: Recovery, hurt: str
) -> None:
    """The job has nothing open, does not notice, and needs no second attempt."""
    gate = gates.new()
    put(postgres, gate)
    assert gate.arrival()["attempt"] == "1"
    getattr(postgres, hurt)()
    recovery()
    eventually(lambda: web.visitor().get("/readyz").status == 200)
    recovery()
    gate.open()
    eventually(lambda: jobs(postgres) == ["succeeded, 1"])
    assert postgres.marks() == {"called": 1}


def test_a_menu_is_deleted_while_it_is_stored(visitor: Remote, postgres: Postgres) -> None:
    """The deletion waits for the row at most as long as the lock timeout; then the person is told to try again."""
    visitor.register()
    with postgres.locked(STORING):
        menu = visitor.ask_for_menu()
        eventually(postgres.storing_meals)
        assert visitor.post(f"{menu}/delete").status == 503
    eventually(lambda: ready(visitor, menu))
    assert visitor.post(f"{menu}/delete").status == 303
    assert visitor.get(menu).status == 404
