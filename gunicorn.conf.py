"""The settings that gunicorn finds by itself in this folder, so that plain `gunicorn wsgi:app` has them too."""

from mealplanner.gunicorn import *  # noqa: F403
