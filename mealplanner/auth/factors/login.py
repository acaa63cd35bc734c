"""The second step of signing in, in Flask: what the cookie says of the first one, and the page that asks."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any, Final

from flask import jsonify, request, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer

from mealplanner.auth.accounts import Account
from mealplanner.auth.factors import half_way, passkey_services, sealing
from mealplanner.auth.factors.errors import StartAgain
from mealplanner.auth.factors.half_way import PATIENCE, HalfWay
from mealplanner.auth.factors.passkeys import Answered, BadPasskey, Site, asked_to_show, read_answer
from mealplanner.web.clients import now
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, form_page
from mealplanner.web.keys import site_keys
from mealplanner.web.pages import Answer
from mealplanner.web.parsing import submitted
from mealplanner.web.settings import settings
from mealplanner.web.transactions import db_session

TOO_LATE: Final = "That took too long, or the page was opened in another window. Please try again."


def ask_second_step(account: Account, password_hash: str, missing: Collection[str]) -> Answer:
    """Keep that the password was right, and ask for a second factor; programs are told which kinds there are."""
    session.update(half_way.noted(account.id, password_hash, now()))
    if wants_json():
        return jsonify(email=account.email, second_step=sorted(missing))
    return second_step_page(EMPTY)


def second_step_page(draft: Draft) -> Answer:
    """Return the page that asks for a second factor of the account whose password was right."""
    has = passkey_services.ids(db_session(), half().user_id)
    return form_page("auth/second_step.html", draft, **(passkey_form(has) if has else {}))


def half() -> HalfWay:
    """Return the sign-in that is half way. Raise `StartAgain` if there is none, or it took too long."""
    found = half_way.half_way(session, now())
    if found is None:
        raise StartAgain
    return found


def sealed(secret: str) -> bytes:
    """Return a secret sealed with the site's key."""
    return sealing.seal(secret, site_keys())


def opened(secret: bytes) -> str:
    """Return what was sealed. Raise `Unreadable`."""
    return sealing.opened(secret, site_keys())


def site() -> Site:
    """Return this site as passkeys know it: at the configured address, or else at that of the request."""
    return Site.at(settings().base_url or request.host_url)


def challenge() -> str:
    """Return a text for a passkey to sign, which counts for a while, once, and in this browser only."""
    if "csrf_token" not in session:
        generate_csrf()
    return _challenges().dumps([secrets.token_urlsafe(16), session["csrf_token"]])


def answered() -> Answered:
    """Return what the browser sent for a challenge of its own. Raise `BadPasskey`."""
    found = read_answer(str(submitted().get("credential", "")))
    try:
        _, bound = _challenges().loads(found.challenge, max_age=PATIENCE.seconds)
    except (BadData, ValueError):
        raise BadPasskey(TOO_LATE) from None
    if bound != session.get("csrf_token"):
        raise BadPasskey(TOO_LATE)
    return found


def passkey_form(of: Collection[bytes] = ()) -> dict[str, Any]:
    """Return what a form shows that asks for a passkey: any, or one `of` an account."""
    asked = asked_to_show(site(), challenge=challenge(), of=of)
    return {"passkey": {"options": asked, "trouble": site().trouble}}


def _challenges() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(reversed(site_keys())), salt="challenge of a passkey")
