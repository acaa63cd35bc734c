"""Errors of the menu room."""

from __future__ import annotations

from mealplanner.errors import Conflict


class GenerationInFlight(Conflict):
    """A person has one unfinished menu at a time, as a partial unique index enforces."""

    message = "We are already making a menu for you. Wait until it is ready, or cancel it first."
