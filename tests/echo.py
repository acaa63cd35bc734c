"""A WSGI application that repeats what it is sent, for tests of the web server.

Clients have `ECHO_SECONDS` for a request, and time enough for an answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from mealplanner.serving import worker
from tests.waiting import PATIENCE

worker.REQUEST_SECONDS = float(os.environ.get("ECHO_SECONDS", PATIENCE))
worker.SEND_SECONDS = PATIENCE

LONG = 4_000_000
"""Bytes of an answer that no buffer of the system holds."""


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer with the body of the request, or at `/long` with `LONG` bytes."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = b"x" * LONG if environ["PATH_INFO"] == "/long" else environ["wsgi.input"].read(length or None)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
