"""What people send when they ask for a file."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema

from mealplanner.fields import Choice, Decimal
from mealplanner.recipe_files.formats import FORMATS

LEAST = 0.25
MOST = 48.0
FORMAT = f"Choose one of {', '.join(FORMATS)}."
SERVINGS = f"Enter a number of servings from {LEAST:g} to {MOST:g}."


class CollectionSchema(Schema):
    """The format of a file of recipes."""

    class Meta:
        unknown = EXCLUDE

    format = Choice(tuple(FORMATS), FORMAT, load_default="json")


class RecipeFileSchema(CollectionSchema):
    """The format of a file of one recipe, and for how many it is."""

    servings = Decimal(LEAST, MOST, SERVINGS, load_default=1.0)
