"""Errors as people and programs see them: one short handler for each family, HTML or problem details by negotiation."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from mealplanner.errors import (
    Conflict,
    DomainError,
    Invalid,
    NotFound,
    NotFresh,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from mealplanner.scope import current_scope
from mealplanner.storage.failures import translated

log = logging.getLogger(__name__)
errors = Blueprint("errors", __name__)

UNEXPECTED = "Something went wrong on our side and nothing was saved. The mistake has been logged."
TOO_LONG = "What was sent is longer than anything that can be asked for here: at most 256 kB are read."
BAD_TOKEN = "The form has expired, or came without its security token. Go back, reload the page and send it again."


STATUS: Final[dict[type[DomainError], int]] = {
    Unauthenticated: 401,
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
    TooMany: 429,
    Unavailable: 503,
}
"""Family of domain errors -> the status that answers it."""


def status_for(error: DomainError) -> int:
    """Return the status for `error`, by its nearest family; one that has none is a mistake of ours."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def wants_json() -> bool:
    """Whether the client prefers JSON to HTML, or speaks it."""
    if request.is_json:
        return True
    best = request.accept_mimetypes.best_match(("text/html", "application/json"), default="text/html")
    return best == "application/json"


def problem(status: int, detail: str, **members: object) -> Response:
    """An error page, or problem details (RFC 9457) with extra `members`."""
    title = HTTPStatus(status).phrase
    if wants_json():
        response = jsonify({"type": "about:blank", "title": title, "status": status, "detail": detail, **members})
        response.mimetype = "application/problem+json"
    else:
        request_id = current_scope().request_id
        page = render_template("problem.html", status=status, title=title, detail=detail, request_id=request_id)
        response = make_response(page)
    response.status_code = status
    return response


def later(response: Response, error: TooMany | Unavailable) -> Response:
    """`response`, saying how many seconds to wait before another attempt."""
    response.headers["Retry-After"] = str(error.retry_after)
    return response


@errors.app_errorhandler(NotFound)
def not_found(error: NotFound) -> Response:
    """Unknown and foreign things look alike."""
    return problem(404, str(error))


@errors.app_errorhandler(Invalid)
def invalid(error: Invalid) -> Response:
    """Pages show this in their form; here it arrives for programs, and for what has no form."""
    return problem(422, str(error), errors=error.errors)


@errors.app_errorhandler(Conflict)
def conflict(error: Conflict) -> Response:
    """What was asked for clashes with what is there."""
    return problem(409, str(error))


@errors.app_errorhandler(Unauthenticated)
def unauthenticated(error: Unauthenticated) -> Response:
    """People are led to the sign-in and back; programs get a 401."""
    if wants_json():
        return problem(401, str(error))
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return make_response(redirect(url_for("auth.login_form", next=target), 303))


@errors.app_errorhandler(NotFresh)
def not_fresh(error: NotFresh) -> Response:
    """People type their password and come back to the page that they came from; programs get a 401."""
    if wants_json():
        return problem(401, str(error))
    return make_response(redirect(url_for("auth.confirm_form", next=_page_before()), 303))


@errors.app_errorhandler(TooMany)
def too_many(error: TooMany) -> Response:
    """Pages show this in their form and keep what was typed; says when to come back."""
    return later(problem(429, str(error)), error)


@errors.app_errorhandler(Unavailable)
def unavailable(error: Unavailable) -> Response:
    """The database is away or busy; says when to come back."""
    log.warning("answered 503: %s", error.__cause__ or error)
    return later(problem(503, str(error)), error)


def _page_before() -> str | None:
    """The path of the page whose form was sent, if it was one of ours."""
    before = urlsplit(request.referrer or "")
    return before.path or None if before.netloc == request.host else None


@errors.app_errorhandler(CSRFError)
def bad_token(_error: CSRFError) -> Response:
    """A form without its token."""
    return problem(400, BAD_TOKEN)


@errors.app_errorhandler(HTTPException)
def http_error(error: HTTPException) -> Response:
    """What Flask and Werkzeug raise themselves; redirects pass through."""
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    detail = TOO_LONG if error.code == 413 else error.description
    response = problem(error.code, detail or UNEXPECTED)
    if getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


@errors.app_errorhandler(Exception)
def unexpected(error: Exception) -> Response:
    """A mistake of ours: logged with its traceback, shown without details."""
    domain_error = translated(error)
    if isinstance(domain_error, Unavailable):  # raised outside a view, where nothing translates it
        return unavailable(domain_error)
    if current_app.testing:
        raise error
    log.error("unexpected error", exc_info=error)
    return problem(500, UNEXPECTED)
