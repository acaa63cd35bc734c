"""What a job is made of, for whoever writes or enqueues one. This module knows no queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Concatenate

from sqlalchemy.orm import Session

from mealplanner.config import Config
from mealplanner.db.database import Database


class Interrupted(BaseException):
    """The job is to end now, and that is no failure of it. A task lets this pass.

    Not an `Exception`, so that no `except Exception` takes it for one.
    """


class JobCancelled(Interrupted):
    """Somebody cancelled the job: it ends for good."""


class WorkerStopping(Interrupted):
    """The worker is shutting down: the job goes back to the queue, and this attempt does not count."""


class Postponed(Exception):
    """The job cannot go on for `seconds`, by no fault of its own: somebody it depends on asks to wait.

    It goes back to the queue for then, and the attempt counts; raised at the last attempt it is a failure like any.
    """

    def __init__(self, why: str, *, seconds: float) -> None:
        super().__init__(why)
        self.seconds = seconds


def always_current(_session: Session) -> bool:
    """For an attempt that no other one can replace, as in a test or a command."""
    return True


def undisturbed() -> type[Interrupted] | None:
    """For a job that nobody interrupts."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobContext:
    """What the worker lends to one attempt at a job."""

    database: Database
    """The worker process's own. End each unit of work before a slow call begins."""
    config: Config = field(default_factory=Config)
    """The worker's."""
    attempt: int = 1
    """From 1. An attempt whose worker was killed counts; one that was handed back by a worker that stopped does not."""
    last_attempt: bool = False
    """Whether the job has failed for good if this attempt fails."""
    error: Exception | None = None
    """For `Task.failed`: what the last attempt raised, None when its worker died instead."""
    interruption: Callable[[], type[Interrupted] | None] = undisturbed
    """Why the job should end now, None while it may go on."""
    is_current: Callable[[Session], bool] = always_current
    """Whether the queue still assigns the job to this attempt, which then holds for the rest of the transaction. False
    when the worker was taken for dead, or had handed the job back, and another attempt has replaced this one."""

    def check(self) -> None:
        """Raises `JobCancelled` or `WorkerStopping` if the job should end now. To be called often."""
        interruption = self.interruption()
        if interruption is not None:
            raise interruption


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A kind of job. `run` and `failed` take the context and the job's arguments, JSON values, by keyword.

    A job may be run again after a crash at any point, so `run` first looks what is done already. Two runs of one job
    may even overlap, when a worker was frozen for longer than the others wait for it: what it writes must be fenced.
    """

    name: str
    """Like an endpoint, `menu.generate`: the part before the dot is the room."""
    run: Callable[Concatenate[JobContext, ...], None]
    queue: str = "default"
    attempts: int = 3
    """How often the job is tried before it has failed for good."""
    failed: Callable[Concatenate[JobContext, ...], None] | None = None
    """Called once the job has failed for good, to tell whoever waits for it; it is tried again if it raises."""
