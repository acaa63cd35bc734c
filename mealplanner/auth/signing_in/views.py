"""The pages to register, to sign in and to sign out."""

from __future__ import annotations

from flask import jsonify

from mealplanner.auth.blueprints import auth
from mealplanner.auth.login import sign_in, sign_out
from mealplanner.auth.passwords.hashing import MINIMUM_LENGTH
from mealplanner.auth.signing_in import services
from mealplanner.auth.signing_in.schemas import LoginSchema, RegisterSchema
from mealplanner.errors import Unauthenticated
from mealplanner.web.access import public
from mealplanner.web.clients import client
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, form_page, go_on, see, sent_from
from mealplanner.web.pages import Answer
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session


@auth.get("/register")
@public
def register_form(draft: Draft = EMPTY) -> Answer:
    """Show the form for a new account."""
    return form_page("auth/register.html", draft, minimum=MINIMUM_LENGTH)


@auth.post("/register")
@sent_from(register_form)
@public
def register() -> Answer:
    """Make the account and sign the person in."""
    made = services.sign_up(db_session(), **parsed(RegisterSchema(), submitted()), client=client())
    sign_in(made)
    if wants_json():
        return jsonify(email=made.email)
    return go_on("preferences.edit", f"Welcome. A link to confirm your address is on its way to {made.email}.")


@auth.get("/login")
@public
def login_form(draft: Draft = EMPTY) -> Answer:
    """Show the form to sign in."""
    return form_page("auth/login.html", draft)


@auth.post("/login")
@sent_from(login_form, Unauthenticated)
@public
def login() -> Answer:
    """Sign the person in and lead them to the page that they wanted to see."""
    known = services.authenticate(db_session(), **parsed(LoginSchema(), submitted()), client=client())
    sign_in(known)
    return jsonify(email=known.email) if wants_json() else go_on("home.index")


@auth.post("/logout")
@public
def logout() -> Answer:
    """End this session; asking twice is fine."""
    sign_out()
    return see("home.index")
