"""Addresses for templates, built once each: the router takes longer over one than a template over a paragraph."""

from __future__ import annotations

import functools
from typing import Any

from flask import Flask, has_request_context, request, url_for

REMEMBERED = 4096
"""Addresses; those used least make way."""


def register(app: Flask) -> None:
    """Gives `app`'s templates a `url_for` that remembers.

    An address depends on its endpoint, its values, and the path that the site is mounted at, and on nothing else.
    """

    @functools.lru_cache(REMEMBERED)
    def built(_mounted_at: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return url_for(endpoint, **dict(values))

    def remembered(endpoint: str, **values: Any) -> str:
        if not has_request_context():
            return url_for(endpoint, **values)
        return built(request.root_path, endpoint, tuple(values.items()))

    app.add_template_global(remembered, "url_for")
