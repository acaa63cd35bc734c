"""What shopping refuses."""

from __future__ import annotations

from mealplanner.errors import Conflict, Invalid, NotFound


class UnknownItem(Invalid):
    """A tick names an item that was never written on the person's list."""

    def __init__(self) -> None:
        super().__init__({"item": ["There is no such item on your list. Please reload the page."]})


class UsedId(Conflict):
    """A tick comes under the id of another one, so it would be taken for that one."""

    message = "Another tick was sent under this id, so this one was not kept. Send it under a new id, or without one."


class DeadShare(NotFound):
    """A link to a list that was ended, has expired or never existed; all three look the same."""
