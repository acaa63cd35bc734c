"""What can go wrong with menus."""

from __future__ import annotations

from mealplanner.errors import Conflict


class GenerationInFlight(Conflict):
    """A person has one menu in the making at a time; the partial unique index says so."""

    message = "A menu is being made for you already. Wait for it or cancel it first."
