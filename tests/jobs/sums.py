"""What tests have computed in another process."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

Checkpoint = Callable[[int, int], None]


def process(*, checkpoint: Checkpoint) -> int:
    """Return the process that computes this."""
    checkpoint(1, 1)
    return os.getpid()


def steps(count: int, *, checkpoint: Checkpoint) -> str:
    """Take steps."""
    for step in range(count):
        checkpoint(step, count)
    return "done"


def refuse(error: Exception, *, checkpoint: Checkpoint) -> None:  # noqa: ARG001
    """Raise `error`."""
    raise error


def crash(*, checkpoint: Checkpoint) -> None:  # noqa: ARG001
    """End the process, as the system does when memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)


def endless(*, checkpoint: Checkpoint) -> None:
    """Say that it has begun, and never end."""
    checkpoint(0, 1)
    threading.Event().wait()


def echo(value: object, *, checkpoint: Checkpoint) -> object:  # noqa: ARG001
    """Return what it was given."""
    return value
