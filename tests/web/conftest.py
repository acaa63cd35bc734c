"""A small application with one view at a time, wired like the real one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from mealplanner.storage.database import Database
from mealplanner.web.application import Application
from mealplanner.web.errors import errors
from tests.menu.requests import plan
from tests.visitor import Visitor

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


@pytest.fixture
def laden(person: Visitor, database: Database, engine: Engine) -> str:
    """Store a menu of four weeks and as many dislikes as are allowed; return the address of the menu."""
    path = plan(person, database, days=7)
    copied = "INSERT INTO meals SELECT gen_random_uuid(), {} FROM meals CROSS JOIN generate_series(1, 3) AS week"
    with engine.begin() as connection:
        query = "SELECT attname FROM pg_attribute WHERE attrelid = 'meals'::regclass AND attnum > 0 ORDER BY attnum"
        names = connection.scalars(text(query)).all()
        columns = ["day + 7 * week" if name == "day" else name for name in names if name != "id"]
        assert names[0] == "id"
        connection.execute(text("UPDATE menus SET days = 28"))
        connection.execute(text(copied.format(", ".join(columns))))
    return path
