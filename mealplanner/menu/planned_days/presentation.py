"""Planned days as JSON."""

from __future__ import annotations

from typing import Any

from mealplanner.menu.planned_days.overlaps import DaysPlanned


def overlap_json(error: DaysPlanned) -> dict[str, Any]:
    """Return which days are planned already, and what can be done: a value of `overlap` and the days planned then."""
    return {
        "planned": [date.isoformat() for date in error.planned],
        "offers": [
            {
                "overlap": way.overlap,
                "start_date": way.dates[0].isoformat(),
                "dates": [date.isoformat() for date in way.dates],
                "text": way.sentence,
            }
            for way in error.ways
        ],
    }
