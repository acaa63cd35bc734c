"""The Flask application in which every request is one unit of work.

The decision falls inside `dispatch_request`: before a byte of the response exists and before any error handler runs, so
a failed commit is an error like any other and an error page never works on a broken transaction. What a view returns is
built after it, with nothing open. `docs/unit-of-work.md` has the reasons.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from mealplanner.db import RetryPolicy
from mealplanner.storage.database import Database
from mealplanner.telemetry import metrics
from mealplanner.telemetry.scope import Scope, new_request_id
from mealplanner.web.assets import lighter
from mealplanner.web.pages import DeferredResponse
from mealplanner.web.transactions import RequestScope, decided, in_request_scope

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

_SECRET = re.compile(r"[A-Za-z0-9_-]{40,}")
"""What links carry; longer than any id of ours."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Application(Flask):
    """A Flask application on `database`: every view, however late it is registered, runs in a unit of work.

    `before_view` holds functions that are called with the view before it runs, inside the unit of work; one that raises
    keeps the view from running.
    """

    def __init__(self, import_name: str, *, database: Database, **options: Any) -> None:
        super().__init__(import_name, **options)
        self.config.setdefault("SERVE_WRITING_GETS", False)
        self.database = database
        self.retry = RetryPolicy()
        self.before_view: list[Callable[[Callable[..., Any]], None]] = []

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, and give everything back whatever happens."""
        try:
            return super().wsgi_app(environ, start_response)
        finally:
            RequestScope.leave(environ)

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Open the request's scope before anything else runs."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else new_request_id()
        RequestScope.enter(request.environ, self.database, Scope(request.endpoint or "-", request_id))
        return super().preprocess_request()

    def dispatch_request(self, *context: Any) -> ResponseReturnValue:
        """Run the view, decide about what it did, and build its answer once nothing is open."""
        return self.make_response(decided(lambda: self._viewed(*context), self.retry))

    def make_response(self, rv: Any) -> Response:  # what error handlers return comes here too
        """Build what was put off until the transaction had ended; leave everything else to Flask."""
        return rv.built() if isinstance(rv, DeferredResponse) else super().make_response(rv)

    def send_static_file(self, filename: str) -> Response:
        """Send a file, compressed where that makes it smaller."""
        return lighter(super().send_static_file(filename), Path(self.static_folder or "") / filename)

    def process_response(self, response: Response) -> Response:
        """Name the request in its answer, count it and log it."""
        response = super().process_response(response)
        held = in_request_scope()
        elapsed = time.monotonic() - held.started
        response.headers["X-Request-ID"] = held.scope.request_id
        metrics.REQUESTS.labels(held.scope.name, held.side, str(response.status_code)).inc()
        metrics.REQUEST_SECONDS.labels(held.scope.name, held.side).observe(elapsed)
        log.info("%s %s %d in %.1f ms", request.method, logged_path(), response.status_code, elapsed * 1000)
        return response

    def _viewed(self, *context: Any) -> Any:
        endpoint = request.endpoint
        view = self.view_functions.get(endpoint) if endpoint and endpoint != "static" else None
        if view is not None:
            for check in self.before_view:
                check(view)
        return super().dispatch_request(*context)


def logged_path() -> str:
    """Return the path as it may be logged: without what could be the secret of a link, mistyped ones included."""
    return _SECRET.sub("<token>", request.path)
