"""One short handler for each family of errors: a page for people, problem details for programs."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException

from mealplanner.db.failures import sqlstate
from mealplanner.errors import (
    Conflict,
    DomainError,
    Invalid,
    NeedsOperator,
    NotAllowed,
    NotFound,
    NotFresh,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from mealplanner.storage.failures import translated
from mealplanner.telemetry.scope import current_scope
from mealplanner.web.bearer import bearer
from mealplanner.web.forgery import sent_by
from mealplanner.web.kept import kept_from
from mealplanner.web.pages import Answer, page

log = logging.getLogger(__name__)
errors = Blueprint("errors", __name__)

UNEXPECTED = "Something went wrong on our side, and nothing was saved. We've logged it so that it can be fixed."
TOO_LONG = "That is longer than any form here needs. We read 256 kB at most."
SIGNED_OUT = "You have been signed out. What you typed is still here: sign in to go on."
CONFIRM = "What you typed is still here. Enter your password to go on."

HEADINGS: Final = {
    400: "We couldn't use that",
    403: "That is not allowed",
    404: "We can't find that page",
    409: "Something changed in the meantime",
    405: "We couldn't use that",
    413: "That is too long",
    415: "We couldn't use that",
    422: "We couldn't use that",
    429: "Too many attempts",
    500: "Something went wrong",
    503: "Not right now",
}
"""What error pages are headed; others by the status's own phrase, like all problem details."""

DETAILS: Final = {
    404: NotFound.message,
    405: "This address can't be used that way. Please go back and try again from the page before.",
    413: TOO_LONG,
}
"""What error pages say instead of what Werkzeug says to programmers."""

STATUS: Final[dict[type[DomainError], int]] = {
    Unauthenticated: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
    TooMany: 429,
    Unavailable: 503,
}
"""Family of domain errors -> the status that answers it."""


def status_for(error: DomainError) -> int:
    """Return the status for `error`, by its nearest family; one that has none is a defect, 500."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def wants_json() -> bool:
    """Return whether the client sends JSON or a token, or prefers JSON to HTML."""
    if request.is_json or bearer() is not None:
        return True
    best = request.accept_mimetypes.best_match(("text/html", "application/json"), default="text/html")
    return best == "application/json"


def takes_anything() -> bool:
    """Return whether the client says that it takes whatever comes, as programs do; browsers ask for pages by name."""
    return "*/*" in request.accept_mimetypes.values() and "text/html" not in request.accept_mimetypes.values()


def problem(status: int, detail: str, *, again: bool = False, as_json: bool = False, **members: object) -> Response:
    """Return an error page, or for programs (and with `as_json`) problem details (RFC 9457) with extra `members`.

    With `again` the page offers to do the same once more; what was sent from a form is kept on it.
    """
    title = HTTPStatus(status).phrase
    if as_json or wants_json():
        response = jsonify({"type": "about:blank", "title": title, "status": status, "detail": detail, **members})
        response.mimetype = "application/problem+json"
    else:
        context = {"status": status, "title": HEADINGS.get(status, title), "detail": detail, "again": again}
        kept = kept_from(sent_by()) if again else None
        page = render_template("problem.html", kept=kept, request_id=current_scope().request_id, **context)
        response = make_response(page)
    response.status_code = status
    return response


def later(response: Response, error: TooMany | Unavailable) -> Response:
    """Say in `response` how many seconds to wait before another attempt."""
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def challenged(response: Response, **about: str) -> Response:
    """Say in `response` that a token would be taken, and `about` the one that was sent (RFC 6750)."""
    response.www_authenticate = WWWAuthenticate("bearer", {"realm": "mealplanner", **about})
    return response


@errors.app_errorhandler(NotFound)
def not_found(error: NotFound) -> Response:
    """Answer alike for what does not exist and for what belongs to another person."""
    return problem(404, str(error))


@errors.app_errorhandler(Invalid)
def invalid(error: Invalid) -> Response:
    """Answer programs, and requests without a form; forms show their own errors."""
    return problem(422, str(error), errors=error.errors)


@errors.app_errorhandler(NotAllowed)
def not_allowed(error: NotAllowed) -> Response:
    """Say what is missing."""
    return problem(403, str(error))


@errors.app_errorhandler(Conflict)
def conflict(error: Conflict) -> Response:
    """Offer to send again what clashed with another change."""
    return problem(409, str(error), again=True)


@errors.app_errorhandler(Unauthenticated)
def unauthenticated(error: Unauthenticated) -> Answer:
    """Lead to the sign-in and back, through it with what was typed; programs get a 401."""
    here = request.script_root + request.full_path.rstrip("?") if request.method == "GET" else None
    return _password_first("auth/login.html", "auth.login_form", error, SIGNED_OUT, here, current_user=None)


@errors.app_errorhandler(NotFresh)
def not_fresh(error: NotFresh) -> Answer:
    """Ask for the password, then lead back to the page before or go on with what was typed; programs get a 401."""
    return _password_first("auth/confirm.html", "auth.confirm_form", error, CONFIRM, _page_before())


@errors.app_errorhandler(TooMany)
def too_many(error: TooMany) -> Response:
    """Say when to come back; forms say it themselves and keep what was typed."""
    return later(problem(429, str(error)), error)


@errors.app_errorhandler(Unavailable)
def unavailable(error: Unavailable) -> Response:
    """Say what is wrong and when to come back, and offer to send the same again."""
    cause = error.__cause__ or error
    level = logging.ERROR if isinstance(error, NeedsOperator) else logging.WARNING
    log.log(level, "answered 503, %s (%s): %s", type(error).__name__, sqlstate(cause), cause)
    return later(problem(503, str(error), again=True), error)


@errors.app_errorhandler(CSRFError)
def bad_token(error: CSRFError) -> Response:
    """Offer to send again, with a fresh token, a form that came without the token of its cookie."""
    return problem(400, error.description or "", again=True)


@errors.app_errorhandler(HTTPException)
def http_error(error: HTTPException) -> Response:
    """Answer what Flask and Werkzeug raise; redirects pass through."""
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    detail = DETAILS.get(error.code, error.description)
    response = problem(error.code, detail or UNEXPECTED)
    if getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


@errors.app_errorhandler(Exception)
def unexpected(error: Exception) -> Response:
    """Log an unexpected error with its traceback, and show no details of it."""
    domain_error = translated(error)
    if isinstance(domain_error, Unavailable):  # raised outside a view, where nothing translates it
        domain_error.__cause__ = error
        return unavailable(domain_error)
    if current_app.testing:
        raise error
    log.error("unexpected error", exc_info=error)
    return problem(500, UNEXPECTED, again=True)


def _password_first(
    template: str, endpoint: str, error: Unauthenticated, words: str, target: str | None, **context: Any
) -> Answer:
    if wants_json() or takes_anything():
        return challenged(problem(401, str(error), as_json=True))
    kept = kept_from(sent_by())
    if kept is None:
        return make_response(redirect(url_for(endpoint, next=target), 303))
    return page(template, 401, form={}, errors={"form": [words]}, next=target, kept=kept.sealed(), **context)


def _page_before() -> str | None:
    """Return the path of the page whose form was sent, if it was one of ours."""
    return urlsplit(request.referrer or "").path or None if sent_by().ours else None
