"""What people send about a dish."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields

from mealplanner.fields import Choice, page_number, said
from mealplanner.recipes.opinions.values import OPINIONS

DISH = "Name a dish by its id."
OPINION = f"Choose one of {' and '.join(OPINIONS)}."


class AboutSchema(Schema):
    """Which page of the dishes, and the one that a person wants to say something of."""

    class Meta:
        unknown = EXCLUDE

    page = page_number()
    about = fields.UUID(load_default=None, error_messages={"invalid_uuid": DISH, **said(DISH)})


class OpinionSchema(Schema):
    """An opinion, whether it is held, and the page to return to."""

    class Meta:
        unknown = EXCLUDE

    opinion = Choice(OPINIONS, OPINION, required=True)
    held = fields.Boolean(load_default=True, error_messages=said("Choose yes or no."))
