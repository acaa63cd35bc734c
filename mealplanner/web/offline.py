"""What lets a browser install the site, and keep this week's menu for when there is no connection.

A service worker shows what it has kept only where the network gives no answer. It keeps pages of one person at a time,
and nothing of them after they have signed out.
"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, url_for

from mealplanner.web.access import public
from mealplanner.web.pages import Answer, page
from mealplanner.web.release import release

offline = Blueprint("offline", __name__)

ICONS = (
    ("icon.svg", "any", "image/svg+xml", "any"),
    ("icon-192.png", "192x192", "image/png", "any"),
    ("icon-512.png", "512x512", "image/png", "any"),
    ("icon-maskable-512.png", "512x512", "image/png", "maskable"),
)
"""File, sizes, type and purpose."""


@offline.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """Say how the site looks and where it begins once it is installed."""
    home = url_for("home.index")
    icons = [{"src": _static(name), "sizes": sizes, "type": kind, "purpose": use} for name, sizes, kind, use in ICONS]
    words = {"name": "mealplanner", "short_name": "mealplanner", "description": "Dinners for the week.", "lang": "en"}
    place = {"id": home, "start_url": home, "scope": home, "display": "standalone"}
    response = jsonify({**words, **place, "background_color": "#fbf6ec", "theme_color": "#fbf6ec", "icons": icons})
    response.mimetype = "application/manifest+json"
    return response


@offline.get("/service-worker.js")
@public
def worker() -> Response:
    """Return the service worker of this release, which stands above all pages so that it may serve them."""
    files = [_static(str(path.relative_to(_folder()))) for path in sorted(_folder().rglob("*")) if path.is_file()]
    text = render_template("offline/service-worker.js", release=release(), files=[url_for("offline.index"), *files])
    response = make_response(text)
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = "no-cache"
    return response


@offline.get("/offline")
@public
def index() -> Answer:
    """Show what has been kept, where there is no connection."""
    return page("offline/index.html", current_user=None)


def _folder() -> Path:
    return Path(current_app.static_folder or "")


def _static(name: str) -> str:
    address: str = current_app.jinja_env.globals["static_url"](name)  # type: ignore[operator]
    return address
