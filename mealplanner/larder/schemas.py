"""What people send about their larder."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, fields, pre_load, validate

from mealplanner.fields import page_number, said
from mealplanner.larder.values import SETTINGS

FOOD: Final = "Say what it is in a word or two, such as spinach or tinned chickpeas."
AMOUNT: Final = "Say how much there is, such as 400 g, 2 tins or 3: more than nothing, and at most 100 kg."
DATE: Final = "Enter a date such as 2026-11-23, or leave it empty."
SEEN: Final = "Please reload the page and send the form again."
YES_OR_NO: Final = "Choose yes or no."


class _Sent(Schema):
    class Meta:
        unknown = EXCLUDE

    @pre_load
    def blanks(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Treat a field that was left empty as one that was left out."""
        return {name: value for name, value in data.items() if value != ""}


def _date() -> fields.Date:
    within = validate.Range(datetime.date(2000, 1, 1), datetime.date(2100, 12, 31), error=DATE)
    return fields.Date(load_default=None, allow_none=True, validate=within, error_messages=said(DATE))


class PageSchema(_Sent):
    """Which page of what is in the house."""

    page = page_number()


class AddSchema(_Sent):
    """A food by its id or what people call it, the amount in words, and until when it keeps."""

    food = fields.String(required=True, validate=validate.Length(1, 500, error=FOOD), error_messages=said(FOOD))
    food_id = fields.String(load_default=None, error_messages=said(FOOD))
    amount = fields.String(load_default="", error_messages=said(AMOUNT))
    best_before = _date()
    always = fields.Boolean(load_default=False, error_messages=said(YES_OR_NO))


class ChangeSchema(_Sent):
    """The amount that is there now; `seen` are the grams that were there when the person looked, `shown` in words."""

    shown = fields.String(load_default=None, error_messages=said(AMOUNT))
    amount = fields.String(required=True, error_messages=said(AMOUNT))
    best_before = _date()
    seen = fields.Decimal(
        required=True,
        validate=validate.Range(Decimal(0), Decimal(10**6), error=SEEN),
        error_messages=said(SEEN) | {"special": SEEN, "too_large": SEEN},
    )


class AlwaysSchema(_Sent):
    """A food, and whether it is always there."""

    food_id = fields.String(required=True, error_messages=said(FOOD))
    always = fields.Boolean(load_default=True, error_messages=said(YES_OR_NO))


SettingsSchema = _Sent.from_dict(
    {name: fields.Boolean(load_default=False, error_messages=said(YES_OR_NO)) for name in SETTINGS},
    name="SettingsSchema",
)
"""What the larder is to do; a box that is not ticked is not sent."""
