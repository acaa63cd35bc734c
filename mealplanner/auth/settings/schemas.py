"""The form for time zone and units."""

from __future__ import annotations

import functools
import zoneinfo
from typing import Final

from marshmallow import ValidationError, fields, validate

from mealplanner.auth.schemas import Form, said

ZONE: Final = "Choose a time zone from the list, like Europe/Berlin."
UNITS: Final = "Choose metric or imperial."


@functools.cache
def time_zones() -> frozenset[str]:
    """Return every name in the database of time zones."""
    return frozenset(zoneinfo.available_timezones())


def _known_zone(name: str) -> None:
    if name not in time_zones():
        raise ValidationError(ZONE)


class SettingsSchema(Form):
    """Where the person is, and how they weigh."""

    time_zone = fields.String(required=True, validate=_known_zone, error_messages=said(ZONE))
    units = fields.String(
        required=True,
        validate=validate.OneOf(("metric", "imperial"), error=UNITS),
        error_messages=said(UNITS),
    )
