"""A user of the application over HTTP, with a cookie jar and the security token that every page carries."""

from __future__ import annotations

import http.client
import json
import re
import socket
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from tests.faults.scripts import Steps
from tests.visitor import PASSWORD
from tests.waiting import PATIENCE

WISH = {"start_date": "2026-11-23", "days": "1", "seed": "1", "source": "auto", "overlap": "after"}


@dataclass(frozen=True)
class Answer:
    """The answer to a request."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """Return the body of an answer in JSON."""
        return json.loads(self.text)


class Remote:
    """One person; each request has a connection of its own."""

    def __init__(self, address: tuple[str, int], email: str) -> None:
        self.address = address
        self.email = email
        self.cookies: dict[str, str] = {}
        self._token: str | None = None

    def get(self, path: str, **headers: str) -> Answer:
        """Open a page."""
        return self.request("GET", path, None, headers)

    def post(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """Send a form, with the token."""
        body = urlencode(form or {}).encode()
        return self.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def run(self, *steps: Any, path: str = "/probe/", misbehave: str = "") -> Answer:
        """Have a view perform `steps`."""
        return self.request("POST", path, *self._script(steps, misbehave))

    def request(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Send a request and read the whole answer."""
        with self._sent(method, path, body, headers) as response:
            return Answer(response.status, dict(response.headers), response.read().decode())

    @contextmanager
    def reading(self, path: str) -> Iterator[http.client.HTTPResponse]:
        """Open a page whose body the block reads bit by bit."""
        with self._sent("GET", path, None, {}) as response:
            yield response

    def hang_up_after(self, *steps: Any) -> socket.socket:
        """Send a request for `steps` and return its socket, so that the test can close it."""
        body, headers = self._script(steps, "")
        connection = http.client.HTTPConnection(*self.address, timeout=PATIENCE)
        connection.request("POST", "/probe/", body, self._dressed("POST", headers))
        assert connection.sock is not None
        return connection.sock

    def register(self) -> None:
        """Make an account, which signs the person in."""
        answer = self.post("/auth/register", {"email": self.email, "password": PASSWORD})
        assert answer.status == 303, answer.text
        self._token = None  # signing in begins a new session

    def sign_in(self) -> Answer:
        """Try to sign in."""
        answer = self.post("/auth/login", {"email": self.email, "password": PASSWORD})
        self._token = None
        return answer

    def ask_for_menu(self) -> str:
        """Ask for a menu; return the path that the answer leads to."""
        answer = self.post("/menu/", {**WISH, "idempotency_key": str(uuid.uuid4())})
        assert answer.status == 303, answer.text
        return answer.headers["Location"]

    def menu_status(self, path: str) -> str:
        """Return the status of a menu."""
        status: str = self.get(f"{path}/progress").json["status"]
        return status

    def token(self) -> str:
        """Return the token of this person's session; only the first call asks the server."""
        if self._token is None:
            found = re.search(r'<meta name="csrf-token" content="([^"]+)">', self.get("/auth/login").text)
            assert found is not None
            self._token = found.group(1)
        return self._token

    def _script(self, steps: Steps, misbehave: str) -> tuple[bytes, dict[str, str]]:
        headers = {"Content-Type": "application/json", "X-Misbehave": misbehave}
        return json.dumps(steps).encode(), headers

    def _dressed(self, method: str, headers: Mapping[str, str]) -> dict[str, str]:
        token = {"X-CSRFToken": self.token()} if method == "POST" else {}
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookie, **token, **headers}

    @contextmanager
    def _sent(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Iterator[http.client.HTTPResponse]:
        headers = self._dressed(method, headers)
        connection = http.client.HTTPConnection(*self.address, timeout=2 * PATIENCE)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            for line in response.headers.get_all("Set-Cookie") or ():
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            yield response
        finally:
            connection.close()
