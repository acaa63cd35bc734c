"""What jobs are made of, for the rooms that define or enqueue them. This module does not depend on the queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Concatenate, Protocol, TypeVar

from sqlalchemy.orm import Session

from mealplanner.config import Config
from mealplanner.storage.database import Database

T = TypeVar("T")


class Interrupted(BaseException):
    """The job must end now, which is not a failure. Tasks do not catch this.

    It is not an `Exception`, so that no `except Exception` catches it by mistake.
    """


class JobCancelled(Interrupted):
    """The job was cancelled and ends for good."""


class WorkerStopping(Interrupted):
    """The worker is stopping: the job goes back to the queue, and this attempt does not count."""


class Postponed(Exception):
    """The job cannot continue for `seconds` because something it depends on asks to wait.

    It goes back to the queue for that time, and the attempt counts. At the last attempt this is a failure like others.
    """

    def __init__(self, why: str, *, seconds: float) -> None:
        super().__init__(why)
        self.seconds = seconds


def always_current(_session: Session) -> bool:
    """Return True: for an attempt that no other can replace, as in a test or a command."""
    return True


def undisturbed() -> type[Interrupted] | None:
    """Return None: for a job that is never interrupted."""
    return None


class Compute(Protocol):
    """Compute something long and pure somewhere: see `computing`."""

    def __call__(
        self,
        check: Callable[[], None],
        checkpoint: Callable[[int, int], None],
        function: Callable[..., T],
        *arguments: object,
    ) -> T: ...


def here(
    check: Callable[[], None],  # noqa: ARG001  # the checkpoint looks too
    checkpoint: Callable[[int, int], None],
    function: Callable[..., T],
    *arguments: object,
) -> T:
    """Compute on this thread."""
    return function(*arguments, checkpoint=checkpoint)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobContext:
    """What the worker passes to one attempt at a job."""

    database: Database
    """The database of the worker process. End each unit of work before a slow call begins."""
    config: Config = field(default_factory=Config)
    job_id: int | None = None
    """The queue's id of the job, by which it can be cancelled."""
    attempt: int = 1
    """Counted from 1. An attempt whose worker was killed counts; one that a stopping worker handed back does not."""
    last_attempt: bool = False
    """Whether the job has failed for good if this attempt fails."""
    error: Exception | None = None
    """For `Task.failed`: what the last attempt raised, None when its worker died instead."""
    interruption: Callable[[], type[Interrupted] | None] = undisturbed
    """Why the job should end now, None while it may go on."""
    is_current: Callable[[Session], bool] = always_current
    """Whether the queue still assigns the job to this attempt, which then holds for the rest of the transaction. False
    when the worker was taken for dead, or had handed the job back, and another attempt has replaced this one."""

    computing: Compute = here
    """Where `compute` computes."""

    def compute(self, function: Callable[..., T], *arguments: object, checkpoint: Callable[[int, int], None]) -> T:
        """Return what `function`, a pure one of a module, returns for `arguments` and `checkpoint`.

        It may run in another process. Raise what it, `checkpoint` or `check` raises.
        """
        return self.computing(self.check, checkpoint, function, *arguments)

    def check(self) -> None:
        """Raise `JobCancelled` or `WorkerStopping` if the job should end now. Call this often."""
        interruption = self.interruption()
        if interruption is not None:
            raise interruption


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A kind of job. `run` and `failed` take the context, and the job's arguments (JSON values) by keyword.

    A job may run again after a crash at any point, so `run` first checks what is already done. Two attempts at one job
    may even overlap, when a worker was frozen for longer than others wait for it. So every write of a job is fenced: it
    asks for a token of the attempt, and `JobContext.is_current` decides which attempt may set that token.
    """

    name: str
    """Named like an endpoint, `menu.generate`: the part before the dot is the room."""
    run: Callable[Concatenate[JobContext, ...], None]
    queue: str = "default"
    """Of a lane; a job may be enqueued on another one."""
    attempts: int = 3
    """How many times the job is tried before it has failed for good."""
    every: float | None = None
    """For housekeeping: after how many seconds the workers ask for another job, one for all of them."""
    failed: Callable[Concatenate[JobContext, ...], None] | None = None
    """Called once the job has failed for good, to tell the person who waits for it; tried again if it raises."""
