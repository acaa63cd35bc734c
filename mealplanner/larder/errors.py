"""What can go wrong in the larder."""

from __future__ import annotations

from mealplanner.errors import Conflict


class ItemChanged(Conflict):
    """The amount is not the one that was seen: a meal was cooked, or another change was saved first."""

    message = "This amount has changed since you opened the page. Look at what is there now, and save again."
