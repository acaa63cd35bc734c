"""The pages to register, to sign in and to sign out."""

from __future__ import annotations

from flask import Response, flash, jsonify, make_response, redirect, url_for

from mealplanner.auth.accounts import Account
from mealplanner.auth.blueprints import auth
from mealplanner.auth.login import sign_in, sign_out
from mealplanner.auth.pages import form_page, next_page, refused
from mealplanner.auth.signing_in import services
from mealplanner.auth.signing_in.schemas import LoginSchema, RegisterSchema
from mealplanner.errors import Invalid, TooMany, Unauthenticated
from mealplanner.web.access import public
from mealplanner.web.clients import client
from mealplanner.web.errors import wants_json
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session


@auth.get("/register")
@public
def register_form() -> Response:
    """Show the form for a new account."""
    return form_page("auth/register.html")


@auth.post("/register")
@public
def register() -> Response:
    """Make the account and sign the person in."""
    try:
        made = services.sign_up(db_session(), **parsed(RegisterSchema(), submitted()), client=client())
    except (Invalid, TooMany) as error:
        return refused("auth/register.html", error)
    sign_in(made)
    sent = f"Welcome. A link to confirm your address is on its way to {made.email}."
    return _onward(made, url_for("preferences.edit"), sent)


@auth.get("/login")
@public
def login_form() -> Response:
    """Show the form to sign in."""
    return form_page("auth/login.html")


@auth.post("/login")
@public
def login() -> Response:
    """Sign the person in and lead them to the page that they wanted to see."""
    try:
        known = services.authenticate(db_session(), **parsed(LoginSchema(), submitted()), client=client())
    except (Invalid, Unauthenticated, TooMany) as error:
        return refused("auth/login.html", error)
    sign_in(known)
    return _onward(known, url_for("home.index"))


@auth.post("/logout")
@public
def logout() -> Response:
    """End this session; asking twice is fine."""
    sign_out()
    return make_response(redirect(url_for("home.index"), 303))


def _onward(known: Account, default: str, message: str = "") -> Response:
    if wants_json():
        return jsonify(email=known.email)
    if message:
        flash(message, "success")
    return make_response(redirect(next_page() or default, 303))
