"""The forms to register and to sign in."""

from __future__ import annotations

from mealplanner.auth.schemas import Form, email, known_password, new_password


class LoginSchema(Form):
    email = email()
    password = known_password()


class RegisterSchema(Form):
    email = email()
    password = new_password()
