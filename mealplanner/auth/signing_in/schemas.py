"""The forms to register and to sign in."""

from __future__ import annotations

from mealplanner.auth.schemas import Form, email, known_password, new_password
from mealplanner.auth.settings.schemas import dates, hours, time_zone, units


class LoginSchema(Form):
    """What signing in takes."""

    email = email()
    password = known_password()


class RegisterSchema(Form):
    """What a new account takes."""

    email = email()
    password = new_password()
    time_zone = time_zone(load_default="UTC")
    units = units(load_default="metric")
    hours = hours(load_default="24h")
    dates = dates(load_default="day-first")
