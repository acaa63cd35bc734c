"""Addresses for templates, each built once: building one takes the router longer than a paragraph takes a template."""

from __future__ import annotations

import functools
from typing import Any

from flask import Flask, has_request_context, request, url_for

REMEMBERED = 4096
"""Addresses; those used least recently are dropped."""


def register(app: Flask) -> None:
    """Give the templates of `app` a `url_for` that remembers.

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
