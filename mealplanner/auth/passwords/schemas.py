"""The forms around a password: proving that one knows it, and choosing another one."""

from __future__ import annotations

from mealplanner.auth.schemas import Form, email, known_password, new_password


class ForgottenSchema(Form):
    email = email()


class NewPasswordSchema(Form):
    password = new_password()


class PresentPasswordSchema(Form):
    present_password = known_password()


class ChangePasswordSchema(NewPasswordSchema, PresentPasswordSchema):
    pass
