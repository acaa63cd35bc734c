"""Leave a load balancer the time to notice that this server is about to stop.

From SIGTERM on, `/readyz` answers 503 and every answer closes its connection; everything else is as before. Only after
the grace, when a load balancer sends nothing more, do the processes stop. Imported before gunicorn forks, so that
all its processes see the same flag.
"""

from __future__ import annotations

import logging
import mmap
import signal
import time
from collections.abc import Callable
from functools import partial
from queue import Empty
from typing import Any

log = logging.getLogger(__name__)

_IMPATIENT = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)

_flag = mmap.mmap(-1, 1)
"""Memory that is shared with forked processes."""


def draining() -> bool:
    """Return whether the server has been told to stop."""
    return _flag[0] == 1


def stop_gently(arbiter: Any, seconds: float) -> None:
    """Have gunicorn's `arbiter` serve for `seconds` after SIGTERM before it stops.

    A second SIGTERM, SIGINT and SIGQUIT end the grace.
    """
    arbiter.handle_term = partial(_drain, arbiter, arbiter.handle_term, seconds)


def _drain(arbiter: Any, stop: Callable[[], None], seconds: float) -> None:
    if seconds:
        log.warning("stopping in %g s; until then /readyz answers 503 and everything else is served", seconds)
        _flag[0] = 1
        _serve_until(arbiter, time.monotonic() + seconds)
    stop()


def _serve_until(arbiter: Any, end: float) -> None:
    while (left := end - time.monotonic()) > 0:
        try:
            received = arbiter.SIG_QUEUE.get(timeout=left)
        except Empty:
            return
        if received in _IMPATIENT:
            arbiter.SIG_QUEUE.put(received)
            return
        if received == signal.SIGCHLD:
            arbiter.handle_chld()
            arbiter.manage_workers()
