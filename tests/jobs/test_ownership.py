"""Which attempt a job belongs to, and what that relies on beyond the public interface of the queue's library.

When one of the tests of the library fails after an update: read what changed, adapt `mealplanner/jobs/ownership.py` and
`store.py`, and only then the expectation here and the pin in setup.cfg.
"""

from __future__ import annotations

import asyncio
import hashlib
import inspect
from importlib.metadata import version

import pytest
from procrastinate import sql
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from sqlalchemy import Engine, text

from mealplanner.config import Config
from mealplanner.jobs.ownership import owns
from mealplanner.jobs.queue import enqueue
from mealplanner.jobs.store import Store
from mealplanner.storage.database import Database
from tests.jobs.stores import TASK, die, fetch, play

FUNCTIONS = {
    "procrastinate_finish_job_v1": "bd85d37335691b7c",
    "procrastinate_retry_job_v2": "fdb6442a16585c5e",
    "procrastinate_fetch_job_v2": "91ad15acf5b3d7f1",
}
"""Function of the library's schema -> the digest of its source."""

SIGNATURES = {
    "fetch_job": ["self", "queues", "worker_id"],
    "finish_job": ["self", "job", "status", "delete_job"],
    "list_jobs_to_abort_async": ["self", "queue"],
    "listen_for_jobs": ["self", "on_notification", "queues"],
    "register_worker": ["self"],
    "retry_job": ["self", "job", "retry_at", "priority", "queue", "lock"],
    "unregister_worker": ["self", "worker_id"],
}
"""Method of the library's manager that `Store` overrides -> its parameters."""


def test_the_library_is_of_the_minor_version_that_was_read() -> None:
    assert version("procrastinate").split(".")[:2] == ["3", "10"]


def test_the_library_still_calls_the_functions_that_we_call() -> None:
    assert sql.queries["finish_job"] == "SELECT procrastinate_finish_job_v1(%(job_id)s, %(status)s, %(delete_job)s);"
    again = "%(job_id)s, %(retry_at)s, %(new_priority)s, %(new_queue_name)s, %(new_lock)s"
    assert sql.queries["retry_job"] == f"SELECT procrastinate_retry_job_v2({again});"
    assert "FROM procrastinate_fetch_job_v2(" in sql.queries["fetch_job"]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_functions_that_count_attempts_are_those_that_were_read(engine: Engine, name: str) -> None:
    with engine.connect() as connection:
        source = connection.scalar(text("SELECT prosrc FROM pg_proc WHERE proname = :name"), {"name": name})
    assert hashlib.sha256(" ".join(source.split()).encode()).hexdigest()[:16] == FUNCTIONS[name]


def test_the_columns_that_say_whose_a_job_is_are_those_that_were_read(engine: Engine) -> None:
    query = """
        SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
        WHERE attrelid = 'procrastinate_jobs'::regclass AND attname IN ('id', 'status', 'attempts', 'worker_id')
    """
    with engine.connect() as connection:
        columns = dict(connection.execute(text(query)).all())
    assert columns == {
        "id": "bigint",
        "status": "procrastinate_job_status",
        "attempts": "integer",
        "worker_id": "bigint",
    }


@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_what_is_overridden_has_the_parameters_that_were_read(name: str) -> None:
    assert list(inspect.signature(getattr(JobManager, name)).parameters) == SIGNATURES[name]
    assert list(inspect.signature(getattr(Store, name)).parameters) == SIGNATURES[name]


def test_every_override_of_the_library_is_listed() -> None:
    overridden = {name for name in vars(Store) if not name.startswith("_") and hasattr(JobManager, name)}
    assert overridden == set(SIGNATURES)


def test_an_attempt_is_current_until_another_worker_has_the_job(config: Config, database: Database) -> None:
    database.run(lambda session: enqueue(session, TASK))

    async def scene(one: Store, other: Store) -> None:
        def current(job: Job) -> bool:
            return database.run(lambda session: owns(session, job))

        former = await fetch(one)
        assert await asyncio.to_thread(current, former)
        await die(one)
        await other.take_over()
        assert not await asyncio.to_thread(current, former)
        present = await fetch(other)
        assert not await asyncio.to_thread(current, former)
        assert await asyncio.to_thread(current, present)

    play(config, scene)


def test_an_attempt_that_was_handed_back_is_not_current(config: Config, database: Database) -> None:
    """The next attempt has the same number, but another worker."""
    database.run(lambda session: enqueue(session, TASK))

    async def scene(one: Store, other: Store) -> None:
        former = await fetch(one)
        await one.retry_job(former)
        await fetch(other)
        assert not await asyncio.to_thread(database.run, lambda session: owns(session, former))

    play(config, scene)
