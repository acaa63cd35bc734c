"""What can go wrong in the larder."""

from __future__ import annotations

from mealplanner.errors import Conflict


class ItemChanged(Conflict):
    """The amount is another than the one that was seen: a meal was cooked, or someone else was quicker."""

    message = "This amount has changed since you opened the page. Look at what is there now, and save again."
