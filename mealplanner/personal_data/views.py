"""The pages by which people prove an address, get back in, and look after their account.

A link in a mail leads to a page with a button: programs that open every link in a mail use none of them up.
"""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from mealplanner.auth.errors import DeadLink, EmailTaken
from mealplanner.auth.login import account as me
from mealplanner.auth.login import fresh_login, keep_session, sign_out
from mealplanner.auth.passwords import services as changes
from mealplanner.auth.passwords.hashing import MINIMUM_LENGTH
from mealplanner.auth.settings.schemas import (
    ChangeAddressSchema,
    ChangePasswordSchema,
    DeleteSchema,
    ForgottenSchema,
    NewPasswordSchema,
    SettingsSchema,
)
from mealplanner.errors import Invalid, TooMany
from mealplanner.personal_data import services
from mealplanner.personal_data.presentation import account_json, everything_json, zone_choices
from mealplanner.spending import queries as spending
from mealplanner.web.access import public
from mealplanner.web.clients import client, now
from mealplanner.web.errors import later, problem, wants_json
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session

account = Blueprint("account", __name__, url_prefix="/auth")

SENT = "If there is an account with this address, a mail with a link is on its way. It may lie among the spam."


@account.get("/verify/<token>")
@public
def verify_form(token: str) -> Response:
    """Asks for one click before the address counts as confirmed."""
    try:
        return _page("auth/verify", link=changes.address_link(db_session(), token, now=now()))
    except DeadLink as error:
        return _dead("verify", error)


@account.post("/verify/<token>")
@public
def verify(token: str) -> Response:
    """Confirms the address; a second time is fine."""
    try:
        changes.confirm_address(db_session(), token, now=now())
    except (DeadLink, EmailTaken) as error:
        return _dead("verify", error)
    return _done("Your e-mail address is confirmed.", "home.index")


@account.get("/forgot")
@public
def forgot_form() -> Response:
    """Asks for the address of the account."""
    return _page("auth/forgot")


@account.post("/forgot")
@public
def forgot() -> Response:
    """Answers every address alike."""
    try:
        changes.ask_reset(db_session(), **parsed(ForgottenSchema(), submitted()), client=client())
    except (Invalid, TooMany) as error:
        return _refused("auth/forgot", error)
    return _done(SENT, "auth.login_form")


@account.get("/reset/<token>")
@public
def reset_form(token: str) -> Response:
    """Asks for another password."""
    try:
        return _page("auth/reset", link=changes.reset_link(db_session(), token, now=now()), token=token)
    except DeadLink as error:
        return _dead("reset", error)


@account.post("/reset/<token>")
@public
def reset(token: str) -> Response:
    """Changes the password; the person signs in with it next."""
    try:
        typed = parsed(NewPasswordSchema(), submitted())
        changes.reset_password(db_session(), token, **typed, client=client())
    except DeadLink as error:
        return _dead("reset", error)
    except Invalid as error:
        return _refused("auth/reset", error, token=token)
    return _done("Your password is changed. Sign in with it.", "auth.login_form")


@account.get("/account")
def index() -> Response:
    """What there is to know and to change."""
    if wants_json():
        return jsonify(account_json(me()))
    return _settings(me().time_zone, me().units)


@account.post("/account/settings")
def save_settings() -> Response:
    """Stores time zone and units."""
    try:
        changes.save_settings(db_session(), me(), **parsed(SettingsSchema(), submitted()))
    except Invalid as error:
        return _refused(
            "auth/account", error, zones=zone_choices(), last_asked=spending.last_menu(db_session(), me().id)
        )
    return _done("Your settings are saved.")


@account.post("/account/verify")
def ask_verification() -> Response:
    """Mails another link."""
    changes.ask_verification(db_session(), me(), client=client())
    return _done(f"A link is on its way to {me().email}.")


@account.get("/account/email")
def address_form() -> Response:
    """Asks for another address."""
    return _page("auth/email")


@account.post("/account/email")
def change_address() -> Response:
    """Mails a link to the new address."""
    try:
        typed = parsed(ChangeAddressSchema(), submitted())
        changes.ask_new_address(db_session(), me(), **typed, client=client())
    except (Invalid, TooMany) as error:
        return _refused("auth/email", error)
    return _done(f"A link is on its way to {typed['email']}. The address changes when you open it.")


@account.get("/account/password")
def password_form() -> Response:
    """Asks for the present password and another one."""
    return _page("auth/password")


@account.post("/account/password")
def change_password() -> Response:
    """Changes it and ends every session but this one."""
    try:
        typed = parsed(ChangePasswordSchema(), submitted())
        changed = changes.change_password(db_session(), me(), **typed, client=client())
    except (Invalid, TooMany) as error:
        return _refused("auth/password", error)
    keep_session(changed)
    return _done("Your password is changed. Every other session has ended.")


@account.get("/account/export")
@fresh_login
def export() -> Response:
    """Everything that is stored of the person, as a file."""
    answer = jsonify(everything_json(services.everything(db_session(), me())))
    answer.headers["Content-Disposition"] = "attachment; filename=mealplanner.json"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@account.get("/account/delete")
def delete_form() -> Response:
    """Asks for a tick and the password before everything goes."""
    return _page("personal_data/delete")


@account.post("/account/delete")
def delete() -> Response:
    """Deletes the account."""
    try:
        typed = parsed(DeleteSchema(), submitted())
        services.delete(db_session(), me(), present_password=typed["present_password"], client=client())
    except (Invalid, TooMany) as error:
        return _refused("personal_data/delete", error)
    sign_out()
    return _done("Your account and everything in it is deleted.", "home.index")


def _settings(time_zone: str, units: str) -> Response:
    last_asked = spending.last_menu(db_session(), me().id)
    form = {"time_zone": time_zone, "units": units}
    return _page("auth/account", form=form, zones=zone_choices(), last_asked=last_asked)


def _done(message: str, endpoint: str = "account.index") -> Response:
    if wants_json():
        return jsonify(message=message)
    flash(message, "success")
    return make_response(redirect(url_for(endpoint), 303))


def _refused(template: str, error: Invalid | TooMany, **context: object) -> Response:
    """The form as it was typed, with what is wrong; says when to come back if it was too often."""
    status, errors = (422, error.errors) if isinstance(error, Invalid) else (429, {"form": [str(error)]})
    if wants_json():
        answer = problem(status, str(error), errors=errors)
    else:
        answer = _page(template, status, errors=errors, form=request.form, **context)
    return later(answer, error) if isinstance(error, TooMany) else answer


def _dead(purpose: str, error: DeadLink | EmailTaken) -> Response:
    """Why the link does nothing, and how to get another one."""
    status, why = (422, error.errors["email"][0]) if isinstance(error, Invalid) else (404, str(error))
    return problem(status, why) if wants_json() else _page("auth/dead_link", status, purpose=purpose, why=why)


def _page(template: str, status: int = 200, **context: object) -> Response:
    values = {"form": {}, "errors": {}, "minimum": MINIMUM_LENGTH, **context}
    return make_response(render_template(f"{template}.html", **values), status)
