"""What follows from each way in which an attempt at a job can end."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from mealplanner.config import Config
from mealplanner.db import second_connection
from mealplanner.errors import NotFound
from mealplanner.jobs.attempts import FAILED_ATTEMPTS, GaveUp, make_attempt
from mealplanner.jobs.tasks import JobCancelled, JobContext, Postponed, Task, WorkerStopping
from mealplanner.storage.database import Database
from mealplanner.telemetry.scope import current_scope

pytestmark = pytest.mark.sides("pooled", "direct")


@pytest.fixture
def told() -> list[Any]:
    """What the task did."""
    return []


@pytest.fixture
def context(base_config: Config) -> JobContext:
    """The first of several attempts; its database is never used."""
    return JobContext(database=Database(base_config))


def failing(told: list[Any], attempts: int = 2) -> Task:
    """Return a task that always fails, and records when it learns that it has failed for good."""

    def run(_: JobContext) -> None:
        told.append("run")
        raise NotFound

    return Task(name="kitchen.boil", run=run, failed=lambda context: told.append(context.error), attempts=attempts)


def test_a_task_runs_with_its_arguments_in_its_scope(context: JobContext, told: list[Any]) -> None:
    """The scope ends with it."""
    task = Task(name="kitchen.boil", run=lambda _, eggs: told.append((eggs, current_scope())))
    make_attempt(task, context, "request-42", {"eggs": 3})
    [(eggs, scope)] = told
    assert (eggs, scope.name, scope.request_id) == (3, "kitchen.boil", "request-42")
    assert current_scope().name == "-"


def test_a_failure_before_the_last_attempt_asks_for_another(context: JobContext, told: list[Any]) -> None:
    """The task is not told yet."""
    with pytest.raises(NotFound):
        make_attempt(failing(told), context, "-", {})
    assert told == ["run"]


def test_the_task_is_told_of_a_failure_at_the_last_attempt(context: JobContext, told: list[Any]) -> None:
    """With the error, and the job is not tried again."""
    with pytest.raises(GaveUp):
        make_attempt(failing(told), replace(context, attempt=2, last_attempt=True), "-", {})
    assert told[0] == "run"
    assert isinstance(told[1], NotFound)


def test_beyond_its_last_attempt_a_job_does_not_run(context: JobContext, told: list[Any]) -> None:
    """The workers of its attempts died, so the task is told without an error."""
    with pytest.raises(GaveUp):
        make_attempt(failing(told), replace(context, attempt=3, last_attempt=True), "-", {})
    assert told == [None]


def test_telling_the_task_is_tried_again(context: JobContext) -> None:
    """The job does not run again, and the number of tries is limited."""
    runs: list[int] = []

    def failed(_: JobContext) -> None:
        raise ConnectionError

    task = Task(name="kitchen.boil", run=lambda context: runs.append(context.attempt), failed=failed, attempts=1)
    for attempt in range(2, 1 + FAILED_ATTEMPTS):
        with pytest.raises(ConnectionError):
            make_attempt(task, replace(context, attempt=attempt, last_attempt=True), "-", {})
    with pytest.raises(GaveUp):
        make_attempt(task, replace(context, attempt=1 + FAILED_ATTEMPTS, last_attempt=True), "-", {})
    assert runs == []


def test_a_task_without_failed_just_ends(context: JobContext, told: list[Any]) -> None:
    with pytest.raises(GaveUp):
        make_attempt(replace(failing(told), failed=None), replace(context, attempt=2, last_attempt=True), "-", {})


@pytest.mark.parametrize("interruption", [JobCancelled, WorkerStopping])
def test_an_interruption_is_no_failure(
    context: JobContext, told: list[Any], caplog: pytest.LogCaptureFixture, interruption: Any
) -> None:
    """Not even at the last attempt: the task is not told, and nothing above INFO is logged."""
    task = replace(failing(told), run=lambda context: context.check())
    interrupted = replace(context, attempt=2, last_attempt=True, interruption=lambda: interruption)
    with pytest.raises(interruption):
        make_attempt(task, interrupted, "-", {})
    assert told == []
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


def busy(_: JobContext) -> None:
    """Ask to be postponed."""
    raise Postponed("the kitchen is full", seconds=20)


def test_a_postponement_is_no_failure(context: JobContext, told: list[Any], caplog: pytest.LogCaptureFixture) -> None:
    """It asks for another attempt, and nothing above INFO is logged."""
    with pytest.raises(Postponed):
        make_attempt(replace(failing(told), run=busy), context, "-", {})
    assert told == []
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


def test_a_postponement_at_the_last_attempt_is_a_failure(context: JobContext, told: list[Any]) -> None:
    with pytest.raises(GaveUp):
        make_attempt(replace(failing(told), run=busy), replace(context, attempt=2, last_attempt=True), "-", {})
    assert [str(error) for error in told] == ["the kitchen is full"]


def test_except_exception_does_not_catch_an_interruption(context: JobContext) -> None:
    """A planner that continues after any error still ends when it is told to."""
    interrupted = replace(context, interruption=lambda: JobCancelled)

    def careless() -> str:
        try:
            interrupted.check()
        except Exception:
            return "went on"
        return "went on"

    with pytest.raises(JobCancelled):
        careless()


def test_telling_is_not_interrupted(context: JobContext, told: list[Any]) -> None:
    """A job that is cancelled or stopped at its very end still reports its failure."""

    def failed(context: JobContext) -> None:
        context.check()
        told.append("told")

    task = replace(failing([]), failed=failed)
    with pytest.raises(GaveUp):
        make_attempt(task, replace(context, attempt=3, interruption=lambda: WorkerStopping), "-", {})
    assert told == ["told"]


def test_what_a_task_left_open_is_rolled_back(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """However many units of work it forgot, and with a warning."""

    def run(context: JobContext) -> None:
        for _ in range(2):
            with second_connection("both are forgotten"):
                context.database.open().session.execute(text("SELECT 1"))

    make_attempt(Task(name="kitchen.boil", run=run), JobContext(database=database), "-", {})
    assert len([message for message in caplog.messages if "left over" in message]) == 2
