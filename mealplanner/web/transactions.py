"""Where the unit of work meets Flask: one scope for each request, one decision inside dispatch, removal at teardown.

The decision falls before a byte of the response exists and before any error handler runs, so a failed commit is an
error like any other and an error page never works on a broken transaction. The reasons, with what was measured, are in
`docs/unit-of-work.md`.
"""

from __future__ import annotations

import functools
import logging
import re
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, g, make_response, request, session
from sqlalchemy.orm import Session

from mealplanner import metrics
from mealplanner.db.database import Database
from mealplanner.db.errors import PendingWrites
from mealplanner.db.failures import raise_translated
from mealplanner.db.uow import UnitOfWork
from mealplanner.scope import Scope, enter_scope, new_request_id
from mealplanner.web.policy import SAFE_METHODS, Decision, decide

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

_KEY = "mealplanner.request"
_SECRET = re.compile(r"[A-Za-z0-9_-]{40,}")
"""What links carry; longer than any id of ours."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestScope:
    """What one request holds: its scope for the logs and its unit of work."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self.scope = scope
        self.outer = enter_scope(scope)
        self.unit = database.open()
        self.started = time.monotonic()

    def leave(self) -> None:
        """Gives everything back; a second call does nothing new."""
        self.unit.remove()
        enter_scope(self.outer)


def open_scopes(app: Flask, database: Database) -> None:
    """Gives every request a scope. Call it first of all: whatever else runs before a view then runs in the scope."""
    app.before_request(functools.partial(_open_scope, database))
    app.after_request(_describe)
    app.teardown_request(_leave_scope)
    app.wsgi_app = _left_in_any_case(app.wsgi_app)  # type: ignore[assignment]  # as Flask itself advises


def wrap_views(app: Flask) -> None:
    """Puts every view in the request's unit of work. Call it last, when all views are registered and guarded."""
    for endpoint, view in app.view_functions.items():
        if endpoint != "static":
            app.view_functions[endpoint] = in_unit_of_work(view)


def request_unit_of_work() -> UnitOfWork:
    """The unit of work of this request."""
    unit: UnitOfWork = request.environ[_KEY].unit
    return unit


def db_session() -> Session:
    """The session of this request, for the services that a view calls."""
    return request_unit_of_work().session


def in_unit_of_work(view: Callable[..., Any]) -> Callable[..., Response]:
    """Runs `view` and decides about the request's unit of work by what it returned or raised."""

    @functools.wraps(view)
    def decided(**arguments: Any) -> Response:
        unit = request_unit_of_work()
        try:
            response = make_response(current_app.ensure_sync(view)(**arguments))
            _carry_out(unit, response.status_code)
        except BaseException as error:
            unit.rollback()
            _restore_cookie()
            if isinstance(error, Exception):
                raise_translated(error)
            raise
        return response

    decided.unit_of_work = True  # type: ignore[attr-defined]  # for the test that no endpoint was forgotten
    return decided


def _carry_out(unit: UnitOfWork, status: int) -> None:
    reading = request.method in SAFE_METHODS
    has_writes = reading and status < 400 and unit.has_writes()
    decision = decide(request.method, status, doomed=unit.doomed is not None, has_writes=has_writes)
    unit.conclude(keep=decision is Decision.COMMIT)
    if decision is Decision.REFUSE_WRITE:
        problem = f"{request.method} {_path()} wrote to the database; it was rolled back."
        if current_app.testing:
            raise PendingWrites(problem)
        log.error(problem)


def _restore_cookie() -> None:
    """Puts the cookie back as it came, so that it never tells of something the database does not know.

    The CSRF token stays: the page that is about to be shown carries it.
    """
    came = dict(current_app.session_interface.open_session(current_app, request) or {})
    token = {key: session[key] for key in ("csrf_token",) if key in session}
    session.clear()
    session.update({**came, **token})
    session.modified = dict(session) != came  # unchanged, it need not be sent
    g.pop("_login_user", None)


def _open_scope(database: Database) -> None:
    given = request.headers.get("X-Request-ID", "")
    request_id = given if _REQUEST_ID.fullmatch(given) else new_request_id()
    request.environ[_KEY] = RequestScope(database, Scope(request.endpoint or "-", request_id))


def _describe(response: Response) -> Response:
    held: RequestScope = request.environ[_KEY]
    response.headers["X-Request-ID"] = held.scope.request_id
    elapsed = time.monotonic() - held.started
    metrics.REQUESTS.labels(held.scope.name, held.unit.side, str(response.status_code)).inc()
    metrics.REQUEST_SECONDS.labels(held.scope.name, held.unit.side).observe(elapsed)
    log.info("%s %s %d in %.1f ms", request.method, _path(), response.status_code, elapsed * 1000)
    return response


def _path() -> str:
    """The path as it may be logged: a link from a mail works for whoever reads it, mistyped ones mended included."""
    return _SECRET.sub("<token>", request.path)


def _leave_scope(_error: BaseException | None) -> None:
    _leave(request.environ)


def _leave(environ: WSGIEnvironment) -> None:
    held: RequestScope | None = environ.get(_KEY)
    if held is not None:
        held.leave()


def _left_in_any_case(serve: WSGIApplication) -> WSGIApplication:
    """Leaves the scope once more: a teardown function that raises keeps those registered before it from running."""

    def served(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return serve(environ, start_response)
        finally:
            _leave(environ)

    return served
