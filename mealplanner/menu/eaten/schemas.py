"""What people send about what they ate."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, pre_load, validate

from mealplanner.fields import Whole, said

DATE = "Enter a date such as 2026-11-23, not later than today."
YES_OR_NO = "Choose yes or no."
VERSION = "Please reload the page and send the form again."


def past_date() -> fields.Date:
    """Return a field for a date; one that is later than today is for the service to refuse."""
    within = validate.Range(datetime.date(2000, 1, 1), datetime.date(2100, 12, 31), error=DATE)
    return fields.Date(load_default=None, allow_none=True, validate=within, error_messages=said(DATE))


class UntilSchema(Schema):
    """The last day of a page of the history."""

    class Meta:
        unknown = EXCLUDE

    until = past_date()


class VersionSchema(Schema):
    """The version of the menu that was seen."""

    class Meta:
        unknown = EXCLUDE

    version = Whole(1, 2**31 - 1, VERSION, required=True)


class PastMealSchema(VersionSchema):
    """What is known of a meal of the past."""

    eaten = fields.Boolean(required=True, error_messages=said(YES_OR_NO))
    eaten_on = past_date()
    cooked = fields.Boolean(load_default=None, error_messages=said(YES_OR_NO))

    @pre_load
    def blanks(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Treat a field that was left empty as one that was left out."""
        return {name: value for name, value in data.items() if value != ""}
