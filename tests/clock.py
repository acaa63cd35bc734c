"""A clock for the application that tests move."""

from __future__ import annotations

import datetime


class Clock:
    """Stand still until `wait`; by default at a moment of its own."""

    def __init__(self, now: datetime.datetime = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime.datetime:
        return self.now

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += datetime.timedelta(**time)
