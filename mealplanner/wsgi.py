"""The application for a WSGI server, with its database."""

from __future__ import annotations

import atexit
import contextlib

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.embedded_postgres.location import attached

_resources = contextlib.ExitStack()
atexit.register(_resources.close)

app = create_app(_resources.enter_context(attached(Config.from_environ())))
