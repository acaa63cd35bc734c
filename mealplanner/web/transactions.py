"""Where the unit of work meets Flask: one scope for each request, one decision about what its view did.

The reasons, with what was measured, are in `docs/unit-of-work.md`.
"""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from flask import Response, current_app, g, request, session
from flask.globals import request_ctx

from mealplanner.db import PendingWrites, RetryPolicy, State, UnitOfWork, UnitOfWorkSession
from mealplanner.db.failures import READ_ONLY, raise_translated, sqlstate
from mealplanner.storage.database import Database
from mealplanner.storage.failures import translated
from mealplanner.telemetry.scope import Scope, enter_scope
from mealplanner.web.pages import Answer, DeferredResponse
from mealplanner.web.policy import SAFE_METHODS, Decision, decide

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)

_KEY = "mealplanner.request"


class RequestScope:
    """What one request holds: its scope for the logs and its unit of work. It lives in the WSGI environment."""

    def __init__(self, database: Database, scope: Scope, *, read_only: bool) -> None:
        self.scope = scope
        self.started = time.monotonic()
        self._outer = enter_scope(scope)
        self.database = database
        self.side = database.side
        self.unit = database.open(read_only=read_only)

    @classmethod
    def enter(cls, environ: WSGIEnvironment, database: Database, scope: Scope) -> None:
        """Open the scope of the request."""
        environ[_KEY] = cls(database, scope, read_only=environ["REQUEST_METHOD"] in SAFE_METHODS)

    def begin_again(self, *, read_only: bool) -> UnitOfWork:
        """Return a fresh unit of work in place of the one whose attempt came to nothing."""
        self.unit.abandon()
        self.unit.remove()
        self.unit = self.database.open(read_only=read_only)
        return self.unit

    def run_apart(self, service: Callable[[UnitOfWorkSession], T]) -> T:
        """Release what was read, and run `service` in a transaction of its own."""
        self.unit.release()
        return self.database.run(service)

    @staticmethod
    def leave(environ: WSGIEnvironment) -> None:
        """Give everything back; a second call does nothing new."""
        held: RequestScope | None = environ.get(_KEY)
        if held is not None:
            try:
                held.unit.remove()
            finally:
                enter_scope(held._outer)


def in_request_scope() -> RequestScope:
    """Return what this request holds."""
    held: RequestScope = request.environ[_KEY]
    return held


def request_unit_of_work() -> UnitOfWork:
    """Return the unit of work of this request."""
    return in_request_scope().unit


def run_apart(service: Callable[Concatenate[UnitOfWorkSession, P], T], *arguments: P.args, **options: P.kwargs) -> T:
    """Run `service` in a short transaction of its own, and keep what it wrote whatever becomes of the request.

    For what must be stored before slow or doubtful work begins. The request's own transaction is released first, so it
    never holds a second connection; raise `PendingWrites` if that would lose anything.
    """
    return in_request_scope().run_apart(lambda session: service(session, *arguments, **options))


def db_session() -> UnitOfWorkSession:
    """Return the session of this request, for the services that a view calls."""
    return request_unit_of_work().session


def decided(view: Callable[[], Any], retry: RetryPolicy) -> Answer:
    """Run `view`, end the request's unit of work by what it returned or raised, and return its answer unbuilt.

    After a serialization failure or a deadlock the view is run again by the policy `retry`, as `Database.run` does,
    unless it declared an external effect: the request object, with the body it has read, is the same each time. Files
    are read again from their beginning; a body that was read as a stream is gone, and nothing is run again.
    """
    before = _Before()
    for attempt in itertools.count(1):
        unit = request_unit_of_work()
        try:
            answer = _unbuilt(view())
            decision = decide(status_of(answer), doomed=unit.doomed is not None)
            state = unit.conclude(keep=decision is Decision.COMMIT)
        except BaseException as error:
            if _begin_again(unit, error, attempt, retry):
                before.restore()
                continue
            unit.rollback()
            before.restore_cookie()
            if _wrote_in_safe_method(unit, error):
                raise PendingWrites(_writing(error)) from error
            if isinstance(error, Exception):
                raise_translated(error, translated)
            raise
        if state is not State.COMMITTED:
            before.restore_cookie()
            if isinstance(answer, Response):
                answer.headers.remove("Set-Cookie")
        return answer
    raise AssertionError("the loop returns or raises")


def _begin_again(unit: UnitOfWork, error: BaseException, attempt: int, retry: RetryPolicy) -> bool:
    """Give the request a fresh unit of work if `error`, which ended `unit`, allows its view to be run again.

    A GET that wrote is an error in tests and in development. In production the page is still served, by a second run
    that is rolled back whatever it does.
    """
    held = in_request_scope()
    if current_app.config["SERVE_WRITING_GETS"] and _wrote_in_safe_method(unit, error):
        log.error(_writing(error))
        held.begin_again(read_only=False).doom("a safe method wrote")
        return True
    if retry.again(unit, error, attempt) and _body_is_there():
        log.info("the request is run again after %s", type(error).__name__)
        held.begin_again(read_only=unit.read_only)
        retry.pause(attempt)
        return True
    return False


def status_of(answer: Answer) -> int:
    """Return the status that `answer` will have."""
    return answer.status if isinstance(answer, DeferredResponse) else answer.status_code


def _unbuilt(answer: Any) -> Answer:
    return answer if isinstance(answer, DeferredResponse) else current_app.make_response(answer)


def _body_is_there() -> bool:
    """Whether the view can read the body once more, as it could the first time; put files back to their beginning."""
    if request.mimetype in ("multipart/form-data", "application/x-www-form-urlencoded"):
        for _, file in request.files.items(multi=True):
            file.seek(0)
        return True
    stream = vars(request).get("stream")  # made when it is first asked for
    if stream is None or getattr(request, "_cached_data", None) is not None:
        return True
    tell = getattr(stream, "tell", None)
    return tell is not None and tell() == 0


def _wrote_in_safe_method(unit: UnitOfWork, error: BaseException) -> bool:
    return unit.read_only and READ_ONLY in {sqlstate(error), sqlstate(error.__cause__)}


def _writing(error: BaseException) -> str:
    database_error = error if sqlstate(error) == READ_ONLY else error.__cause__
    statement = getattr(database_error, "statement", None)
    return f"{request.method} {request.endpoint} wrote to the database; it is rolled back: {statement}"


class _Before:
    """The request as it was before its view ran, so that the view can be undone, or run again from the same start."""

    def __init__(self) -> None:
        self._globals = dict(vars(g._get_current_object()))
        self._after_request = list(request_ctx._after_request_functions)

    def restore(self) -> None:
        """Undo what the view did to the cookie, to `g` and to the functions that run after the request."""
        self.restore_cookie()
        namespace = vars(g._get_current_object())
        namespace.clear()
        namespace.update(self._globals)
        request_ctx._after_request_functions[:] = self._after_request
        request_ctx.flashes = None

    def restore_cookie(self) -> None:
        """Put the cookie back as it came, so that it never tells of something the database does not know.

        The CSRF token stays: the page that is about to be shown carries it.
        """
        came = dict(current_app.session_interface.open_session(current_app, request) or {})
        if session.get("_user_id") != came.get("_user_id"):
            g.pop("_login_user", None)  # as Flask-Login remembers who signed in, or out, during this request
        token = {key: session[key] for key in ("csrf_token",) if key in session}
        session.clear()
        session.update({**came, **token})
        session.modified = dict(session) != came  # unchanged, it need not be sent
