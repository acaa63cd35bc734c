"""Errors of the recipes room."""

from __future__ import annotations

from mealplanner.errors import Conflict


class RecipeInUse(Conflict):
    """A menu serves the recipe, or had it written, so foreign keys keep its row."""

    message = "A menu still serves this dish."
