"""The pages of the administration, for operators. For all others there is nothing at these addresses."""

from __future__ import annotations

import functools
import uuid
from typing import Any, Final

from flask import Blueprint, request

from mealplanner.admin import queries, services
from mealplanner.admin.presentation import accounts_json, overview_json
from mealplanner.auth.factors.services import kinds
from mealplanner.auth.login import fresh_login, local_time, person
from mealplanner.errors import NotAllowed
from mealplanner.web.clients import now
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import done
from mealplanner.web.pages import Answer, View, json_answer, page
from mealplanner.web.transactions import db_session

admin = Blueprint("admin", __name__, url_prefix="/admin")

STEP_FIRST: Final = "You run this site, so your account needs a second step. Set one up, then come back."


def for_operators(view: View) -> View:
    """Answer 404 to all who are no operators, and have those set up a second step first who have none."""

    @functools.wraps(view)
    def guarded(**arguments: Any) -> Answer:
        services.require_operator(db_session(), person())
        if kinds(db_session(), person()):
            return view(**arguments)
        if wants_json():
            raise NotAllowed(STEP_FIRST)
        return done(STEP_FIRST, "account.factors_index")

    return guarded


@admin.get("/")
@for_operators
def index() -> Answer:
    """Show the state of the site."""
    found = queries.overview(db_session())
    if wants_json():
        return json_answer(functools.partial(overview_json, found))
    return page("admin/index.html", found=found, now=now(), zone=local_time().tzinfo)


@admin.get("/accounts")
@for_operators
def accounts() -> Answer:
    """List accounts, a page at a time."""
    begins = request.args.get("q", "").strip().lower()
    found = queries.accounts(db_session(), begins=begins, after=request.args.get("after", ""))
    if wants_json():
        return json_answer(functools.partial(accounts_json, found))
    return page("admin/accounts.html", found=found, begins=begins, zone=local_time().tzinfo, me=person())


@admin.post("/accounts/<uuid:user_id>/close")
@for_operators
@fresh_login
def close(user_id: uuid.UUID) -> Answer:
    """Close an account."""
    email = services.close(db_session(), person(), user_id=user_id, now=now())
    return done(f"{email} is closed and signed out everywhere.", "admin.accounts", q=email)


@admin.post("/accounts/<uuid:user_id>/open")
@for_operators
@fresh_login
def open_again(user_id: uuid.UUID) -> Answer:
    """Open a closed account."""
    email = services.open_again(db_session(), user_id=user_id)
    return done(f"{email} can sign in again.", "admin.accounts", q=email)


@admin.post("/accounts/<uuid:user_id>/confirm")
@for_operators
@fresh_login
def confirm(user_id: uuid.UUID) -> Answer:
    """Count the address of an account as confirmed."""
    email = services.confirm(db_session(), user_id=user_id, now=now())
    return done(f"{email} counts as confirmed.", "admin.accounts", q=email)


@admin.post("/mails/<uuid:mail_id>/send-again")
@for_operators
@fresh_login
def send_again(mail_id: uuid.UUID) -> Answer:
    """Send a mail that failed once more."""
    recipient = services.send_again(db_session(), mail_id=mail_id)
    return done(f"The e-mail to {recipient} is on its way again.", "admin.index")
