"""A browser of the application: a cookie jar, and the security token that every page carries."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

PASSWORD = "correct horse battery"


class Visitor:
    """Sends what a browser would send."""

    def __init__(self, app: Flask, email: str = "person@example.org") -> None:
        self.app = app
        self.email = email
        self.client = app.test_client()

    def get(self, path: str, *, json: bool = False) -> TestResponse:
        """Opens a page."""
        return self.client.get(path, headers={"Accept": "application/json"} if json else {})

    def post(self, path: str, form: Any = None, *, json: Any = None) -> TestResponse:
        """Sends a form, or JSON, with the token."""
        headers = {"X-CSRFToken": self.token()} | ({"Accept": "application/json"} if json is not None else {})
        return self.client.post(path, data=form, json=json, headers=headers)

    def token(self) -> str:
        """The token of this visitor's cookie."""
        found = re.search(r'<meta name="csrf-token" content="([^"]+)">', self.get("/auth/login").text)
        assert found is not None
        return found.group(1)

    def register(self) -> None:
        """Makes an account, and is signed in by it."""
        answer = self.post("/auth/register", {"email": self.email, "password": PASSWORD})
        assert answer.status_code == 303, answer.text

    def sign_in(self, password: str = PASSWORD) -> TestResponse:
        """Tries to."""
        return self.post("/auth/login", {"email": self.email, "password": password})
