"""Running the library's jobs as our attempts: each on a thread that can be interrupted, with a decision after it."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import procrastinate
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import AbortReason
from procrastinate.jobs import Job

from mealplanner.jobs.attempts import GaveUp, make_attempt
from mealplanner.jobs.ownership import owns
from mealplanner.jobs.tasks import Interrupted, JobCancelled, JobContext, Postponed, Task, WorkerStopping
from mealplanner.jobs.timing import Timing, retry_wait

log = logging.getLogger(__name__)


class Retries(procrastinate.BaseRetryStrategy):
    """Decides whether a job whose attempt ended with an exception goes back to the queue, and for when."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> procrastinate.RetryDecision | None:
        """Return None to end the job, or a decision; one without a time hands the job back (see `Store.retry_job`)."""
        if isinstance(exception, GaveUp):
            return None
        if isinstance(exception, JobAborted):
            return procrastinate.RetryDecision()
        seconds = exception.seconds if isinstance(exception, Postponed) else retry_wait(job.attempts + 1, self._timing)
        return procrastinate.RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=seconds))


def add_task(app: procrastinate.App, task: Task, lent: JobContext, timing: Timing) -> None:
    """Register `task` with `app`. Each attempt gets the context `lent` with what is its own filled in."""

    async def perform(context: procrastinate.JobContext, *, request_id: str, arguments: Mapping[str, Any]) -> None:
        await _perform(task, lent, timing, context, request_id, arguments)

    app.task(name=task.name, queue=task.queue, pass_context=True, retry=Retries(timing))(perform)


async def _perform(
    task: Task,
    lent: JobContext,
    timing: Timing,
    library: procrastinate.JobContext,
    request_id: str,
    arguments: Mapping[str, Any],
) -> None:
    """Run one attempt. The library cancels this coroutine when the job was cancelled or the worker stops.

    While the worker stops, a thread that ignores this for `timing.patience` is abandoned, and its job is handed back.
    """
    interruption: type[Interrupted] | None = None
    attempt = library.job.attempts + 1
    context = dataclasses.replace(
        lent,
        job_id=library.job.id,
        attempt=attempt,
        last_attempt=attempt >= task.attempts,
        interruption=lambda: interruption,
        is_current=functools.partial(owns, job=library.job),
    )
    ended = _on_thread(task.name, functools.partial(make_attempt, task, context, request_id, arguments))
    while not ended.done():
        try:
            await asyncio.wait([ended], timeout=timing.patience if interruption is WorkerStopping else None)
        except asyncio.CancelledError:
            interruption = _interruption(library)
            continue
        if not ended.done():
            log.warning("%s ignores that the worker stops; its thread is abandoned", task.name)
            raise JobAborted
    try:
        ended.result()
    except Interrupted:
        raise JobAborted from None


def _interruption(library: procrastinate.JobContext) -> type[Interrupted]:
    return JobCancelled if library.abort_reason() is AbortReason.USER_REQUEST else WorkerStopping


def _on_thread(name: str, work: Callable[[], None]) -> asyncio.Future[None]:
    """Run `work` on a daemon thread, so that a process that ends does not wait for a slow call."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def run() -> None:
        error: BaseException | None = None
        try:
            work()
        except BaseException as raised:
            error = raised
        with suppress(RuntimeError):  # the loop is closed: this thread was abandoned
            loop.call_soon_threadsafe(settle, error)

    def settle(error: BaseException | None) -> None:
        if error is None:
            ended.set_result(None)
        else:
            ended.set_exception(error)

    Thread(target=run, name=name, daemon=True).start()
    return ended
