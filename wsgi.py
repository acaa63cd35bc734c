"""`gunicorn wsgi:app`, or `gunicorn -c python:mealplanner.gunicorn wsgi:app` with our settings."""

from __future__ import annotations

from mealplanner.wsgi import app

__all__ = ["app"]
