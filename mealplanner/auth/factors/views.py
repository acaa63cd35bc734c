"""The pages of second factors: the second step of signing in, and setting factors up and removing them."""

from __future__ import annotations

import secrets
import uuid
from zoneinfo import ZoneInfo

import pyotp
from flask import jsonify

from mealplanner.auth.blueprints import account, auth
from mealplanner.auth.factors import passkey_services as passkeys
from mealplanner.auth.factors import second_step, services
from mealplanner.auth.factors.codes import address_for_apps, in_groups, qr_code
from mealplanner.auth.factors.login import answered, challenge, half, opened, sealed, second_step_page, site
from mealplanner.auth.factors.passkeys import asked_to_create
from mealplanner.auth.factors.presentation import factors_json
from mealplanner.auth.factors.schemas import PasskeySchema, SecondStepSchema, SetUpSchema
from mealplanner.auth.links.pages import explains_dead_links
from mealplanner.auth.login import account as me
from mealplanner.auth.login import fresh_login, known_accounts, new_session, sign_in
from mealplanner.web.access import public
from mealplanner.web.clients import client, now
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, done, form_page, go_on, sent_from
from mealplanner.web.pages import Answer, page
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session, run_apart


@auth.get("/second-step")
@public
def second_step_form(draft: Draft = EMPTY) -> Answer:
    """Ask for a second factor, after the password."""
    return second_step_page(draft)


@auth.post("/second-step")
@sent_from(second_step_form)
@public
def second_step_code() -> Answer:
    """Sign the person in by a code, and lead them to the page that they wanted to see."""
    code, waiting, visitor, new = parsed(SecondStepSchema(), submitted())["code"], half(), client(), new_session()
    counted = run_apart(second_step.count, waiting, client=visitor)
    entered = second_step.enter(
        db_session(), waiting, counted, code=code, open_=opened, new=new, known=known_accounts(), client=visitor
    )
    sign_in(entered, new)
    return jsonify(email=entered.email) if wants_json() else go_on("home.index")


@auth.post("/second-step/passkey")
@sent_from(second_step_form)
@public
def second_step_passkey() -> Answer:
    """Sign the person in by a passkey, after the password."""
    waiting, visitor, new = half(), client(), new_session()
    counted = run_apart(second_step.count, waiting, client=visitor)
    entered = passkeys.enter_second(
        db_session(), waiting, answered(), site(), counted, new=new, known=known_accounts(), client=visitor
    )
    sign_in(entered, new)
    return jsonify(email=entered.email) if wants_json() else go_on("home.index")


@auth.post("/second-step/lost")
@sent_from(second_step_form)
@public
def second_step_lost() -> Answer:
    """Mail a link that takes the second step away."""
    second_step.ask_removal(db_session(), half(), client=client())
    return done("A link is on its way to your e-mail address. Open it, then sign in again.", "auth.login_form")


@account.get("/factors-off/<token>")
@explains_dead_links("factors")
@public
def remove_factors_form(token: str) -> Answer:
    """Ask for one click before the second step goes."""
    link = second_step.removal_link(db_session(), token, now=now())
    return page("auth/remove_factors.html", link=link, token=token)


@account.post("/factors-off/<token>")
@explains_dead_links("factors")
@public
def remove_factors(token: str) -> Answer:
    """Take every factor away; the password is enough from then on."""
    second_step.remove_by_link(db_session(), token, client=client())
    return done("The second step is off. Sign in with your password, and set it up anew.", "auth.login_form")


@account.get("/account/factors")
def factors_index() -> Answer:
    """Show what the account has."""
    found = services.factors(db_session(), me().id)
    if wants_json():
        return jsonify(factors_json(found))
    return page("auth/factors.html", factors=found, zone=ZoneInfo(me().time_zone))


@account.get("/account/factors/app")
@fresh_login
def app_form(draft: Draft = EMPTY) -> Answer:
    """Show a new secret as a QR code and as text, the same again after a wrong code."""
    setup = draft.or_else({}).get("setup") or sealed(pyotp.random_base32()).decode()
    secret = opened(setup.encode())
    shown = {"setup": setup, "secret": in_groups(secret), "qr": qr_code(address_for_apps(secret, me().email))}
    return form_page("auth/app.html", draft, **shown)


@account.post("/account/factors/app")
@fresh_login
@sent_from(app_form)
def add_app() -> Answer:
    """Set up the app, once it shows the right code."""
    typed = parsed(SetUpSchema(), submitted())
    sealed_secret = typed["setup"].encode()
    given = {"secret": opened(sealed_secret), "sealed": sealed_secret, "code": typed["code"]}
    codes = services.add_app(db_session(), me(), **given, random_bytes=secrets.token_bytes, client=client())
    return shown_once(codes, "Your authenticator app is set up.")


@account.post("/account/factors/app/remove")
@fresh_login
def remove_app() -> Answer:
    """Take the app away."""
    services.remove_app(db_session(), me(), client=client())
    return done("The authenticator app is removed.", "account.factors_index")


@account.get("/account/passkeys/new")
@fresh_login
def passkey_form(draft: Draft = EMPTY) -> Answer:
    """Ask the browser for a new passkey, and for its name."""
    has = passkeys.ids(db_session(), me().id)
    options = asked_to_create(site(), me().id, me().email, has=has, challenge=challenge())
    return form_page("auth/passkey.html", draft, options=options, trouble=site().trouble, device=client().browser)


@account.post("/account/passkeys/new")
@fresh_login
@sent_from(passkey_form)
def add_passkey() -> Answer:
    """Add the passkey that the browser made."""
    name = parsed(PasskeySchema(), submitted())["name"]
    codes = passkeys.add(
        db_session(), me(), answered(), site(), name=name, random_bytes=secrets.token_bytes, client=client()
    )
    return shown_once(codes, "Your passkey is added.")


@account.post("/account/passkeys/<uuid:passkey_id>/remove")
@fresh_login
def remove_passkey(passkey_id: uuid.UUID) -> Answer:
    """Take a passkey away."""
    passkeys.remove(db_session(), me(), passkey_id, client=client())
    return done("The passkey is removed.", "account.factors_index")


@account.post("/account/factors/codes")
@fresh_login
def renew_codes() -> Answer:
    """Make new recovery codes and show them once."""
    codes = services.renew_codes(db_session(), me(), random_bytes=secrets.token_bytes, client=client())
    return shown_once(codes, "Your old recovery codes no longer work.")


def shown_once(codes: list[str], message: str) -> Answer:
    """Show recovery codes with `message`, or without codes lead back with it."""
    if wants_json():
        return jsonify(message=message, recovery_codes=codes)
    if not codes:
        return done(message, "account.factors_index")
    return page("auth/codes.html", codes=codes, message=message)
