"""Locks on files, kept by the kernel: a lock ends when the last process that has it open ends, in whatever way.

The files are never deleted: otherwise two processes could hold a lock on two files of one name.
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
    """Return a descriptor of the lock file at `path`, made if missing; never follow a symbolic link there."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def share(descriptor: int) -> None:
    """Take the lock together with other sharers; wait while another process holds it alone."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def take_alone(descriptor: int) -> bool:
    """Take the lock alone, without waiting, and return whether that worked. Either way a share held before is lost."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def give_back(descriptor: int) -> None:
    """End the lock and close its file. To close it is not enough: a forked child may have it open as well."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Run a block alone among all processes that lock `path`; wait for the turn."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        give_back(descriptor)


@contextmanager
def locked_at_once(path: Path) -> Iterator[bool]:
    """Run a block with whether this process holds the lock on `path` alone during it; do not wait."""
    descriptor = open_lock(path)
    try:
        yield take_alone(descriptor)
    finally:
        give_back(descriptor)


@contextmanager
def locked_if_free(path: Path) -> Iterator[int | None]:
    """Run a block with the descriptor of the lock on `path`, or with None when another process holds it.

    A process that inherits the descriptor holds the lock from then on.
    """
    descriptor = open_lock(path)
    try:
        yield descriptor if take_alone(descriptor) else None
    finally:
        os.close(descriptor)
