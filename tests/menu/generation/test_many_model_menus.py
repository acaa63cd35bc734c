"""Menus with dishes from a model: many at once, and while a worker is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mealplanner.config import Config
from mealplanner.config.model_server import ModelServer
from mealplanner.db.testing import checked_out
from mealplanner.jobs.queue import enqueue
from mealplanner.jobs.tasks import JobContext
from mealplanner.menu.generation.job import GENERATE, generate
from mealplanner.planner import weeks
from mealplanner.planner.search import Effort
from mealplanner.storage.database import Database
from tests.factories import MenuFactory, use_session
from tests.fake_model import content
from tests.fake_model.server import Asked, FakeModel
from tests.installation import child_environment
from tests.waiting import PATIENCE, eventually

MENUS = 100


@pytest.fixture
def fake() -> Iterator[FakeModel]:
    """Run a model that answers well."""
    with FakeModel(answer=content.answer) as server:
        yield server


def wanted(database: Database, number: int) -> list[str]:
    """Store menus of one day, each for another person."""

    def store(session: Session) -> list[str]:
        with use_session(session):
            return [str(menu.id) for menu in MenuFactory.create_batch(number, days=1)]

    return database.run(store)


def purposes(asked: list[Asked]) -> list[str]:
    """Return what a model was asked for: `ideas`, or the title of a dish."""
    documents = (content.document(request.body) for request in asked)
    return ["ideas" if "wanted" in found else found["dish"]["title"] for found in documents]


def test_a_hundred_menus_share_two_connections(
    config: Config,
    database: Database,
    fake: FakeModel,
    rows: Callable[..., list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While all of them wait for the model nothing is open, and when it answers every one is finished."""
    monkeypatch.setattr(weeks, "_EFFORT", Effort(rounds=2))
    server = ModelServer(base_url=fake.url, model="any", deadline=PATIENCE, in_flight=2 * MENUS, dishes_per_menu=1)
    narrow = Database(
        Config(database_url=config.database_url, pool_size=2, pool_overflow=0, pool_timeout=PATIENCE, model=server)
    )
    context = JobContext(database=narrow, config=Config(model=server))
    answers = threading.Event()
    fake.during = lambda _asked: answers.wait(PATIENCE)
    threads = [
        threading.Thread(target=generate, args=(context,), kwargs={"menu_id": menu_id})
        for menu_id in wanted(database, MENUS)
    ]
    for thread in threads:
        thread.start()
    fake.wait_for(MENUS)
    assert checked_out(narrow.pooled) == 0
    idle = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mealplanner' AND state LIKE 'idle in%'"
    assert rows(idle) == [(0,)]
    answers.set()
    for thread in threads:
        thread.join()
    assert rows("SELECT status, count(*) FROM menus GROUP BY status") == [("ready", MENUS)]
    assert rows("SELECT count(*) FROM proposals WHERE recipe_id IS NULL") == [(0,)]
    assert len(fake.requests) == 2 * MENUS
    narrow.dispose()


@pytest.mark.process
def test_a_killed_worker_has_paid_for_nothing_twice(
    config: Config, database: Database, fake: FakeModel, rows: Callable[..., list[Any]]
) -> None:
    """After `kill -9` another worker asks for the dish that was being written and those after it, and no other."""
    environment = child_environment(
        DATABASE_URL=config.database_url or "",
        MEALPLANNER_DATA_DIR=str(config.data_dir),
        SECRET_KEY="only for tests, and long enough",
        OPENAI_BASE_URL=fake.url,
        OPENAI_MODEL="any",
        MEALPLANNER_MODEL_PARALLEL="1",
        MEALPLANNER_MODEL_DISHES="4",
    )
    killed, third = threading.Event(), 1 + 3

    def hold(_asked: Asked) -> None:
        if len(fake.requests) == third:
            killed.wait(PATIENCE)

    fake.during = hold
    [menu_id] = wanted(database, 1)
    database.run(lambda session: enqueue(session, GENERATE, menu_id=menu_id))
    with subprocess.Popen([sys.executable, "-m", "mealplanner", "worker"], env=environment) as victim:
        fake.wait_for(third)
        victim.send_signal(signal.SIGKILL)
    killed.set()
    before = purposes(fake.requests)
    assert rows("SELECT count(recipe_id) FROM proposals") == [(2,)]
    with subprocess.Popen([sys.executable, "-m", "mealplanner", "worker"], env=environment) as second:
        eventually(lambda: rows("SELECT 1 FROM menus WHERE status = 'ready'"), "another worker to finish")
        second.terminate()
    assert purposes(fake.requests)[third:] == [title for (title,) in rows(TITLES)][2:]
    assert before[0] == "ideas"
    assert rows("SELECT outcome, count(*) FROM model_calls GROUP BY outcome ORDER BY outcome") == [
        ("abandoned", 1),
        ("ok", 5),
    ]
    assert rows("SELECT count(*) FROM budgets WHERE reserved <> 0") == [(0,)]


TITLES = "SELECT title FROM proposals ORDER BY position"
