"""How long workers wait, and their two decisions about time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds, unless a name says otherwise."""

    heartbeat: float = 2.0
    """Between two heartbeats of a worker."""
    stalled_after: float = 8.0
    """A worker without a heartbeat for this long counts as dead, and others take its jobs over."""
    poll: float = 1.0
    """Between two polls for jobs that come without a notification: those that were taken over or postponed."""
    grace: float = 5.0
    """A stopping worker lets its jobs run for this long before it interrupts them ..."""
    patience: float = 2.0
    """... and then waits this long for them to notice. Together less than the 10 s after which Docker kills."""
    retry: float = 2.0
    """Before the second attempt at a job; doubled before each further one."""
    longest_retry: float = 300.0
    connect: float = 3.0
    """For a connection to the database, before it counts as away."""
    longest_restart: float = 5.0
    """Between two attempts to restart a worker that ended unexpectedly."""
    figures: float = 10.0
    """Between two looks at the figures of the queue, for `/metrics`."""
    chores: float = 60.0
    """Between two looks for housekeeping that is due."""


def retry_wait(attempt: int, timing: Timing) -> float:
    """Return the seconds from the end of `attempt` (counted from 1) to the next one."""
    return float(min(timing.retry * 2 ** (attempt - 1), timing.longest_retry))


class Pulse:
    """Tells whether a worker has been awake and connected for long enough to judge that another one is dead.

    After a suspended machine wakes or a database comes back, all heartbeats are old; a worker waits until the others
    have had the time to send one.
    """

    def __init__(self, stalled_after: float) -> None:
        self._stalled_after = stalled_after
        self._since: float | None = None
        self._last = 0.0

    def beat(self, now: float, *, reached: bool) -> bool:
        """Record whether the database was `reached`, and return whether this worker may judge others.

        `now` is of a clock that runs during suspension.
        """
        gap = now - self._last
        self._last = now
        if not reached:
            self._since = None
        elif self._since is None or not 0 <= gap < self._stalled_after:
            self._since = now
        return self._since is not None and now - self._since >= self._stalled_after
