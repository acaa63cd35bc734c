"""The pages around a password: typing it once more, changing it, and choosing another one when it is forgotten."""

from __future__ import annotations

from flask import Response, flash, jsonify, make_response, redirect, url_for

from mealplanner.auth.blueprints import account, auth
from mealplanner.auth.errors import DeadLink
from mealplanner.auth.login import account as me
from mealplanner.auth.login import confirm_session, keep_session
from mealplanner.auth.pages import done, form_page, next_page, refused
from mealplanner.auth.passwords import services
from mealplanner.auth.passwords.schemas import (
    ChangePasswordSchema,
    ForgottenSchema,
    NewPasswordSchema,
    PresentPasswordSchema,
)
from mealplanner.errors import Invalid, TooMany
from mealplanner.web.access import public
from mealplanner.web.clients import client, now
from mealplanner.web.errors import problem, wants_json
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session

SENT = (
    "If there is an account with this address, a mail with a link is on its way. It may have landed in the spam folder."
)


@auth.get("/confirm")
def confirm_form() -> Response:
    """Ask for the password once more, before something that only the person themselves should do."""
    return form_page("auth/confirm.html")


@auth.post("/confirm")
def confirm() -> Response:
    """Go on with what the person was about to do."""
    try:
        typed = parsed(PresentPasswordSchema(), submitted())
        services.check_password(db_session(), me(), password=typed["present_password"], client=client())
    except (Invalid, TooMany) as error:
        return refused("auth/confirm.html", error)
    confirm_session(me())
    if wants_json():
        return jsonify(email=me().email)
    flash("Thank you. You can go on where you were.", "success")
    return make_response(redirect(next_page() or url_for("home.index"), 303))


@account.get("/forgot")
@public
def forgot_form() -> Response:
    """Ask for the address of the account."""
    return form_page("auth/forgot.html")


@account.post("/forgot")
@public
def forgot() -> Response:
    """Mail a link; every address gets the same answer."""
    try:
        services.ask_reset(db_session(), **parsed(ForgottenSchema(), submitted()), client=client())
    except (Invalid, TooMany) as error:
        return refused("auth/forgot.html", error)
    return done(SENT, "auth.login_form")


@account.get("/reset/<token>")
@public
def reset_form(token: str) -> Response:
    """Ask for another password."""
    try:
        link = services.reset_link(db_session(), token, now=now())
    except DeadLink as error:
        return _dead(error)
    return form_page("auth/reset.html", link=link, token=token)


@account.post("/reset/<token>")
@public
def reset(token: str) -> Response:
    """Change the password; the person signs in with it next."""
    try:
        typed = parsed(NewPasswordSchema(), submitted())
        services.reset_password(db_session(), token, **typed, client=client())
    except DeadLink as error:
        return _dead(error)
    except Invalid as error:
        return refused("auth/reset.html", error, token=token)
    return done("Your password is changed. Sign in with it.", "auth.login_form")


@account.get("/account/password")
def password_form() -> Response:
    """Ask for the present password and another one."""
    return form_page("auth/password.html")


@account.post("/account/password")
def change_password() -> Response:
    """Change the password and end every session but this one."""
    try:
        typed = parsed(ChangePasswordSchema(), submitted())
        changed = services.change_password(db_session(), me(), **typed, client=client())
    except (Invalid, TooMany) as error:
        return refused("auth/password.html", error)
    keep_session(changed)
    return done("Your password is changed. Every other session has ended.")


def _dead(error: DeadLink) -> Response:
    if wants_json():
        return problem(404, str(error))
    return form_page("auth/dead_link.html", 404, purpose="reset", why=str(error))
