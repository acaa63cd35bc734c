"""What shopping refuses."""

from __future__ import annotations

from mealplanner.errors import Invalid, NotFound


class UnknownItem(Invalid):
    """A tick names an item that was never written on the person's list."""

    def __init__(self) -> None:
        super().__init__({"item": ["There is no such item on your list. Please reload the page."]})


class DeadShare(NotFound):
    """A link to a list that was ended, has expired or never existed; all three look the same."""
