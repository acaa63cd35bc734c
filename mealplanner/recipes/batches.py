"""A dish that is made for several is cooked once for the meals that it lasts for. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Sequence


def cooked(wanted: Sequence[tuple[datetime.date, float]], *, makes: int, keeps_days: int) -> list[float]:
    """Return how many servings of a dish are cooked for each of the meals that serve it, in order of their dates.

    `wanted` are the dates and servings of these meals. One that is served from what an earlier one left has 0.
    """
    if makes == 1:
        return [servings for _, servings in wanted]
    found: list[float] = []
    left, until = 0.0, datetime.date.min
    for number, (date, servings) in enumerate(wanted):
        if date > until or left < servings:
            until = date + datetime.timedelta(days=keeps_days)
            made = max(makes, sum(more for later, more in wanted[number:] if later <= until))
            found.append(made)
            left = made - servings
        else:
            found.append(0.0)
            left -= servings
    return found
