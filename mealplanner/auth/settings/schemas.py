"""The form for time zone and units."""

from __future__ import annotations

import functools
import zoneinfo
from typing import Any, Final

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


def time_zone(**options: Any) -> fields.String:
    """Return a field for the name of a time zone."""
    return fields.String(validate=_known_zone, error_messages=said(ZONE), **options)


def units(**options: Any) -> fields.String:
    """Return a field for what the person weighs in."""
    known = validate.OneOf(("metric", "imperial"), error=UNITS)
    return fields.String(validate=known, error_messages=said(UNITS), **options)


class SettingsSchema(Form):
    """Where the person is, and how they weigh."""

    time_zone = time_zone(required=True)
    units = units(required=True)
