"""What can go wrong with recipes."""

from __future__ import annotations

from mealplanner.errors import Conflict


class RecipeInUse(Conflict):
    """A menu serves the recipe, so its row stays; the foreign key of meals says so."""

    message = "A menu still serves this dish."
