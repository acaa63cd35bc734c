"""What balancing would change, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mealplanner.menu.rebalancing.values import DayOff


def days_json(version: int, days: Iterable[DayOff]) -> dict[str, Any]:
    """Return the days that miss their target, with the ids of the meals that may change and of those that stay."""
    return {
        "version": version,
        "days": [
            {
                "date": one.date.isoformat(),
                "may_change": [str(meal.id) for meal in one.may_change],
                "stays": [str(meal.id) for meal in one.stays],
            }
            for one in days
        ],
    }
