"""A worker that is killed while it generates a menu."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from mealplanner.config import Config
from mealplanner.jobs.queue import enqueue
from mealplanner.menu.generation.job import GENERATE
from mealplanner.storage.database import Database
from tests.installation import child_environment
from tests.menu.generation.claiming import Wanted
from tests.waiting import eventually

pytestmark = pytest.mark.process

GATE = """
    CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NEW; END $$;
    CREATE TRIGGER gate BEFORE UPDATE ON menus FOR EACH ROW WHEN (NEW.step > OLD.step)
        EXECUTE FUNCTION wait_at_gate();
"""
WAITING = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"

Rows = Callable[..., list[Any]]
Halted = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def start(config: Config, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start workers, each a process of its own; all are gone when the test ends."""
    environment = child_environment(
        DATABASE_URL=config.database_url or "",
        MEALPLANNER_DATA_DIR=str(tmp_path),
        MEALPLANNER_LOCK_TIMEOUT_MS=str(config.lock_timeout_ms),
        MEALPLANNER_STATEMENT_TIMEOUT_MS=str(config.statement_timeout_ms),
    )
    with ExitStack() as started:

        def begin() -> subprocess.Popen[bytes]:
            worker = subprocess.Popen([sys.executable, "-m", "mealplanner", "worker"], env=environment)
            started.enter_context(worker)
            started.callback(worker.terminate)
            return worker

        yield begin


@pytest.fixture
def halted(engine: Engine) -> Iterator[Halted]:
    """Within `halted()`, a worker that reports its progress waits in that statement."""

    @contextmanager
    def hold() -> Iterator[None]:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(1)"))
            yield

    with engine.begin() as connection:
        connection.execute(text(GATE))
    yield hold
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER gate ON menus; DROP FUNCTION wait_at_gate"))


def test_the_menu_of_a_killed_worker_is_finished_once_by_another(
    database: Database, rows: Rows, wanted: Wanted, start: Callable[[], subprocess.Popen[bytes]], halted: Halted
) -> None:
    """`kill -9` in the middle of the work: nothing is lost and nothing doubled."""
    menu_id = wanted(days=7)
    victim = start()
    with halted():
        database.run(lambda session: enqueue(session, GENERATE, menu_id=menu_id))
        eventually(lambda: rows(WAITING), "a report of progress")
        victim.kill()
        assert victim.wait() == -signal.SIGKILL
    ((status, token),) = rows("SELECT status, token FROM menus")
    assert status == "running"
    start()
    eventually(lambda: rows("SELECT 1 FROM menus WHERE status = 'ready'"), "another worker to finish")
    assert rows("SELECT count(*), count(DISTINCT (day, position)) FROM meals") == [(7 * 4, 7 * 4)]
    assert rows("SELECT token FROM menus") != [(token,)]
