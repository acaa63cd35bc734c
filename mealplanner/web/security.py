"""Headers, cookies, the name of the host, and how many proxies are trusted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix

from mealplanner.web.bearer import WithoutCookies
from mealplanner.web.forgery import THIS_MACHINE
from mealplanner.web.mounting import Mounted

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAXIMUM_BODY: Final = 256 * 1024
"""Bytes of a request's body; the longest form is far below."""

CONTENT_SECURITY_POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        *(
            f"{kind} 'self'"
            for kind in ("script-src", "style-src", "img-src", "connect-src", "manifest-src", "form-action")
        ),
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
"""Everything comes from this site, no page has inline scripts or styles, and none may be framed."""

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer, unless the view chose something else."""

STRICT_TRANSPORT: Final = "max-age=31536000"
"""A year of TLS only, for this host and not for its subdomains."""

STRANGE_HOST: Final = "This site has another name. Ask its operator for the address, or check MEALPLANNER_BASE_URL."


def init_security(app: Flask, *, base_url: str | None, trusted_proxies: int) -> None:
    """Set careful cookies and headers, answer to one name, and believe as many proxies as were announced.

    With a `base_url` over https the session cookie travels over TLS only. A path of `base_url` is what the site is
    served below.
    """
    https = (base_url or "").startswith("https:")
    prefix = urlsplit(base_url or "").path
    app.config.update(
        SESSION_COOKIE_NAME=_cookie_name(https, prefix),
        SESSION_COOKIE_PATH=prefix or "/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        MAX_CONTENT_LENGTH=MAXIMUM_BODY,
    )
    app.wsgi_app = WithoutCookies(app.wsgi_app)  # type: ignore[method-assign]
    app.wsgi_app = Mounted(app.wsgi_app, prefix)  # type: ignore[method-assign]
    if trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted_proxies, x_proto=1, x_host=0)  # type: ignore[method-assign]
    if base_url is not None:
        _answer_only_to(app, urlsplit(base_url).hostname or "")
    headers = HEADERS | ({"Strict-Transport-Security": STRICT_TRANSPORT} if https else {})
    app.wsgi_app = WithHeaders(app.wsgi_app, headers)  # type: ignore[method-assign]
    app.after_request(_stored_only_if_said)


def safe_next(target: str | None) -> str | None:
    """Return `target` if it is a path of this host, without dots that lead elsewhere; else None."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(letter) < 32 for letter in target) or "\\" in target:
        return None
    parts = urlsplit(target)
    elsewhere = parts.scheme or parts.netloc or ".." in unquote(parts.path).split("/")
    return None if elsewhere else target


def _cookie_name(https: bool, prefix: str) -> str:
    """Return a name that no other host of the domain, or at least nothing without TLS, can set."""
    if not https:
        return "session"
    return "__Secure-session" if prefix else "__Host-session"  # the latter is for a whole host only


def _answer_only_to(app: Flask, host: str) -> None:
    """Refuse other names, so that no link to another name leads here; health is answered under any name."""
    names = {host.encode("idna").decode("ascii"), *THIS_MACHINE}

    @app.before_request
    def refuse_strange_hosts() -> None:
        if request.blueprint != "health" and urlsplit(f"//{request.host}").hostname not in names:
            raise BadRequest(STRANGE_HOST)


def _stored_only_if_said(response: Response) -> Response:
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


class WithHeaders:
    """`application` with `headers` on every answer, except for those that an answer has chosen itself.

    They are added to the finished list, since Flask checks and copies each header that a response has.
    """

    def __init__(self, application: WSGIApplication, headers: Mapping[str, str]) -> None:
        self._application = application
        self._headers = {name.lower(): (name, value) for name, value in headers.items()}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, chosen: list[tuple[str, str]], *exc_info: Any) -> Any:
            present = {name.lower() for name, _ in chosen}
            ours = [header for name, header in self._headers.items() if name not in present]
            return start_response(status, chosen + ours, *exc_info)

        return self._application(environ, start)
