"""The pages of accounts: register, sign in, sign out, and who did so lately."""

from __future__ import annotations

from dataclasses import asdict
from zoneinfo import ZoneInfo

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

from mealplanner.auth.accounts import Account
from mealplanner.auth.login import account, confirm_session, keep_session, person, sign_in, sign_out
from mealplanner.auth.passwords import services as changes
from mealplanner.auth.passwords.hashing import MINIMUM_LENGTH
from mealplanner.auth.schemas import LoginSchema, PresentPasswordSchema, RegisterSchema
from mealplanner.auth.signing_in import services, sign_ins
from mealplanner.errors import Invalid, TooMany, Unauthenticated
from mealplanner.web.access import public
from mealplanner.web.clients import client
from mealplanner.web.errors import later, problem, wants_json
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
        made = services.sign_up(db_session(), **parsed(RegisterSchema(), submitted()), client=client())
    except (Invalid, TooMany) as error:
        return _refused("register", error)
    sign_in(made)
    sent = f"Welcome. A link to confirm your address is on its way to {made.email}."
    return _onward(made, url_for("preferences.edit"), sent)


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
        known = services.authenticate(db_session(), **parsed(LoginSchema(), submitted()), client=client())
    except (Invalid, Unauthenticated, TooMany) as error:
        return _refused("login", error)
    sign_in(known)
    return _onward(known, url_for("home.index"))


@auth.post("/logout")
@public
def logout() -> Response:
    """Ends this session; asking twice is fine."""
    sign_out()
    return make_response(redirect(url_for("home.index"), 303))


@auth.get("/confirm")
def confirm_form() -> Response:
    """Asks for the password once more, before something that only the person themselves should do."""
    return _page("confirm")


@auth.post("/confirm")
def confirm() -> Response:
    """Goes on with what the person was about to do."""
    try:
        typed = parsed(PresentPasswordSchema(), submitted())
        changes.check_password(db_session(), account(), password=typed["present_password"], client=client())
    except (Invalid, TooMany) as error:
        return _refused("confirm", error)
    confirm_session(account())
    return _onward(account(), url_for("home.index"), "Thank you. Go on where you were.")


@auth.get("/sign-ins")
def sign_ins_index() -> Response:
    """Who signed in lately, from where, and who tried."""
    found = sign_ins.recent(db_session(), person())
    if wants_json():
        return jsonify(sign_ins=[{**asdict(entry), "at": entry.at.isoformat()} for entry in found])
    zone = ZoneInfo(account().time_zone)
    return make_response(render_template("auth/sign_ins.html", entries=found, zone=zone))


@auth.post("/sign-out-everywhere")
def sign_out_everywhere() -> Response:
    """Ends every other session of the person at once."""
    keep_session(services.end_sessions(db_session(), person()))
    flash("Every other session has ended.", "success")
    return make_response(redirect(url_for("auth.sign_ins_index"), 303))


def _onward(known: Account, default: str, message: str = "") -> Response:
    if wants_json():
        return jsonify(email=known.email)
    if message:
        flash(message, "success")
    return make_response(redirect(safe_next(request.values.get("next")) or default, 303))


def _refused(name: str, error: Invalid | Unauthenticated | TooMany) -> Response:
    """The form as it was typed, with what is wrong; says when to come back if it was too often."""
    if isinstance(error, Invalid):
        return _page(name, 422, str(error), error.errors)
    if isinstance(error, TooMany):
        return later(_page(name, 429, str(error), {"form": [str(error)]}), error)
    return _page(name, 401, str(error), {"form": [str(error)]})


def _page(name: str, status: int = 200, message: str = "", errors: dict[str, list[str]] | None = None) -> Response:
    if errors and wants_json():
        return problem(status, message, errors=errors)
    form = {"email": request.values.get("email", "")}
    target = safe_next(request.values.get("next"))
    page = render_template(f"auth/{name}.html", form=form, errors=errors or {}, next=target, minimum=MINIMUM_LENGTH)
    return make_response(page, status)
