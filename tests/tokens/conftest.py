"""Programs with tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mealplanner.tokens.scopes import Scope
from tests.visitor import Visitor

PAGE = "/auth/account/tokens"


class Program:
    """Send what a program sends that has a token, and perhaps a cookie jar."""

    def __init__(self, app: Flask, token: str) -> None:
        self.token = token
        self.client = app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"

    def get(self, path: str, **headers: str) -> TestResponse:
        """Read."""
        return self.client.get(path, headers={"Authorization": f"Bearer {self.token}", **headers})

    def post(self, path: str, json: Any = None) -> TestResponse:
        """Write."""
        return self.client.post(path, json=json, headers={"Authorization": f"Bearer {self.token}"})


def made(person: Visitor, *scopes: Scope, name: str = "Kitchen display", days: int = 90) -> str:
    """Make a token as `person` and return its text."""
    wanted = {"name": name, "scopes": list(scopes or Scope), "days": days}
    answer = person.post(PAGE, json=wanted)
    assert answer.status_code == 201, answer.text
    token: str = answer.get_json()["token"]
    return token


@pytest.fixture
def program(person: Visitor) -> Callable[..., Program]:
    """Return `program(*scopes)`, which is a program of the person's with a token for these, or for all."""
    return lambda *scopes, **options: Program(person.app, made(person, *scopes, **options))
