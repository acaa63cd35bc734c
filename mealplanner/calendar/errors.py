"""What calendars refuse."""

from __future__ import annotations

from mealplanner.errors import NotFound


class DeadFeed(NotFound):
    """An address of a calendar that was taken back or never existed; both look the same."""
