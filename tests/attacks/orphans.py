"""`kill -9` of the program that supervises the others: no process stays, and the next start works."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psutil

from tests.attacks.result import Finding
from tests.attacks.targets import Target
from tests.installation import Installation, data_directory, kill

SECONDS = 30.0


def attack(_target: Target) -> Iterator[Finding]:
    """Kill an installation of its own, not the one that the other attacks use."""
    with data_directory() as data:
        first = Installation(data).await_ready()
        family = first.processes()
        family[0].kill()
        first.process.wait()
        _, alive = psutil.wait_procs(family[1:], timeout=SECONDS)
        yield Finding("kill -9 of up", "its children", f"{len(alive)} of {len(family) - 1} stay", "0", not alive)
        kill(alive)
        first.close()
        began = time.monotonic()
        second = Installation(data, port=first.port)
        try:
            second.await_ready()
            ready = True
        except AssertionError:
            ready = False
        taken = f"{'ready' if ready else 'failed'} after {time.monotonic() - began:.0f} s"
        yield Finding("kill -9 of up", "the next start", taken, "ready", ready)
        second.stop() if ready else second.close()
