"""A worker beside the test."""

from __future__ import annotations

from collections.abc import Mapping
from queue import SimpleQueue

import pytest

from mealplanner.config import Config
from mealplanner.jobs.tasks import Task
from mealplanner.jobs.timing import Timing
from mealplanner.storage.database import Database
from tests.jobs.workers import QUICK, StartWorker, Told, WorkerThread


@pytest.fixture
def worker(config: Config, database: Database) -> StartWorker:
    """Return a function that makes a worker on the test's side of USE_NEW_CONNECTION_HANDLING, for a `with` block."""
    assert database  # whose rows are deleted once the worker is gone

    def make(
        *tasks: Task,
        timing: Timing = QUICK,
        concurrency: int = 2,
        slots: Mapping[str, int] | None = None,
        config: Config = config,
    ) -> WorkerThread:
        return WorkerThread(config, tasks, timing, slots or {task.queue: concurrency for task in tasks})

    return make


@pytest.fixture
def told() -> Told:
    """What the jobs of this test tell it."""
    return SimpleQueue()
