"""Where the unit of work meets Flask: one scope for each request, one decision about what its view did.

The reasons, with what was measured, are in `docs/unit-of-work.md`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import current_app, g, request, session
from sqlalchemy.orm import Session

from mealplanner.db.database import Database
from mealplanner.db.errors import PendingWrites
from mealplanner.db.failures import raise_translated
from mealplanner.db.uow import UnitOfWork
from mealplanner.scope import Scope, enter_scope
from mealplanner.web.pages import DeferredResponse
from mealplanner.web.policy import SAFE_METHODS, Decision, decide

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

log = logging.getLogger(__name__)

_KEY = "mealplanner.request"


class RequestScope:
    """What one request holds: its scope for the logs and its unit of work. It lives in the WSGI environment."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self.scope = scope
        self.outer = enter_scope(scope)
        self.unit = database.open()
        self.started = time.monotonic()

    @classmethod
    def enter(cls, environ: WSGIEnvironment, database: Database, scope: Scope) -> None:
        """Open the scope of the request."""
        environ[_KEY] = cls(database, scope)

    @staticmethod
    def leave(environ: WSGIEnvironment) -> None:
        """Give everything back; a second call does nothing new."""
        held: RequestScope | None = environ.get(_KEY)
        if held is not None:
            held.unit.remove()
            enter_scope(held.outer)


def in_request_scope() -> RequestScope:
    """Return what this request holds."""
    held: RequestScope = request.environ[_KEY]
    return held


def request_unit_of_work() -> UnitOfWork:
    """Return the unit of work of this request."""
    return in_request_scope().unit


def db_session() -> Session:
    """Return the session of this request, for the services that a view calls."""
    return request_unit_of_work().session


def decided(view: Callable[[], Any]) -> Any:
    """Run `view`, end the request's unit of work by what it returned or raised, and return its answer unbuilt."""
    unit = request_unit_of_work()
    try:
        answer = view()
        if not isinstance(answer, DeferredResponse):
            answer = current_app.make_response(answer)
        status = answer.status if isinstance(answer, DeferredResponse) else answer.status_code
        decision = _carry_out(unit, status)
    except BaseException as error:
        unit.rollback()
        _restore_cookie()
        if isinstance(error, Exception):
            raise_translated(error)
        raise
    if decision is not Decision.COMMIT:
        _restore_cookie()
        if not isinstance(answer, DeferredResponse):
            answer.headers.remove("Set-Cookie")
    return answer


def _carry_out(unit: UnitOfWork, status: int) -> Decision:
    reading = request.method in SAFE_METHODS
    has_writes = reading and status < 400 and unit.has_writes()
    decision = decide(request.method, status, doomed=unit.doomed is not None, has_writes=has_writes)
    unit.conclude(keep=decision is Decision.COMMIT)
    if decision is Decision.REFUSE_WRITE:
        problem = f"{request.method} {request.endpoint} wrote to the database; it was rolled back."
        if current_app.testing:
            raise PendingWrites(problem)
        log.error(problem)
    return decision


def _restore_cookie() -> None:
    """Put the cookie back as it came, so that it never tells of something the database does not know.

    The CSRF token stays: the page that is about to be shown carries it.
    """
    came = dict(current_app.session_interface.open_session(current_app, request) or {})
    token = {key: session[key] for key in ("csrf_token",) if key in session}
    session.clear()
    session.update({**came, **token})
    session.modified = dict(session) != came  # unchanged, it need not be sent
    g.pop("_login_user", None)
