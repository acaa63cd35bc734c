"""Serving the site below a path of its host, as in https://example.org/meals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Mounted:
    """`application` below `prefix`, which every address it builds begins with; an empty one is the whole host.

    Requests are answered with the prefix and without it: some proxies remove it, and health checks use the address. The
    prefix comes from the configuration alone. A `SCRIPT_NAME` that a server took from a header is put back in front of
    the path, so that a proxy's rules for paths hold for the path that was requested.
    """

    def __init__(self, application: WSGIApplication, prefix: str) -> None:
        self._application = application
        self._prefix = prefix

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        if path == self._prefix or path.startswith(f"{self._prefix}/"):
            path = path[len(self._prefix) :]
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = self._prefix, path or "/"
        return self._application(environ, start_response)
