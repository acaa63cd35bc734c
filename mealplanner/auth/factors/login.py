"""The second step of signing in, in Flask: what the cookie says of the first one, and the page that asks."""

from __future__ import annotations

from collections.abc import Collection

from flask import jsonify, session

from mealplanner.auth.accounts import Account
from mealplanner.auth.factors import half_way, sealing
from mealplanner.auth.factors.errors import StartAgain
from mealplanner.auth.factors.half_way import HalfWay
from mealplanner.web.clients import now
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import form_page
from mealplanner.web.keys import site_keys
from mealplanner.web.pages import Answer


def ask_second_step(account: Account, password_hash: str, missing: Collection[str]) -> Answer:
    """Keep that the password was right, and ask for a second factor; programs are told which kinds there are."""
    session.update(half_way.noted(account.id, password_hash, now()))
    if wants_json():
        return jsonify(email=account.email, second_step=sorted(missing))
    return form_page("auth/second_step.html")


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
