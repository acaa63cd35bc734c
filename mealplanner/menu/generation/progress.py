"""Progress reports for the person who waits for a menu.

Each is a short transaction of its own, in which the worker also learns whether it still has the menu: every function
here raises `ClaimLost`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mealplanner.jobs.tasks import JobContext
from mealplanner.menu.generation import claims
from mealplanner.menu.generation.claims import Claim

DISHES_PERCENT: Final = 70
"""How much of a menu is done once a model has written its dishes; the planning is the rest."""


def report(context: JobContext, claim: Claim, message: str, *, percent: int = 0) -> None:
    """Tell the person what is happening now."""
    context.database.run(lambda session: claims.report_progress(session, claim, percent=percent, message=message))


def planning_checkpoint(context: JobContext, claim: Claim, *, start: int) -> Callable[[int, int], None]:
    """Return what the planner calls at each of its steps: it reports the progress of the planning, which begins at
    `start` percent of the menu, and raises `Interrupted` when the job should end."""

    def checkpoint(step: int, steps: int) -> None:
        context.check()
        report(context, claim, "Balancing your meals", percent=start + (100 - start) * step // steps)

    return checkpoint
