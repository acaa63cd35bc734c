"""The shape of what people type when they change something about their account."""

from __future__ import annotations

import functools
import zoneinfo

from marshmallow import ValidationError, fields, validate

from mealplanner.auth.passwords.hashing import LENGTH, MAXIMUM_LENGTH, MINIMUM_LENGTH
from mealplanner.auth.schemas import NO_ADDRESS, NO_PASSWORD, Email, Form, PresentPasswordSchema, said

ZONE = "Choose a time zone from the list, like Europe/Berlin."
UNITS = "Choose metric or imperial."
SURE = "Tick this if everything may go."


@functools.cache
def time_zones() -> frozenset[str]:
    """Every name that the database of time zones knows."""
    return frozenset(zoneinfo.available_timezones())


def _known_zone(name: str) -> None:
    if name not in time_zones():
        raise ValidationError(ZONE)


class ForgottenSchema(Form):
    """Whose password was forgotten."""

    email = Email(required=True, error_messages=said(NO_ADDRESS))


class NewPasswordSchema(Form):
    """Another password; how easy it is to guess is for a service to say."""

    password = fields.String(
        required=True,
        validate=validate.Length(MINIMUM_LENGTH, MAXIMUM_LENGTH, error=LENGTH),
        error_messages=said(NO_PASSWORD),
    )


class DeleteSchema(PresentPasswordSchema):
    """The end of an account, wanted twice: by a tick and by the password."""

    sure = fields.Boolean(required=True, validate=validate.Equal(True, error=SURE), error_messages=said(SURE))


class ChangePasswordSchema(NewPasswordSchema, PresentPasswordSchema):
    """One password for another."""


class ChangeAddressSchema(PresentPasswordSchema):
    """Another e-mail address."""

    email = Email(required=True, error_messages=said(NO_ADDRESS))


class SettingsSchema(Form):
    """Where the person is, and how they weigh."""

    time_zone = fields.String(required=True, validate=_known_zone, error_messages=said(ZONE))
    units = fields.String(
        required=True,
        validate=validate.OneOf(("metric", "imperial"), error=UNITS),
        error_messages=said(UNITS),
    )
