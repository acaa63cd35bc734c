"""Two guards against forms that other sites make a browser send: where it stood, and the token of its cookie."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from flask import current_app, request, session
from flask_wtf.csrf import CSRFError, generate_csrf, validate_csrf
from werkzeug.exceptions import Forbidden
from wtforms import ValidationError

from mealplanner.web.application import Application
from mealplanner.web.bearer import bearer
from mealplanner.web.origins import Sender, origin, sender
from mealplanner.web.policy import SAFE_METHODS

log = logging.getLogger(__name__)

THIS_MACHINE: Final = ("localhost", "127.0.0.1", "::1")
"""Hosts under which the site answers on its own machine, whatever its address is."""

NO_TOKEN: Final = "This form came without the security token that every page has."
NO_COOKIE: Final = (
    "Your browser did not send the cookie that belongs to this page: you signed out meanwhile, it has expired, or "
    "cookies are blocked for this site."
)
OLD_TOKEN: Final = "This page was opened before you last signed in or out."

_KEY: Final = "mealplanner.origin"


def init_forgery(app: Application, base_url: str | None) -> None:
    """Refuse what other sites send; `require_token` must be added to `app.before_view` after the sign-in is asked for.

    With a `base_url` its origin is the only one, except on the machine itself.
    """
    app.extensions[_KEY] = origin(base_url) if base_url else None
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the cookie it belongs to
    app.jinja_env.globals["csrf_token"] = generate_csrf
    app.before_view.append(refuse_foreign)


def sent_by() -> Sender:
    """Return where this request was sent from."""
    ours: str | None = current_app.extensions.get(_KEY)
    origins = {ours}
    if ours is None or urlsplit(f"//{request.host}").hostname in THIS_MACHINE:
        schemes = ("https",) if request.is_secure else ("http", "https")  # a proxy may not tell of its TLS
        origins |= {origin(f"{scheme}://{request.host}") for scheme in schemes}
    return sender(request.headers, {known for known in origins if known is not None})


def refuse_foreign(_view: Callable[..., Any]) -> None:
    """Raise `Forbidden` for a form of another site."""
    if request.method in SAFE_METHODS:
        return
    found = sent_by()
    if found.ours is False:
        ours = current_app.extensions[_KEY] or request.host
        log.warning("refused %s %s: %s, but this site is %s", request.method, request.endpoint, found.said, ours)
        raise Forbidden(
            f"Your browser says that this was sent from another address ({found.said}) than this site's ({ours}). "
            "Open the page at this site's address and send it from there. If the other one is the right address, the "
            "operator has to set MEALPLANNER_BASE_URL to it."
        )


def require_token(_view: Callable[..., Any]) -> None:
    """Raise `CSRFError`, naming the cause, for a form without the token of its cookie.

    A request that carries a token of its own has no cookie, and no other site can make a browser send it.
    """
    if request.method in SAFE_METHODS or bearer() is not None:
        return
    token = request.headers.get("X-CSRFToken") or request.form.get("csrf_token")
    try:
        validate_csrf(token)
    except ValidationError as error:
        cause = NO_TOKEN if not token else NO_COOKIE if not session else OLD_TOKEN
        log.warning("refused %s %s: %s", request.method, request.endpoint, error)
        raise CSRFError(cause) from None
