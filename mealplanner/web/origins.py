"""Which site a request was sent from, as its browser reports it.

A page of another site can make a browser send a form here, but cannot forge the origin that the browser reports, in
`Origin`, or where that is missing or `null` (privacy settings, some redirects) in `Referer` and `Sec-Fetch-Site`.
Programs send none of the three.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class Sender(NamedTuple):
    """Where a request was sent from."""

    ours: bool | None
    """Whether it was this site; None if the browser does not say."""
    said: str
    """The header and the value that decided."""


def sender(headers: Headers | Mapping[str, str], ours: Collection[str]) -> Sender:
    """Return where a request with `headers` was sent from; `ours` are the origins of this site."""
    for name in ("Origin", "Referer"):
        value = headers.get(name, "")
        if value and value != "null":
            return Sender(origin(value) in ours, f"{name}: {origin(value) or 'no address'}")
    if site := headers.get("Sec-Fetch-Site"):
        return Sender(site in ("same-origin", "none"), f"Sec-Fetch-Site: {site}")
    return Sender(None, "Origin: null" if headers.get("Origin") else "no Origin, Referer or Sec-Fetch-Site")


def origin(url: str) -> str | None:
    """Return scheme, host and port of `url`, in one spelling; None if it is no address of a web page."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
    except ValueError:  # of which a name that IDNA refuses is one
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return None
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}:{port or _DEFAULT_PORTS[parts.scheme]}"
