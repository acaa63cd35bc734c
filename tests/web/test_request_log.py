"""What the log says of a request, on both sides of the flag."""

from __future__ import annotations

import logging
import secrets
import uuid
from collections.abc import Callable

import pytest
from flask import request
from flask.testing import FlaskClient

from mealplanner.auth.links.services import BYTES
from mealplanner.telemetry.logs import ScopeFilter
from tests.visitor import Visitor
from tests.web.writing import write_then

pytestmark = pytest.mark.sides("pooled", "direct")

Serve = Callable[..., FlaskClient]


def test_the_request_id_is_in_the_logs_and_in_the_answer(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """An id that a proxy gave is kept; one that could not be an id is replaced."""
    caplog.handler.addFilter(ScopeFilter())
    client = serve(write_then("fine"))
    with caplog.at_level(logging.DEBUG, "mealplanner"):
        assert client.post("/", headers={"X-Request-ID": "proxy-1234"}).headers["X-Request-ID"] == "proxy-1234"
    told = {record.request_id for record in caplog.records if record.name == "mealplanner.db"}  # type: ignore[attr-defined]
    assert told == {"proxy-1234"}
    replaced = serve(lambda: request.method).get("/", headers={"X-Request-ID": "no id\tat all"})
    assert len(replaced.headers["X-Request-ID"]) == 32


@pytest.mark.parametrize("path", ["/auth/verify/{}", "/auth/reset/{}", "/auth/reset/{}/", "/auth/rest/{}"])
def test_the_secret_of_a_link_is_not_logged(visitor: Visitor, caplog: pytest.LogCaptureFixture, path: str) -> None:
    """A reader of the log could use it, also where the rest of the address was mistyped."""
    caplog.set_level(logging.INFO)
    secret = secrets.token_urlsafe(BYTES)
    visitor.get(path.format(secret))
    assert any(path.format("<token>") in line for line in caplog.messages)
    assert secret not in caplog.text


def test_the_ids_of_what_people_ask_for_are_logged(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    """They are not secret, and help to find a fault."""
    caplog.set_level(logging.INFO)
    path = f"/menu/{uuid.uuid4()}/progress"
    visitor.get(path)
    assert any(path in line for line in caplog.messages)
