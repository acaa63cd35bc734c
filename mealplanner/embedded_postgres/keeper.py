"""Keep the embedded PostgreSQL running while it is used: after a crash, a kill or a full disk."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mealplanner.embedded_postgres.server import EmbeddedPostgres

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
LONGEST_PAUSE = 10.0
"""Seconds between two attempts to start a server that ends again and again."""


@contextmanager
def kept_running(server: EmbeddedPostgres) -> Iterator[None]:
    """Start `server`, which this process has acquired, again during the block whenever it has ended."""
    stop = threading.Event()
    thread = threading.Thread(target=_keep, args=(server, stop), name="embedded-postgres", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep(server: EmbeddedPostgres, stop: threading.Event) -> None:
    pause = LOOK_SECONDS
    while not stop.wait(pause):
        try:
            ended = server.revive()
        except Exception as error:  # the next attempt may succeed
            log.error("PostgreSQL has ended and cannot be started: %s", error)
            ended = True
        else:
            if ended:
                log.warning("PostgreSQL had ended and was started again; its last words are in %s.1", server.log)
        pause = min(2 * pause, LONGEST_PAUSE) if ended else LOOK_SECONDS
