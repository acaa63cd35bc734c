"""A worker outlives its database: running jobs continue, waiting ones are found again, none is lost or done twice."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from sqlalchemy import Engine, NullPool, create_engine, text

from mealplanner.config import Config
from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.storage.database import Database
from mealplanner.storage.migrations import upgrade
from tests.jobs.workers import QUICK, StartWorker, Told, WorkerThread, jobs, listening, put
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.sides("pooled", "direct")


class Kitchen:
    """A task whose jobs report that they run, and wait until they may continue."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self._told: Told = SimpleQueue()
        self.task = Task(name="kitchen.boil", run=self._run)

    def hear(self) -> Any:
        """Return the next message of a job; fail when there is none in time."""
        return self._told.get(timeout=PATIENCE)

    def _run(self, context: JobContext, *, name: str) -> None:
        self._told.put((name, context.attempt))
        assert self.go_on.wait(PATIENCE)
        context.check()
        self._told.put(f"{name} is done")


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


@pytest.fixture(scope="module")
def own_server() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL that tests may stop with `release` and start with `acquire`, with a migrated database."""
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-outages-"))
    folder.chmod(0o755)
    with EmbeddedPostgres(folder / "postgres", settings={"fsync": "off"}) as running:
        upgrade(running.url().render_as_string(hide_password=False))
        yield running
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def own_config(own_server: EmbeddedPostgres, base_config: Config) -> Config:
    """The configuration for the test's own server."""
    return replace(base_config, database_url=own_server.url().render_as_string(hide_password=False))


@pytest.fixture
def own_database(own_config: Config) -> Iterator[Database]:
    """The database on that server."""
    opened = Database(own_config)
    yield opened
    opened.dispose()
    with opened.direct.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_jobs"))


@pytest.fixture
def own_engine(own_server: EmbeddedPostgres) -> Engine:
    """An engine of the test's own for that database."""
    return create_engine(own_server.url(), poolclass=NullPool)


def test_a_worker_outlives_the_loss_of_all_its_connections(
    worker: StartWorker, database: Database, engine: Engine, admin: Engine, kitchen: Kitchen
) -> None:
    """The running job continues, and others start meanwhile."""
    kill = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name LIKE 'mealplanner%'"
    with worker(kitchen.task):
        put(database, kitchen.task, name="soup")
        assert kitchen.hear() == ("soup", 1)
        with admin.connect() as connection:
            assert connection.execute(text(kill)).all()
        database.pooled.dispose()
        put(database, kitchen.task, name="rice")
        assert kitchen.hear() == ("rice", 1)
        kitchen.go_on.set()
        assert {kitchen.hear(), kitchen.hear()} == {"soup is done", "rice is done"}
        eventually(lambda: listening(admin))
    assert jobs(engine, "status, attempts") == [("succeeded", 1), ("succeeded", 1)]


@pytest.mark.process
def test_a_worker_outlives_a_restart_of_postgresql(
    own_server: EmbeddedPostgres, own_config: Config, own_database: Database, own_engine: Engine, kitchen: Kitchen
) -> None:
    """A job that ends while there is no database is marked as soon as there is one again."""
    with WorkerThread(own_config, [kitchen.task], QUICK, {kitchen.task.queue: 2}):
        put(own_database, kitchen.task, name="soup")
        assert kitchen.hear() == ("soup", 1)
        own_database.dispose()
        own_server.release()
        kitchen.go_on.set()
        assert kitchen.hear() == "soup is done"
        own_server.acquire()
        put(own_database, kitchen.task, name="rice")
        assert [kitchen.hear(), kitchen.hear()] == [("rice", 1), "rice is done"]
    assert jobs(own_engine, "status, attempts") == [("succeeded", 1), ("succeeded", 1)]


@pytest.mark.process
def test_a_worker_may_start_before_its_database(
    own_server: EmbeddedPostgres,
    own_config: Config,
    own_database: Database,
    kitchen: Kitchen,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It says that it waits, and is ready once the database is."""
    kitchen.go_on.set()
    own_server.release()
    waiting = WorkerThread(own_config, [kitchen.task], QUICK, {kitchen.task.queue: 1})
    waiting.start()
    try:
        eventually(lambda: "the database does not answer" in caplog.text)
        assert not waiting.ready.is_set()
    finally:
        own_server.acquire()
    assert waiting.ready.wait(PATIENCE)
    put(own_database, kitchen.task, name="soup")
    assert [kitchen.hear(), kitchen.hear()] == [("soup", 1), "soup is done"]
    waiting.stop()
    waiting.join()


@pytest.mark.process
def test_a_worker_can_stop_without_a_database(
    own_server: EmbeddedPostgres, own_config: Config, own_database: Database, own_engine: Engine, kitchen: Kitchen
) -> None:
    """The next worker takes over the job whose end it could not record."""
    with WorkerThread(own_config, [kitchen.task], replace(QUICK, grace=0.0, patience=0.0), {kitchen.task.queue: 1}):
        put(own_database, kitchen.task, name="soup")
        assert kitchen.hear() == ("soup", 1)
        own_database.dispose()
        own_server.release()
    own_server.acquire()
    assert jobs(own_engine, "status, attempts") == [("doing", 0)]
    with WorkerThread(own_config, [kitchen.task], replace(QUICK, stalled_after=0.5), {kitchen.task.queue: 1}):
        assert kitchen.hear() == ("soup", 2)
        kitchen.go_on.set()  # for the thread that was left behind, too: it ends without a word
        assert kitchen.hear() == "soup is done"
    assert jobs(own_engine, "status, attempts") == [("succeeded", 2)]


def test_a_job_is_not_lost_with_the_answer_that_assigned_it(
    worker: StartWorker, database: Database, engine: Engine, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection broke after the database had assigned the job to this worker."""
    fetch_job = JobManager.fetch_job
    lost: list[Job] = []

    async def lose_the_first(manager: JobManager, queues: Any, worker_id: int) -> Job | None:
        job = await fetch_job(manager, queues, worker_id)
        if job is not None and not lost:
            lost.append(job)
            raise ConnectorException from psycopg.OperationalError("server closed the connection unexpectedly")
        return job

    monkeypatch.setattr(JobManager, "fetch_job", lose_the_first)
    kitchen.go_on.set()
    with worker(kitchen.task):
        put(database, kitchen.task, name="soup")
        assert [kitchen.hear(), kitchen.hear()] == [("soup", 1), "soup is done"]
    assert len(lost) == 1
    assert jobs(engine) == [("succeeded",)]


def test_a_worker_that_was_forgotten_comes_back_as_a_new_one(
    worker: StartWorker, database: Database, engine: Engine, kitchen: Kitchen
) -> None:
    """As after a night of suspension: others have removed it, and its old id may take no job."""
    kitchen.go_on.set()
    with worker(kitchen.task):
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM procrastinate_workers"))
        put(database, kitchen.task, name="soup")
        assert [kitchen.hear(), kitchen.hear()] == [("soup", 1), "soup is done"]
    assert jobs(engine) == [("succeeded",)]
