"""Locks on files, kept by the kernel: one ends when the last process that has it open dies, in whatever way it dies.

The files stay when nobody holds them: deleting one could leave two processes with a lock on two files of one name.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def open_lock(path: Path) -> int:
    """A descriptor of the lock file at `path`, which is made if need be; never follows a link laid in its place."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def share(descriptor: int) -> None:
    """Takes the lock together with others who share it; waits while somebody has it alone."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def take_alone(descriptor: int) -> bool:
    """Takes the lock alone, without waiting; False when others have it. A share held before is given up either way."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def give_back(descriptor: int) -> None:
    """Ends the lock and closes its file; closing alone would not do while a forked child has it open as well."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Runs a block alone among all processes that lock `path`; waits for its turn."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        give_back(descriptor)


@contextmanager
def locked_if_free(path: Path) -> Iterator[int | None]:
    """Runs a block with the descriptor of the lock on `path`, or with None when somebody has it.

    A process that the block hands the descriptor to holds the lock from then on.
    """
    descriptor = open_lock(path)
    try:
        yield descriptor if take_alone(descriptor) else None
    finally:
        os.close(descriptor)
