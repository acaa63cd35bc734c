"""The shape of what people ask of recipes."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

SERVINGS = "Enter a number of servings from 0.25 to 48."


class ServingsSchema(Schema):
    """For how many servings a recipe is shown."""

    class Meta:
        unknown = EXCLUDE

    servings = fields.Float(
        load_default=1.0,
        validate=validate.Range(0.25, 48, error=SERVINGS),
        error_messages={"invalid": SERVINGS, "special": SERVINGS},
    )
