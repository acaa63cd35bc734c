"""The pages of accounts: register, sign in, sign out."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user

from mealplanner.auth import services
from mealplanner.auth.guard import SignedIn
from mealplanner.auth.passwords import MINIMUM_LENGTH
from mealplanner.auth.schemas import LoginSchema, RegisterSchema
from mealplanner.errors import Invalid, Unauthenticated
from mealplanner.web.access import public
from mealplanner.web.errors import problem, wants_json
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.security import safe_next
from mealplanner.web.transactions import db_session

auth = Blueprint("auth", __name__, url_prefix="/auth")


@auth.get("/register")
@public
def register_form() -> Response:
    """The form for a new account."""
    return _page("register")


@auth.post("/register")
@public
def register() -> Response:
    """Makes the account and signs the person in."""
    try:
        account = services.register(db_session(), **parsed(RegisterSchema(), submitted()))
    except Invalid as error:
        return _page("register", 422, str(error), error.errors)
    return _welcome(account, url_for("preferences.edit"))


@auth.get("/login")
@public
def login_form() -> Response:
    """The form to sign in."""
    return _page("login")


@auth.post("/login")
@public
def login() -> Response:
    """Signs the person in and leads them where they wanted to go."""
    try:
        account = services.authenticate(db_session(), **parsed(LoginSchema(), submitted()))
    except Invalid as error:
        return _page("login", 422, str(error), error.errors)
    except Unauthenticated as error:
        return _page("login", 401, str(error), {"form": [str(error)]})
    return _welcome(account, url_for("home.index"))


@auth.post("/logout")
@public
def logout() -> Response:
    """Ends this session; asking twice is fine."""
    logout_user()
    session.clear()
    return make_response(redirect(url_for("home.index"), 303))


def _welcome(account: services.Account, default: str) -> Response:
    session.clear()  # whatever was in the cookie before, somebody else may have put there
    login_user(SignedIn(account))
    target = safe_next(request.values.get("next")) or default
    return jsonify(email=account.email) if wants_json() else make_response(redirect(target, 303))


def _page(name: str, status: int = 200, message: str = "", errors: dict[str, list[str]] | None = None) -> Response:
    if errors and wants_json():
        return problem(status, message, errors=errors)
    form = {"email": request.values.get("email", "")}
    target = safe_next(request.values.get("next"))
    page = render_template(f"auth/{name}.html", form=form, errors=errors or {}, next=target, minimum=MINIMUM_LENGTH)
    return make_response(page, status)
