"""On SIGHUP, stop gunicorn's processes only once their successors can serve.

gunicorn itself stops them as soon as the new ones are forked, and requests wait while those load the application.
"""

from __future__ import annotations

import mmap
import time
from typing import Any

_flags = mmap.mmap(-1, mmap.PAGESIZE)
"""A byte for each process, by gunicorn's running number: whether it can serve. The memory is shared with forks."""

BOOT_SECONDS = 300.0
"""After which the old processes are stopped in any case. A signal ends the wait, such as that of a new process
that has died. A slow machine needs more than a minute to load the application."""


def pre_fork(_arbiter: Any, worker: Any) -> None:
    """Note that gunicorn is about to fork `worker`."""
    _flags[worker.age % len(_flags)] = 0


def post_worker_init(worker: Any) -> None:
    """Note, in the process of `worker`, that it has loaded the application."""
    _flags[worker.age % len(_flags)] = 1


def reload_gently(arbiter: Any) -> None:
    """Have gunicorn's `arbiter` wait for the new processes before it stops the old ones."""
    stop_old_workers = arbiter.manage_workers

    def handle_hup() -> None:
        arbiter.manage_workers = wait_and_stop_old_workers
        try:
            type(arbiter).handle_hup(arbiter)
        finally:
            arbiter.manage_workers = stop_old_workers

    def wait_and_stop_old_workers() -> None:
        end = time.monotonic() + BOOT_SECONDS
        newest = sorted(worker.age for worker in arbiter.WORKERS.values())[-arbiter.num_workers :]
        while time.monotonic() < end and not all(_flags[age % len(_flags)] for age in newest):
            if not arbiter.SIG_QUEUE.empty():
                break
            time.sleep(0.05)
        stop_old_workers()

    arbiter.handle_hup = handle_hup
