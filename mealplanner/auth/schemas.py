"""The shape of what people type about their accounts."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from mealplanner.auth.passwords.hashing import LENGTH, MAXIMUM_LENGTH, MINIMUM_LENGTH

NO_ADDRESS = "Enter an e-mail address, like name@example.org."
NO_PASSWORD = "Enter a password."


def said(error: str) -> dict[str, Any]:
    """`error` for a field that is missing, null or of another kind."""
    return dict.fromkeys(("required", "null", "invalid"), error)


class Email(fields.String):
    """An address in its normal form; whether mail arrives there is not asked."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return validate_email(str(text).strip(), check_deliverability=False).normalized
        except EmailNotValidError:
            raise ValidationError(NO_ADDRESS) from None


class Form(Schema):
    """Something people send; what a form has besides its fields, like its token, is none of them."""

    class Meta:
        unknown = EXCLUDE


class LoginSchema(Form):
    """Signing in: nothing is asked of the password, which was chosen long ago."""

    email = Email(required=True, error_messages=said(NO_ADDRESS))
    password = fields.String(
        required=True,
        validate=validate.Length(1, MAXIMUM_LENGTH, error=NO_PASSWORD),
        error_messages=said(NO_PASSWORD),
    )


class RegisterSchema(LoginSchema):
    """Making an account."""

    password = fields.String(
        required=True,
        validate=validate.Length(MINIMUM_LENGTH, MAXIMUM_LENGTH, error=LENGTH),
        error_messages=said(NO_PASSWORD),
    )


class PresentPasswordSchema(Form):
    """Proof that it is the person who asks."""

    present_password = fields.String(
        required=True,
        validate=validate.Length(1, MAXIMUM_LENGTH, error=NO_PASSWORD),
        error_messages=said(NO_PASSWORD),
    )
