"""The forms around second factors."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields, validate

from mealplanner.auth.factors.codes import typed_code
from mealplanner.auth.schemas import Form, said
from mealplanner.fields import Line

NO_CODE: Final = "Enter the 6 digits that your app shows, or one of your recovery codes."
NO_NAME: Final = "Give it a name of up to 60 characters, like the device that has it."
SIX_DIGITS: Final = "Enter the 6 digits that your app shows."


class Code(fields.String):
    """A code, however it is grouped."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return typed_code(str(super()._deserialize(value, attr, data, **kwargs)))


class SecondStepSchema(Form):
    """A code of an app, or a recovery code."""

    code = Code(required=True, validate=validate.Length(1, 64, error=NO_CODE), error_messages=said(NO_CODE))


class SetUpSchema(Form):
    """The secret that was shown, sealed, and the code that the app made of it."""

    setup = fields.String(required=True, validate=validate.Length(1, 500))
    code = Code(
        required=True, validate=validate.Regexp(r"[0-9]{6}\Z", error=SIX_DIGITS), error_messages=said(SIX_DIGITS)
    )


class PasskeySchema(Form):
    """What the person calls a passkey."""

    name = Line(60, NO_NAME, required=True)
