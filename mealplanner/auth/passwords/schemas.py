"""The forms around a password: proving that one knows it, and choosing another one."""

from __future__ import annotations

from marshmallow import fields

from mealplanner.auth.schemas import Form, email, known_password, new_password, said


class ForgottenSchema(Form):
    """The account whose password was forgotten."""

    email = email()


class NewPasswordSchema(Form):
    """Another password."""

    password = new_password()


class PresentPasswordSchema(Form):
    """Proof that it is the person who asks."""

    present_password = known_password()


class ChangePasswordSchema(NewPasswordSchema, PresentPasswordSchema):
    """One password for another, and whether API tokens end with it."""

    end_tokens = fields.Boolean(load_default=False, error_messages=said("Say yes or no."))
