"""Fields that recur in the forms of accounts."""

from __future__ import annotations

from typing import Any, Final

from email_validator import EmailNotValidError, validate_email
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from mealplanner.auth.passwords.hashing import LENGTH, MAXIMUM_LENGTH, MINIMUM_LENGTH

NO_ADDRESS: Final = "Enter an e-mail address, like name@example.org."
NO_PASSWORD: Final = "Enter a password."


def said(error: str) -> dict[str, Any]:
    """Return `error` as the message for a field that is missing, null or of the wrong type."""
    return dict.fromkeys(("required", "null", "invalid"), error)


class Email(fields.String):
    """A valid address, as mail to it is written. Whether mail arrives there is not checked."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return validate_email(str(text).strip(), check_deliverability=False).normalized
        except EmailNotValidError:
            raise ValidationError(NO_ADDRESS) from None


class Form(Schema):
    """A form; what is sent besides its fields, like the security token, is ignored."""

    class Meta:
        unknown = EXCLUDE


def email() -> Email:
    """Return a field for an e-mail address."""
    return Email(required=True, error_messages=said(NO_ADDRESS))


def new_password() -> fields.String:
    """Return a field for a password that is being chosen; how easy it is to guess is checked later."""
    length = validate.Length(MINIMUM_LENGTH, MAXIMUM_LENGTH, error=LENGTH)
    return fields.String(required=True, validate=length, error_messages=said(NO_PASSWORD))


def known_password() -> fields.String:
    """Return a field for a password that was chosen earlier: nothing is asked of it but to be there."""
    length = validate.Length(1, MAXIMUM_LENGTH, error=NO_PASSWORD)
    return fields.String(required=True, validate=length, error_messages=said(NO_PASSWORD))
