"""The pages that confirm an e-mail address and change it.

A link in a mail leads to a page with a button, so programs that open every link in a mail use none of them up.
"""

from __future__ import annotations

from flask import Response

from mealplanner.auth.addresses import services
from mealplanner.auth.addresses.schemas import ChangeAddressSchema
from mealplanner.auth.blueprints import account
from mealplanner.auth.errors import DeadLink, EmailTaken
from mealplanner.auth.login import account as me
from mealplanner.auth.pages import done, form_page, refused
from mealplanner.errors import Invalid, TooMany
from mealplanner.web.access import public
from mealplanner.web.clients import client, now
from mealplanner.web.errors import problem, wants_json
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session


@account.get("/verify/<token>")
@public
def verify_form(token: str) -> Response:
    """Ask for one click before the address counts as confirmed."""
    try:
        return form_page("auth/verify.html", link=services.address_link(db_session(), token, now=now()))
    except DeadLink as error:
        return _dead(error)


@account.post("/verify/<token>")
@public
def verify(token: str) -> Response:
    """Confirm the address; a second time is fine."""
    try:
        services.confirm_address(db_session(), token, now=now())
    except (DeadLink, EmailTaken) as error:
        return _dead(error)
    return done("Your e-mail address is confirmed.", "home.index")


@account.post("/account/verify")
def ask_verification() -> Response:
    """Mail another link."""
    services.ask_verification(db_session(), me(), client=client())
    return done(f"A link is on its way to {me().email}.")


@account.get("/account/email")
def address_form() -> Response:
    """Ask for another address."""
    return form_page("auth/email.html")


@account.post("/account/email")
def change_address() -> Response:
    """Mail a link to the new address."""
    try:
        typed = parsed(ChangeAddressSchema(), submitted())
        services.ask_new_address(db_session(), me(), **typed, client=client())
    except (Invalid, TooMany) as error:
        return refused("auth/email.html", error)
    return done(f"A link is on its way to {typed['email']}. The address changes when you open it.")


def _dead(error: DeadLink | EmailTaken) -> Response:
    """Say why the link does nothing, and how to get another one."""
    status, why = (422, error.errors["email"][0]) if isinstance(error, Invalid) else (404, str(error))
    return problem(status, why) if wants_json() else form_page("auth/dead_link.html", status, purpose="verify", why=why)
