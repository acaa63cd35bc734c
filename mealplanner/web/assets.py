"""Static files, cached for a year under an address that changes with their content."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from flask import Flask

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
