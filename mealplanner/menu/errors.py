"""Errors of the menu room."""

from __future__ import annotations

import datetime
import uuid

from mealplanner.errors import Conflict, Invalid
from mealplanner.presentation.formatting import date_range


class GenerationInFlight(Conflict):
    """A person has one unfinished menu at a time, as a partial unique index enforces."""

    message = "We are already making a menu for you. Wait until it is ready, or cancel it first."


class StillBeingMade(Conflict):
    """Another menu of the person is being made. `same` says whether it is for the days that were asked for now."""

    def __init__(self, menu_id: uuid.UUID, start: datetime.date, days: int, *, same: bool) -> None:
        rest = "" if same else " You can ask for another one as soon as it is ready."
        super().__init__(f"Your menu for {date_range(start, days)} is still being made.{rest}")
        self.menu_id = menu_id
        self.same = same


class KeyUsed(Invalid):
    """A request has the idempotency key of an earlier one that asked for something else."""

    def __init__(self, start: datetime.date, days: int) -> None:
        made = f"your menu for {date_range(start, days)}"
        expected = f"This key belongs to {made}. Send other wishes with a key of their own."
        super().__init__(
            {"idempotency_key": [expected]},
            f"You sent this form before, and it became {made}. Press the button once more to have this menu too.",
        )
