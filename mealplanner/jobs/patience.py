"""Store what a job has computed, also when the database is busy for a minute or two."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import sleep
from typing import TypeVar

from mealplanner.db import UnitOfWorkSession
from mealplanner.errors import OutcomeUnknown, Unavailable
from mealplanner.jobs.tasks import JobContext

log = logging.getLogger(__name__)
T = TypeVar("T")

PAUSES = (1, 2, 4, 8, 16, 32, 32, 32)
"""Seconds between the attempts. With the lock timeout of each, a table may be locked for more than two minutes."""

_LOOK = 0.5
"""Seconds between two looks whether the job should end."""


def store(context: JobContext, work: Callable[[UnitOfWorkSession], T]) -> T:
    """Run `work` in a unit of work, and again after a pause while the database is busy or away.

    To fail at once would throw away what was computed. Raise `Unavailable` after the last pause. Raise at once what
    `work` raises, and `OutcomeUnknown`, since running it again could store it twice.
    """
    for pause in PAUSES:
        try:
            return context.database.run(work)
        except OutcomeUnknown:
            raise
        except Unavailable as error:
            log.warning("cannot store yet, trying again in %d s: %s", pause, error.__cause__ or error)
        _wait(context, pause)
    return context.database.run(work)


def _wait(context: JobContext, seconds: float) -> None:
    for _ in range(round(seconds / _LOOK)):
        context.check()
        sleep(_LOOK)
    context.check()
