"""Small guards around requests and responses."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response
from flask_wtf import CSRFProtect

MAXIMUM_BODY = 256 * 1024
"""Bytes of a request's body; the longest form is far below."""


def init_security(app: Flask, *, https: bool) -> None:
    """CSRF tokens on everything that writes, careful cookies and headers. `https`: the cookie travels over TLS only."""
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        MAX_CONTENT_LENGTH=MAXIMUM_BODY,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the cookie it belongs to
    )
    CSRFProtect(app)
    app.after_request(_headers)


def safe_next(target: str | None) -> str | None:
    """`target` if it is a path on this very site, else None."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(letter) < 32 for letter in target) or "\\" in target:
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def _headers(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
