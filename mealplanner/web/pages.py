"""Answers that are built after the transaction has ended.

Drawing a page or encoding a large JSON document takes milliseconds, in which its connection could serve another
request. A view therefore returns what to build; the unit of work decides by `status`, gives the connection back, and
only then is the answer built. What it is built from must be plain values: the session is closed by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, jsonify, make_response, render_template
from flask.typing import ResponseReturnValue

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


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

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as a WSGI application, which is what makes this a value that Flask lets views return."""
        return self.built()(environ, start_response)


Answer = Response | DeferredResponse
"""What a view returns."""

View = Callable[..., Answer]
"""What decorates a view takes and returns this; its arguments are the values in the address."""


def page(template: str, status: int = 200, **context: Any) -> DeferredResponse:
    """Return the page that `template` draws from `context`.

    A `partial` among the values is called when the page is built, since presenting takes time too. Who is signed in is
    asked now, while the transaction is open, and not by the template.
    """
    signed_in: Any = current_app.jinja_env.globals.get("current_user")
    if signed_in is not None and "current_user" not in context:
        context["current_user"] = signed_in._get_current_object()
    return DeferredResponse(build=partial(_drawn, template, context), status=status)


def json_answer(build: Callable[[], Any], status: int = 200) -> DeferredResponse:
    """Return the JSON document of what `build` returns."""
    return DeferredResponse(build=lambda: jsonify(build()), status=status)


def _drawn(template: str, context: Mapping[str, Any]) -> str:
    values = {name: value() if isinstance(value, partial) else value for name, value in context.items()}
    return render_template(template, **values)
