"""The pages to register, to sign in and to sign out."""

from __future__ import annotations

from functools import partial

from flask import jsonify, request

from mealplanner.auth.blueprints import auth
from mealplanner.auth.errors import DeadInvitation
from mealplanner.auth.factors import passkey_services as passkeys
from mealplanner.auth.factors.login import answered, ask_second_step, passkey_form, site
from mealplanner.auth.invitations import services as invitations
from mealplanner.auth.login import known_accounts, new_session, sign_in, sign_out
from mealplanner.auth.passwords.hashing import MINIMUM_LENGTH, chosen, verified
from mealplanner.auth.settings.presentation import dates_of, hours_of, units_of, zone_choices
from mealplanner.auth.signing_in import registration, services
from mealplanner.auth.signing_in.schemas import LoginSchema, RegisterSchema
from mealplanner.errors import Unauthenticated
from mealplanner.throttle import services as throttle
from mealplanner.web.access import public
from mealplanner.web.clients import client
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, form_page, go_on, see, sent_from
from mealplanner.web.pages import Answer
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.settings import settings
from mealplanner.web.transactions import db_session, run_apart


@auth.get("/register")
@public
def register_form(draft: Draft = EMPTY) -> Answer:
    """Show the form for a new account, unless the site takes none."""
    return _registration(draft, welcome=registration.is_open(db_session(), settings().registration))


def _registration(draft: Draft, *, welcome: bool) -> Answer:
    """Return the form, with the time zone and the units to choose where no script fills them in."""
    language = next(iter(request.accept_languages.values()), None)
    form = draft.or_else({"units": units_of(language), "hours": hours_of(language), "dates": dates_of(language)})
    context = {"form": form, "zones": zone_choices(), "minimum": MINIMUM_LENGTH, "welcome": welcome}
    return form_page("auth/register.html", draft, **context)


@auth.post("/register")
@sent_from(register_form)
@public
def register() -> Answer:
    """Make the account and sign the person in."""
    return _registered()


@auth.get("/register/<invitation>")
@public
def invitation_form(invitation: str, draft: Draft = EMPTY) -> Answer:
    """Show the form to a person who was invited. Count invitations that do nothing."""
    try:
        invitations.look_at(db_session(), invitation, now=client().now)
    except DeadInvitation:
        run_apart(throttle.wrong, "invitation", client=client())
        raise
    return _registration(draft, welcome=settings().registration != "closed")


@auth.post("/register/<invitation>")
@sent_from(invitation_form)
@public
def register_invited(invitation: str) -> Answer:
    """Make the account of a person who was invited and sign them in."""
    return _registered(invitation)


def _registered(invitation: str | None = None) -> Answer:
    typed, visitor = parsed(RegisterSchema(), submitted()), client()
    run_apart(partial(throttle.spend, action="register", client=visitor))
    password_hash = chosen(typed.pop("password"), email=typed["email"])
    new, policy = new_session(), settings().registration
    made = services.register(
        db_session(),
        **typed,
        password_hash=password_hash,
        client=visitor,
        new=new,
        policy=policy,
        invitation=invitation,
    )
    sign_in(made, new)
    if wants_json():
        return jsonify(email=made.email)
    return go_on(
        "preferences.edit", f"Welcome! A link to confirm your address is on its way to {made.email}.", part="food"
    )


@auth.get("/login")
@public
def login_form(draft: Draft = EMPTY) -> Answer:
    """Show the form to sign in."""
    return form_page("auth/login.html", draft, provider=settings().provider, **passkey_form())


@auth.post("/login")
@sent_from(login_form, Unauthenticated)
@public
def login() -> Answer:
    """Sign the person in and lead them to the page that they wanted to see."""
    typed, visitor = parsed(LoginSchema(), submitted()), client()
    attempt = run_apart(services.begin, email=typed["email"], client=visitor)
    password_hash = verified(typed["password"], attempt.password_hash)
    new = new_session()
    account, missing = services.finish(
        db_session(), attempt, password_hash=password_hash, new=new, known=known_accounts(), client=visitor
    )
    if missing:
        return ask_second_step(account, str(password_hash), missing)
    sign_in(account, new)
    return jsonify(email=account.email) if wants_json() else go_on("home.index")


@auth.post("/passkey")
@sent_from(login_form, Unauthenticated)
@public
def sign_in_with_passkey() -> Answer:
    """Sign the person in by a passkey alone, and lead them to the page that they wanted to see."""
    visitor, new = client(), new_session()
    counted = run_apart(passkeys.count, client=visitor)
    account = passkeys.enter(db_session(), answered(), site(), counted, new=new, known=known_accounts(), client=visitor)
    sign_in(account, new)
    return jsonify(email=account.email) if wants_json() else go_on("home.index")


@auth.post("/logout")
@public
def logout() -> Answer:
    """End this session; asking twice is fine."""
    sign_out()
    return see("home.index")
