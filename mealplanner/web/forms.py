"""Forms: the page that shows one, and the same page again with what was typed when it could not be used.

The view of a form's page takes a `Draft`, empty when the page is opened. The view that receives the form is decorated
with `sent_from(page)`; when it raises, the page is drawn again with a draft that holds what was sent and the error:

    @room.get("/name")
    def name_form(draft: Draft = EMPTY) -> Answer:
        return form_page("room/name.html", draft)

    @room.post("/name")
    @sent_from(name_form)
    def change_name() -> Answer:
        services.change_name(db_session(), person(), **parsed(NameSchema(), submitted()))
        return done("Your name is changed.", "room.index")

Programs get problem details instead, from the handlers in `web.errors`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import current_app, flash, jsonify, make_response, redirect, request, url_for
from marshmallow import Schema
from werkzeug.datastructures import MultiDict

from mealplanner.errors import DomainError, Invalid, TooMany
from mealplanner.web.errors import status_for, wants_json
from mealplanner.web.kept import Kept, unsealed
from mealplanner.web.pages import Answer, DeferredResponse, View, page
from mealplanner.web.parsing import parsed
from mealplanner.web.security import safe_next

REFUSALS: Final[tuple[type[DomainError], ...]] = (Invalid, TooMany)
"""What a form's own page explains: a wrong field, and too many attempts."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was sent from a form and could not be used, and why; empty when the form has just been opened."""

    sent: MultiDict[str, str] | None = None
    error: DomainError | None = None

    def or_else(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what was sent, or else `fields`."""
        return fields if self.sent is None else self.sent

    @property
    def status(self) -> int:
        """Return the status of the page that shows it."""
        return 200 if self.error is None else status_for(self.error)

    @property
    def errors(self) -> dict[str, list[str]]:
        """Return field -> messages; what concerns no single field is under `form`."""
        if self.error is None:
            return {}
        return self.error.errors if isinstance(self.error, Invalid) else {"form": [str(self.error)]}


EMPTY: Final = Draft()

STILL_HERE: Final = "You're signed in again. What you typed is still here, but not saved yet."


def sent_from(form: Callable[..., Answer], *refusals: type[DomainError]) -> Callable[[View], View]:
    """Show the page of `form` again when the view raises one of `REFUSALS` or `refusals`.

    `form` takes the arguments of the view, and a `draft`. It is shown too when the person was signed out meanwhile and
    has signed in again.
    """

    explained = (*REFUSALS, *refusals)

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def answered(**arguments: Any) -> Answer:
            try:
                return view(**arguments)
            except explained as error:
                if wants_json():
                    raise
                return form(draft=Draft(request.form, error), **arguments)

        answered.form = form  # type: ignore[attr-defined]
        return answered

    return decorate


def searched(schema: Schema) -> tuple[dict[str, Any], Draft]:
    """Load the query of a page by `schema`, with a draft for `form_page`.

    For people, what cannot be used counts as left out, and the draft says so; for programs, raise `Invalid`.
    """
    try:
        return parsed(schema, request.args), EMPTY
    except Invalid as error:
        if wants_json():
            raise
        rest = {name: value for name, value in request.args.items() if name not in error.errors}
        return parsed(schema, rest), Draft(request.args, error)


def form_page(template: str, draft: Draft = EMPTY, **context: Any) -> DeferredResponse:
    """Return a page with a form, filled in from `draft`; it says what is wrong and when to try again.

    The template sees `form` (what was sent, unless `context` says otherwise), `errors` (field -> messages), and where
    to go on to: `next`, a page, and `kept`, a form that waits to be sent.
    """
    onward = {"next": next_page(), "kept": request.form.get("kept")}
    values = {"form": draft.or_else({}), "errors": draft.errors, **onward, **context}
    answer = page(template, draft.status, **values)
    if isinstance(draft.error, TooMany):
        return answer.with_headers({"Retry-After": str(draft.error.retry_after)})
    return answer


def done(message: str, endpoint: str, **values: Any) -> Answer:
    """Lead to `endpoint` and say `message` there; programs get it as JSON."""
    if wants_json():
        return jsonify(message=message)
    flash(message, "success")
    return see(endpoint, **values)


def see(endpoint: str, **values: Any) -> Answer:
    """Redirect to the page of `endpoint`."""
    return make_response(redirect(url_for(endpoint, **values), 303))


def next_page() -> str | None:
    """Return the page of this site that the request asks to be led to, if it names one."""
    target = safe_next(request.values.get("next"))
    return target if target is not None and target.startswith(f"{request.script_root}/") else None


def go_on(endpoint: str, message: str = "", **values: Any) -> Answer:
    """Lead to the page that the person was on their way to, or else to `endpoint`, and say `message` there.

    Were they on their way with a form, it is shown again with what they typed.
    """
    kept = unsealed(request.form.get("kept"))
    if kept is not None:
        return _again(kept)
    if message:
        flash(message, "success")
    return make_response(redirect(next_page() or url_for(endpoint, **values), 303))


def _again(kept: Kept) -> Answer:
    endpoint, arguments = kept.view
    form = getattr(current_app.view_functions[endpoint], "form", None)
    if form is None:
        return page("again.html", kept=kept)
    flash(STILL_HERE, "success")
    shown: Answer = form(draft=Draft(kept.sent), **arguments)
    return shown
