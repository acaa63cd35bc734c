"""Requests that carry a token in place of a cookie (RFC 6750): no cookie of theirs is read, and none is sent back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def bearer() -> str | None:
    """Return the token that this request carries in `Authorization`; None if it carries none."""
    return _token_in(request.environ)


class WithoutCookies:
    """A WSGI application to which a request with a token has no cookie, and whose answer to it sets none."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if _token_in(environ) is None:
            return self._application(environ, start_response)
        environ.pop("HTTP_COOKIE", None)

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            return start_response(status, [line for line in headers if line[0].lower() != "set-cookie"], *exc_info)

        return self._application(environ, start)


def _token_in(environ: WSGIEnvironment) -> str | None:
    scheme, *token = environ.get("HTTP_AUTHORIZATION", "").split(maxsplit=1) or [""]
    return " ".join(token).strip() if scheme.lower() == "bearer" else None
