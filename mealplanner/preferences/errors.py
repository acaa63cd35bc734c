"""Errors of preferences."""

from __future__ import annotations

from mealplanner.errors import Conflict
from mealplanner.preferences.values import StoredPreferences


class StalePreferences(Conflict):
    """The preferences were saved elsewhere since the form was opened; `stored` is what is stored now."""

    message = "Your preferences were saved elsewhere since you opened this form. Nothing was overwritten."

    def __init__(self, stored: StoredPreferences) -> None:
        super().__init__()
        self.stored = stored
