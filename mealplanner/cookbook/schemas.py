"""What people send to the pages of dishes."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema

from mealplanner.fields import Choice, Decimal, Whole

RATING = "Choose 1 for “more often”, -1 for “never again” or 0 for neither."
SERVINGS = "Enter a number of servings from 0.25 to 48."


class ServingsSchema(Schema):
    """How many servings to show a recipe for."""

    class Meta:
        unknown = EXCLUDE

    servings = Decimal(0.25, 48, SERVINGS, load_default=1.0)


class RatingSchema(ServingsSchema):
    """A rating, and the page to return to: the recipe for some servings, or the list of dishes."""

    value = Whole(-1, 1, RATING, required=True)
    back = Choice(("recipe", "list"), "Choose recipe or list.", load_default="recipe")
