"""One attempt at a job, on its thread. This module does not depend on the queue."""

from __future__ import annotations

import dataclasses
import functools
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from mealplanner.db import current_unit_of_work
from mealplanner.db.errors import OutsideScope
from mealplanner.errors import DomainError
from mealplanner.jobs import chores
from mealplanner.jobs.tasks import Interrupted, JobCancelled, JobContext, Postponed, Task, undisturbed
from mealplanner.telemetry import metrics
from mealplanner.telemetry.scope import Scope, scoped

log = logging.getLogger(__name__)

FAILED_ATTEMPTS = 5
"""How often `Task.failed` is tried, in addition to the attempts at the job itself."""


class GaveUp(Exception):
    """The job has failed for good, and its task knows."""


def make_attempt(task: Task, context: JobContext, request_id: str, arguments: Mapping[str, Any]) -> None:
    """Run `task` in its scope and leave nothing open.

    Return when the job is done. Raise `Interrupted` when it was told to end, `GaveUp` when it has failed for good, and
    any other exception when it should be tried again.
    """
    with scoped(Scope(task.name, request_id)), _ending(task.name):
        try:
            _run(task, context, arguments)
        except Interrupted as interruption:
            log.info("attempt %d ends: %s", context.attempt, type(interruption).__name__)
            raise
        finally:
            _leave_nothing_open()


@contextmanager
def _ending(task: str) -> Iterator[None]:
    """Count the end of the job, if this attempt is its last, by its outcome."""
    with _counted(task):
        try:
            yield
        except GaveUp:
            metrics.JOBS.labels(task, "failed").inc()
            raise
        except JobCancelled:
            metrics.JOBS.labels(task, "cancelled").inc()
            raise
    metrics.JOBS.labels(task, "done").inc()


@contextmanager
def _counted(task: str) -> Iterator[None]:
    started, outcome = time.monotonic(), "failed"
    try:
        yield
        outcome = "done"
    except Interrupted:
        outcome = "interrupted"
        raise
    except Postponed:
        outcome = "postponed"
        raise
    finally:
        metrics.JOB_ATTEMPTS.labels(task, outcome).inc()
        metrics.JOB_SECONDS.labels(task).observe(time.monotonic() - started)


def _run(task: Task, context: JobContext, arguments: Mapping[str, Any]) -> None:
    if context.attempt <= task.attempts:
        try:
            task.run(context, **arguments)
            if task.every is not None:
                context.database.run(functools.partial(chores.note_done, task=task))
            return
        except Exception as error:
            if isinstance(error, Postponed) and not context.last_attempt:
                log.info("attempt %d of %d waits %.0f s: %s", context.attempt, task.attempts, error.seconds, error)
                raise
            _report(error, f"attempt {context.attempt} of {task.attempts} failed")
            if not context.last_attempt:
                raise
            context = dataclasses.replace(context, error=error)
    else:
        log.error("giving up: the workers of the last attempts died")
    _give_up(task, context, arguments)


def _give_up(task: Task, context: JobContext, arguments: Mapping[str, Any]) -> None:
    """Tell the task that the job has failed, and try that again if necessary: a person may be waiting."""
    try:
        if task.failed is not None:
            task.failed(dataclasses.replace(context, interruption=undisturbed), **arguments)
    except Exception as error:
        _report(error, "the failure of the job could not be recorded")
        if context.attempt < task.attempts + FAILED_ATTEMPTS:
            raise
    raise GaveUp


def _report(error: Exception, what: str) -> None:
    """Log a domain error as a sentence, and anything else with its traceback."""
    if isinstance(error, DomainError):
        log.warning("%s: %s", what, error)
    else:
        log.error("%s", what, exc_info=error)


def _leave_nothing_open() -> None:
    """Roll back, with a warning, the units of work that the task did not end."""
    with suppress(OutsideScope):
        while True:
            current_unit_of_work().remove()
