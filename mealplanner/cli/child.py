"""Run a module as a child that ends with its parent: `python -m mealplanner.cli.child PARENT SIGNAL MODULE ARGUMENT...`

A parent that is killed cannot stop its children, which would keep its port and outlive its database.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import select
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
"""Of Linux's prctl(2): the signal that the kernel sends when the parent ends."""

POLL_SECONDS = 0.5

END_SECONDS = 10
"""How long a parent that has begun to end may hold its locks."""


def end_with(parent: int, number: signal.Signals) -> None:
    """Have this process receive the signal `number` once when the process `parent` has ended, however it ends.

    The kernel sends its signal for each thread of the parent, the last one while another may still hold the parent's
    locks: this process would not find that it is alone with the database. So it is another signal, after which the end
    of the whole parent is awaited.
    """
    if sys.platform == "linux":
        told = signal.SIGRTMIN
        try:
            end = os.pidfd_open(parent)
        except ProcessLookupError:
            end = None

        def look(*_: object) -> None:
            if os.getppid() != parent:
                signal.signal(told, signal.SIG_IGN)
                if end is not None:
                    select.select([end], [], [], END_SECONDS)
                os.kill(os.getpid(), number)

        signal.signal(told, look)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, told)
        look()  # it may have ended before that
    else:
        threading.Thread(target=_watch, args=(parent, number), name="parent", daemon=True).start()


def _watch(parent: int, number: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os.kill(os.getpid(), number)


if __name__ == "__main__":
    _, _parent, _number, *sys.argv = sys.argv
    end_with(int(_parent), signal.Signals(int(_number)))
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
