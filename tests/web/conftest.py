"""A small application with one view at a time, wired like the real one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from mealplanner.storage.database import Database
from mealplanner.web.application import Application
from mealplanner.web.errors import errors

Serve = Callable[..., FlaskClient]


@pytest.fixture
def serve(database: Database) -> Iterator[Serve]:
    """Return a function that makes an application whose only address `/` runs a view, and a client for it."""

    def build(view: Callable[..., Any], *, testing: bool = True, serve_writing_gets: bool = False) -> FlaskClient:
        app = Application("probe", database=database)
        app.secret_key = "only for tests"
        app.testing = testing
        app.config["SERVE_WRITING_GETS"] = serve_writing_gets
        app.register_blueprint(errors)
        app.add_url_rule("/", "probe", view, methods=["GET", "POST"])
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT"] = "application/json"
        return client

    return build
