"""How long workers wait for what, and the two decisions about time that they take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds, unless a name says otherwise."""

    heartbeat: float = 2.0
    """Between two signs of life of a worker."""
    stalled_after: float = 8.0
    """Without a sign of life for this long, a worker is taken for dead and others take its jobs over."""
    poll: float = 1.0
    """Between two looks for jobs that came without a notification, as those do that were taken over or put off."""
    grace: float = 5.0
    """A worker that stops lets its jobs go on for this long before it interrupts them ..."""
    patience: float = 2.0
    """... and then waits this long for them to notice. Together less than the 10 s after which Docker kills."""
    retry: float = 2.0
    """Before the second attempt at a job; twice as long before each one after."""
    longest_retry: float = 300.0
    connect: float = 3.0
    """For a connection to the database, before it is taken for away."""
    longest_restart: float = 5.0
    """Between two attempts to start a worker that ended by itself."""
    sweep: float = 3600.0
    """Between two removals of jobs that ended long ago."""
    keep_finished_hours: int = 24
    keep_failed_hours: int = 24 * 7
    """Failed jobs are kept longer, for somebody to look into them."""


def retry_wait(attempt: int, timing: Timing) -> float:
    """Seconds from the end of `attempt` (from 1) to the next one."""
    return float(min(timing.retry * 2 ** (attempt - 1), timing.longest_retry))


class Pulse:
    """Whether a worker has been awake and connected for long enough to take another one for dead.

    After a suspended machine wakes or a database comes back everybody's signs of life are old; a worker waits until
    each of the others had the time to give one.
    """

    def __init__(self, stalled_after: float) -> None:
        self._stalled_after = stalled_after
        self._since: float | None = None
        self._last = 0.0

    def beat(self, now: float, *, reached: bool) -> bool:
        """Notes whether the database was `reached` at `now`, a clock that goes on during suspension; True if sure."""
        gap = now - self._last
        self._last = now
        if not reached:
            self._since = None
        elif self._since is None or not 0 <= gap < self._stalled_after:
            self._since = now
        return self._since is not None and now - self._since >= self._stalled_after
