"""The form for time zone and units."""

from __future__ import annotations

import functools
import zoneinfo
from typing import Any, Final

from marshmallow import ValidationError, fields, validate

from mealplanner.auth.schemas import Form, said

ZONE: Final = "Choose a time zone from the list, like Europe/Berlin."
UNITS: Final = "Choose metric or imperial."
HOURS: Final = "Choose 12h or 24h."
DATES: Final = "Choose day-first or month-first."


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


def dates(**options: Any) -> fields.String:
    """Return a field for how the person writes a date."""
    known = validate.OneOf(("day-first", "month-first"), error=DATES)
    return fields.String(validate=known, error_messages=said(DATES), **options)


def hours(**options: Any) -> fields.String:
    """Return a field for how the person reads the time."""
    known = validate.OneOf(("12h", "24h"), error=HOURS)
    return fields.String(validate=known, error_messages=said(HOURS), **options)


class SettingsSchema(Form):
    """Where the person is, how they weigh, and how they read times and dates; what is left out stays as it is."""

    time_zone = time_zone(required=True)
    units = units(required=True)
    hours = hours()
    dates = dates()
