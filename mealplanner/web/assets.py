"""Static files: cached for a year under an address that changes with their content, and compressed once."""

from __future__ import annotations

import functools
import gzip
import hashlib
from pathlib import Path

from flask import Flask, Response

from mealplanner.web.compression import COMPRESSIBLE, takes_gzip

A_YEAR = 365 * 24 * 3600


def register(app: Flask) -> None:
    """Add `static_url(filename)` to the templates."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = A_YEAR
    folder = Path(app.static_folder or "")

    @functools.cache
    def fingerprint(filename: str) -> str:
        return hashlib.sha256((folder / filename).read_bytes()).hexdigest()[:12]

    def static_url(filename: str) -> str:
        address: str = app.jinja_env.globals["url_for"]("static", filename=filename, v=fingerprint(filename))  # type: ignore[operator]
        return address

    app.add_template_global(static_url)


def lighter(response: Response, path: Path) -> Response:
    """Return the answer that has the file at `path`, compressed for a client that takes gzip."""
    etag, _ = response.get_etag()
    response.set_etag(etag or "", weak=True)  # it names the file, compressed or not
    if response.mimetype not in COMPRESSIBLE:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code == 200 and takes_gzip():
        response.direct_passthrough = False
        response.close()  # the file that was opened
        response.set_data(_gzipped(path, path.stat().st_mtime_ns))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.pop("Accept-Ranges", None)
    return response


@functools.lru_cache(maxsize=64)
def _gzipped(path: Path, _modified: int) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)
