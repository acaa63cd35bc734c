"""What people send to the pages of recipes."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

RATING = "Choose 1 for “more often”, -1 for “never again” or 0 for neither."
SERVINGS = "Enter a number of servings from 0.25 to 48."


class ServingsSchema(Schema):
    """How many servings to show a recipe for."""

    class Meta:
        unknown = EXCLUDE

    servings = fields.Float(
        load_default=1.0,
        validate=validate.Range(0.25, 48, error=SERVINGS),
        error_messages={"invalid": SERVINGS, "special": SERVINGS},
    )


class RatingSchema(ServingsSchema):
    """A rating, and the page to return to: the recipe for some servings, or the list of dishes."""

    value = fields.Integer(
        required=True,
        validate=validate.OneOf((-1, 0, 1), error=RATING),
        error_messages={"required": RATING, "invalid": RATING, "null": RATING},
    )
    back = fields.String(load_default="recipe", validate=validate.OneOf(("recipe", "list")))
