"""A browser of the application: a cookie jar, and the security token that every page carries."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

PASSWORD = "correct horse battery"


class Visitor:
    """Send what a browser would send."""

    def __init__(self, app: Flask, email: str = "person@example.org") -> None:
        self.app = app
        self.email = email
        self.client = app.test_client()

    def get(self, path: str, *, json: bool = False) -> TestResponse:
        """Open a page."""
        return self.client.get(path, headers={"Accept": "application/json"} if json else {})

    def post(self, path: str, form: Any = None, *, json: Any = None) -> TestResponse:
        """Send a form, or JSON, with the token."""
        headers = {"X-CSRFToken": self.token()} | ({"Accept": "application/json"} if json is not None else {})
        return self.client.post(path, data=form, json=json, headers=headers)

    def token(self) -> str:
        """Return the token that belongs to the cookie."""
        found = re.search(r'<meta name="csrf-token" content="([^"]+)">', self.get("/auth/login").text)
        assert found is not None
        return found.group(1)

    def register(self) -> None:
        """Create an account, which signs in."""
        answer = self.post("/auth/register", {"email": self.email, "password": PASSWORD})
        assert answer.status_code == 303, answer.text

    def sign_in(self, password: str = PASSWORD) -> TestResponse:
        """Try to sign in."""
        return self.post("/auth/login", {"email": self.email, "password": password})
