"""How tests wait for other threads and processes: for an event, never for an amount of time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 180.0
"""Seconds after which a test gives up. This turns a hang into a failure; a busy machine needs far less."""


def eventually(happens: Callable[[], T], what: str = "what the test waits for") -> T:
    """Return what `happens()` returns once that is true: for what others do in their own time, without telling."""
    end = time.monotonic() + PATIENCE
    while not (found := happens()):
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.02)
    return found
