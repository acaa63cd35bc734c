"""What can go wrong with recipes."""

from __future__ import annotations

from mealplanner.errors import Conflict


class RecipeInUse(Conflict):
    """A menu serves the recipe, or had it written, so its row stays; the foreign keys to it say so."""

    message = "A menu still serves this dish."
