"""The keys of the site, in one place: the first signs, and what either signed counts.

Whatever is signed or derived from a key takes its keys from here, so that a key can be replaced while sessions, pages
that are open and secret addresses go on (docs/operations.md).
"""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from mealplanner.unguessable import Keys

_KEY = "mealplanner.keys"


def init_keys(app: Flask, keys: Keys) -> None:
    """Have `app` sign cookies and the tokens of forms with the first of `keys`, and take those of all."""
    app.extensions[_KEY] = keys
    app.secret_key = keys[0]
    app.config["SECRET_KEY_FALLBACKS"] = list(keys[1:])
    app.config["WTF_CSRF_SECRET_KEY"] = _oldest_first(keys)


def site_keys() -> Keys:
    """Return the keys of this application."""
    found: Keys = current_app.extensions[_KEY]
    return found


def key_of_cookie() -> str | None:
    """Return the key that signed the session's cookie of this request; None if it was none of the site's."""
    interface = current_app.session_interface
    signer = interface.get_signing_serializer(current_app)  # type: ignore[attr-defined]  # Flask's own interface
    cookie = request.cookies.get(interface.get_cookie_name(current_app), "")
    for key in site_keys():
        signer.secret_keys = [key.encode()]
        with suppress(BadSignature):
            signer.loads(cookie)
            return key
    return None


def serializer(salt: str) -> URLSafeSerializer:
    """Return what signs values for one purpose, which `salt` names."""
    return URLSafeSerializer(_oldest_first(site_keys()), salt=salt)


def _oldest_first(keys: Keys) -> list[str]:
    return list(reversed(keys))  # as itsdangerous takes them: the last one signs
