"""Only the worker that an attempt belongs to decides what becomes of a job."""

from __future__ import annotations

import asyncio

import pytest
from procrastinate.jobs import Status
from sqlalchemy import Engine

from mealplanner.config import Config
from mealplanner.jobs.queue import cancel, enqueue
from mealplanner.jobs.store import Store
from mealplanner.storage.database import Database
from tests.jobs.stores import TASK, die, fetch, play
from tests.jobs.workers import QUICK, jobs


@pytest.fixture
def number(database: Database) -> int:
    """The id of a job that waits."""
    return database.run(lambda session: enqueue(session, TASK))


@pytest.mark.usefixtures("number")
def test_the_jobs_of_a_dead_worker_go_back_and_the_attempt_counts(config: Config, engine: Engine) -> None:
    """A job that kills its workers reaches its last attempt."""

    async def scene(one: Store, other: Store) -> None:
        await fetch(one)
        await die(one)
        await other.take_over()

    play(config, scene)
    assert jobs(engine, "status, attempts") == [("todo", 1)]


@pytest.mark.usefixtures("number")
def test_the_jobs_of_a_living_worker_are_left_alone(config: Config, engine: Engine) -> None:
    """However long they take."""

    async def scene(one: Store, other: Store) -> None:
        await fetch(one)
        await die(one)
        assert await one.beat()
        await other.take_over()

    play(config, scene)
    assert jobs(engine, "status, attempts") == [("doing", 0)]


@pytest.mark.usefixtures("number")
def test_a_job_that_was_taken_over_cannot_be_ended_by_its_former_worker(config: Config, engine: Engine) -> None:
    """Neither while it waits for the next worker, nor while that one runs it."""

    async def scene(one: Store, other: Store) -> None:
        former = await fetch(one)
        await die(one)
        await other.take_over()
        await one.finish_job(former, Status.SUCCEEDED, False)
        assert jobs(engine) == [("todo",)]
        present = await fetch(other)
        await one.finish_job(former, Status.SUCCEEDED, False)
        await one.retry_job(former)
        assert jobs(engine) == [("doing",)]
        await other.finish_job(present, Status.SUCCEEDED, False)

    play(config, scene)
    assert jobs(engine, "status, attempts") == [("succeeded", 2)]


@pytest.mark.usefixtures("number")
def test_a_worker_that_has_its_own_job_again_cannot_end_the_former_attempt(config: Config, engine: Engine) -> None:
    """It was taken for dead while it was frozen, and its thread from then may still run."""

    async def scene(one: Store, other: Store) -> None:
        former = await fetch(one)
        await die(one)
        await other.take_over()
        await fetch(one)
        await one.finish_job(former, Status.SUCCEEDED, False)

    play(config, scene)
    assert jobs(engine, "status, attempts") == [("doing", 1)]


@pytest.mark.usefixtures("number")
def test_a_job_is_taken_over_only_from_the_attempt_that_died(config: Config, engine: Engine) -> None:
    """A worker that acts on an old view takes nothing from the one that has the job by now."""

    async def scene(one: Store, other: Store) -> None:
        await fetch(one)
        await die(one)
        [seen] = await other.get_stalled_jobs(seconds_since_heartbeat=QUICK.stalled_after)
        await other.take_over()
        await fetch(other)
        await one.put_back(seen)

    play(config, scene)
    assert jobs(engine, "status, attempts") == [("doing", 1)]


@pytest.mark.usefixtures("number")
def test_a_job_that_was_handed_back_cannot_be_ended_by_its_former_worker(config: Config, engine: Engine) -> None:
    """The next attempt has the same number, but another worker."""

    async def scene(one: Store, other: Store) -> None:
        former = await fetch(one)
        await one.retry_job(former)
        assert jobs(engine, "status, attempts") == [("todo", 0)]
        await fetch(other)
        await one.finish_job(former, Status.SUCCEEDED, False)

    play(config, scene)
    assert jobs(engine, "status, attempts") == [("doing", 0)]


@pytest.mark.usefixtures("number")
def test_a_forgotten_worker_may_end_a_job_that_was_not_taken_over(config: Config, engine: Engine) -> None:
    """Otherwise its work would be done again."""

    async def scene(one: Store, other: Store) -> None:
        job = await fetch(one)
        await die(one)
        await other.prune_stalled_workers(QUICK.stalled_after)
        await one.finish_job(job, Status.SUCCEEDED, False)

    play(config, scene)
    assert jobs(engine) == [("succeeded",)]


def test_a_cancelled_job_of_a_dead_worker_does_not_come_back(
    config: Config, engine: Engine, database: Database, number: int
) -> None:
    async def scene(one: Store, other: Store) -> None:
        await fetch(one)
        await asyncio.to_thread(database.run, lambda session: cancel(session, number))
        await die(one)
        await other.take_over()

    play(config, scene)
    assert jobs(engine) == [("failed",)]


def test_a_cancelled_job_is_not_handed_back(config: Config, engine: Engine, database: Database, number: int) -> None:
    """It ends instead."""

    async def scene(one: Store, _: Store) -> None:
        job = await fetch(one)
        await asyncio.to_thread(database.run, lambda session: cancel(session, number))
        await one.retry_job(job)

    play(config, scene)
    assert jobs(engine) == [("failed",)]
