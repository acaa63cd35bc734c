"""Workers as processes that are killed, frozen and stopped: their jobs continue elsewhere and have one effect."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.jobs.programs import STEPS, WorkerProcess, task
from tests.jobs.workers import QUICK, jobs, put

pytestmark = pytest.mark.process

WATCHFUL = replace(QUICK, heartbeat=0.2, stalled_after=1.5)
"""For a worker that takes over from one that is dead or frozen."""

TRUSTING = replace(QUICK, heartbeat=0.2)
"""For one that lives beside another: it never takes the other for dead because the machine is busy."""


@pytest.fixture
def dough(engine: Engine) -> Iterator[Engine]:
    """A table with one row for jobs to write to."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE dough (token uuid, steps int[] NOT NULL DEFAULT '{}')"))
        connection.execute(text("INSERT INTO dough DEFAULT VALUES"))
    yield engine
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE dough"))


def steps(engine: Engine) -> list[int]:
    """Return the steps that have been done to the dough."""
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT steps FROM dough")).scalar_one())


def knead_the_last_step(worker: WorkerProcess) -> None:
    """See a worker through the last step of its second attempt, and stop it."""
    assert worker.hear() == ("step", 3, 2)
    worker.say_go()
    assert worker.hear() == "kneaded"
    worker.send(signal.SIGTERM)
    assert worker.exit_code() == 0


def test_the_job_of_a_killed_worker_is_finished_by_another(config: Config, database: Database, dough: Engine) -> None:
    """From where it stood, with each step done once."""
    with WorkerProcess(config, WATCHFUL) as one:
        put(database, task("knead"))
        assert one.hear() == ("step", 1, 1)
        one.say_go()
        assert one.hear() == ("step", 2, 1)
        one.send(signal.SIGKILL)
        assert one.exit_code() == -signal.SIGKILL
        with WorkerProcess(config, WATCHFUL) as other:
            knead_the_last_step(other)
    assert steps(dough) == STEPS
    assert jobs(dough, "status, attempts") == [("succeeded", 2)]


def test_a_worker_that_was_frozen_for_too_long_is_fenced_off(config: Config, database: Database, dough: Engine) -> None:
    """It continues in the middle of a job that another worker has by now, and can neither write nor end anything."""
    with WorkerProcess(config, TRUSTING) as one:
        put(database, task("knead"))
        assert one.hear() == ("step", 1, 1)
        one.send(signal.SIGSTOP)
        with WorkerProcess(config, WATCHFUL) as other:
            assert other.hear() == ("step", 2, 2)
            one.send(signal.SIGCONT)
            one.say_go()
            assert one.hear() == "fenced off"
            one.send(signal.SIGTERM)
            assert one.exit_code() == 0
            assert jobs(dough) == [("doing",)]
            other.say_go()
            knead_the_last_step(other)
    assert steps(dough) == STEPS
    assert jobs(dough, "status, attempts") == [("succeeded", 2)]


def test_a_job_that_kills_its_workers_is_given_up(config: Config, database: Database, engine: Engine) -> None:
    """Once every attempt has lost its worker, the next worker only tells the task that it has failed."""
    put(database, task("crash"))
    for _ in range(2):
        with WorkerProcess(config, WATCHFUL) as victim:
            assert victim.exit_code() == -signal.SIGKILL
    with WorkerProcess(config, WATCHFUL) as survivor:
        assert survivor.hear() == ("failed", 3, None)
        survivor.send(signal.SIGTERM)
        assert survivor.exit_code() == 0
    assert jobs(engine) == [("failed",)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("recipe", ["listen", "hang"])
def test_a_signal_makes_a_worker_hand_its_job_back(
    config: Config, database: Database, engine: Engine, number: signal.Signals, recipe: str
) -> None:
    """Whether the job listens or not, the process ends cleanly and the attempt does not count."""
    with WorkerProcess(config, replace(QUICK, grace=0.0, patience=0.0 if recipe == "hang" else 10.0)) as worker:
        put(database, task(recipe))
        assert worker.hear() == "started"
        worker.send(number)
        assert worker.exit_code() == 0
    assert jobs(engine, "status, attempts") == [("todo", 0)]
