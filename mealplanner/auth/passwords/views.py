"""The pages around a password: typing it once more, changing it, and choosing another one when it is forgotten."""

from __future__ import annotations

from flask import jsonify

from mealplanner.auth.api_tokens import services as api_tokens
from mealplanner.auth.blueprints import account, auth
from mealplanner.auth.links.pages import explains_dead_links
from mealplanner.auth.login import account as me
from mealplanner.auth.login import confirm_session, keep_session, person, prove, renewal
from mealplanner.auth.passwords import services
from mealplanner.auth.passwords.hashing import MINIMUM_LENGTH, chosen
from mealplanner.auth.passwords.schemas import (
    ChangePasswordSchema,
    ForgottenSchema,
    NewPasswordSchema,
    PresentPasswordSchema,
)
from mealplanner.web.access import public
from mealplanner.web.clients import client, now
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, done, form_page, go_on, sent_from
from mealplanner.web.pages import Answer
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session, request_unit_of_work

SENT = "If this address has an account, an e-mail with a link is on its way. Please check your spam folder too."


@auth.get("/confirm")
def confirm_form(draft: Draft = EMPTY) -> Answer:
    """Ask for the password once more, before something that only the person themselves should do."""
    return form_page("auth/confirm.html", draft)


@auth.post("/confirm")
@sent_from(confirm_form)
def confirm() -> Answer:
    """Go on with what the person was about to do."""
    prove(parsed(PresentPasswordSchema(), submitted())["present_password"])
    confirm_session(me())
    if wants_json():
        return jsonify(email=me().email)
    return go_on("home.index", "Thank you. You can pick up where you left off.")


@account.get("/forgot")
@public
def forgot_form(draft: Draft = EMPTY) -> Answer:
    """Ask for the address of the account."""
    return form_page("auth/forgot.html", draft)


@account.post("/forgot")
@sent_from(forgot_form)
@public
def forgot() -> Answer:
    """Mail a link; every address gets the same answer."""
    services.ask_reset(db_session(), **parsed(ForgottenSchema(), submitted()), client=client())
    return done(SENT, "auth.login_form")


@account.get("/reset/<token>")
@explains_dead_links("reset")
@public
def reset_form(token: str, draft: Draft = EMPTY) -> Answer:
    """Ask for another password."""
    link = services.reset_link(db_session(), token, now=now())
    tokens = api_tokens.names(db_session(), link.user_id, now=now())
    return form_page("auth/reset.html", draft, link=link, token=token, tokens=tokens, minimum=MINIMUM_LENGTH)


@account.post("/reset/<token>")
@explains_dead_links("reset")
@sent_from(reset_form)
@public
def reset(token: str) -> Answer:
    """Change the password; the person signs in with it next."""
    typed, visitor = parsed(NewPasswordSchema(), submitted()), client()
    link = services.reset_link(db_session(), token, now=visitor.now)
    request_unit_of_work().release()
    password_hash = chosen(typed["password"], email=link.email)
    ended = services.reset_password(db_session(), token, link, password_hash=password_hash, client=visitor)
    changed = f"Your password is changed{', and your API tokens are ended' if ended else ''}."
    return done(f"{changed} Please sign in with the new password.", "auth.login_form")


@account.get("/account/password")
def password_form(draft: Draft = EMPTY) -> Answer:
    """Ask for the present password and another one."""
    tokens = api_tokens.names(db_session(), person(), now=now())
    form = draft.or_else({})
    return form_page("auth/password.html", draft, form=form, tokens=tokens, minimum=MINIMUM_LENGTH)


@account.post("/account/password")
@sent_from(password_form)
def change_password() -> Answer:
    """Change the password and end every session but this one, and the API tokens if that is asked for."""
    typed = parsed(ChangePasswordSchema(), submitted())
    request_unit_of_work().release()
    password_hash = chosen(typed["password"], email=me().email)
    proof, renewed = prove(typed["present_password"]), renewal()
    tokens = {"end_tokens": typed["end_tokens"]}
    changed = services.change_password(
        db_session(), me(), proof=proof, password_hash=password_hash, but=renewed, client=client(), **tokens
    )
    keep_session(changed, renewed)
    ended = " Your API tokens are ended." if typed["end_tokens"] else ""
    return done(f"Your password is changed. You're signed out everywhere else.{ended}", "account.index")
