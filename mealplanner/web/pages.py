"""Answers that are built after the transaction has ended.

Drawing a page or encoding a large JSON document takes milliseconds, and a connection that waits for it serves nobody
else. A view therefore returns what to build; the unit of work decides by `status`, gives the connection back, and only
then is the answer built. What it is built from must be plain values: the session is closed by then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Response, current_app, jsonify, make_response, render_template
from flask.typing import ResponseReturnValue


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferredResponse:
    """A response that is known by its status and headers, and built when no transaction is open."""

    build: Callable[[], ResponseReturnValue]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_headers(self, headers: Mapping[str, str]) -> DeferredResponse:
        """Return the same response with further `headers`."""
        return replace(self, headers={**self.headers, **headers})

    def built(self) -> Response:
        """Build the response."""
        response = make_response(self.build())
        response.status_code = self.status
        response.headers.update(self.headers)
        return response


Answer = Response | DeferredResponse
"""What a view returns."""


def page(template: str, status: int = 200, **context: Any) -> DeferredResponse:
    """Return the page that `template` draws from `context`."""
    return DeferredResponse(build=lambda: render_template(template, **context), status=status)


def json_answer(build: Callable[[], Any], status: int = 200) -> DeferredResponse:
    """Return the JSON document of what `build` returns."""
    return DeferredResponse(build=lambda: jsonify(build()), status=status)


def status_of(answer: Any) -> int:
    """Return the status of whatever a view returned."""
    return answer.status if isinstance(answer, DeferredResponse) else current_app.make_response(answer).status_code
