"""Answers that the forms of accounts share: the page again with what was typed, and the way on."""

from __future__ import annotations

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for

from mealplanner.auth.passwords.hashing import MINIMUM_LENGTH
from mealplanner.errors import Invalid, TooMany, Unauthenticated
from mealplanner.web.errors import problem, wants_json
from mealplanner.web.security import safe_next


def form_page(template: str, status: int = 200, **context: object) -> Response:
    """Return the page of a form, empty unless `context` says otherwise."""
    values = {"form": {}, "errors": {}, "next": next_page(), "minimum": MINIMUM_LENGTH, **context}
    return make_response(render_template(template, **values), status)


def refused(template: str, error: Invalid | Unauthenticated | TooMany, **context: object) -> Response:
    """Return the form as it was typed, with what is wrong, and when to try again if it was too often."""
    status, errors = 422, {"form": [str(error)]}
    if isinstance(error, Invalid):
        errors = error.errors
    else:
        status = 429 if isinstance(error, TooMany) else 401
    retry = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
    if wants_json():
        answer = problem(status, str(error), errors=errors)
    else:
        answer = form_page(template, status, errors=errors, form=request.form, **context)
    answer.headers.update(retry)
    return answer


def next_page() -> str | None:
    """Return the page of this site that the person was on their way to, if the request names one."""
    return safe_next(request.values.get("next"))


def done(message: str, endpoint: str = "account.index") -> Response:
    """Lead to `endpoint` and say `message` there; programs get it as JSON."""
    if wants_json():
        return jsonify(message=message)
    flash(message, "success")
    return make_response(redirect(url_for(endpoint), 303))
