"""A process that computes for a worker: `python -m mealplanner.jobs.helper DESCRIPTOR`, of the pipe to it.

It ends when the worker closes the pipe, when there was nothing to do for a while, and after some hundred tasks, so that
memory is given back.
"""

from __future__ import annotations

import signal
import sys
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Final

from mealplanner.jobs.pickling import dumps, loads

IDLE_SECONDS: Final = 60.0
MOST_TASKS: Final = 300

BEGUN, STEP, RAISED, DONE = "begun", "step", "raised", "done"
"""The first word of each message to the worker."""


def serve(connection: Connection[Any, Any], *, idle_seconds: float = IDLE_SECONDS) -> None:
    """Compute what comes through `connection` until it is time to end."""
    for _ in range(MOST_TASKS):
        if not connection.poll(idle_seconds):
            return
        task = connection.recv_bytes()
        connection.send_bytes(dumps((BEGUN,)))
        connection.send_bytes(_answer(connection, task))


def _answer(connection: Connection[Any, Any], task: bytes) -> bytes:
    def checkpoint(step: int, steps: int) -> None:
        connection.send_bytes(dumps((STEP, step, steps)))

    try:
        function, arguments = loads(task)
        return dumps((DONE, function(*arguments, checkpoint=checkpoint)))
    except Exception as error:
        error.add_note(f"In the process that computed it:\n{traceback.format_exc()}")
        return dumps((RAISED, error))


if __name__ == "__main__":
    for _number in (signal.SIGINT, signal.SIGTERM):  # sent to the whole group, but the worker decides
        signal.signal(_number, signal.SIG_IGN)
    with suppress(EOFError, ConnectionError):  # the worker is gone, or has no more to do
        serve(Connection(int(sys.argv[1])))
