"""Somebody who uses the application over HTTP, with a cookie jar and the security token that every page carries."""

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

WISH = {"start_date": "2026-11-23", "days": "1", "seed": "1", "source": "auto"}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body of a program's answer."""
        return json.loads(self.text)


class Remote:
    """One person; each request travels on a connection of its own."""

    def __init__(self, address: tuple[str, int], email: str) -> None:
        self.address = address
        self.email = email
        self.cookies: dict[str, str] = {}
        self._token: str | None = None

    def get(self, path: str, **headers: str) -> Answer:
        """Opens a page."""
        return self.request("GET", path, None, headers)

    def post(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """Sends a form, with the token."""
        body = urlencode(form or {}).encode()
        return self.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def run(self, *steps: Any, path: str = "/probe/", misbehave: str = "") -> Answer:
        """Has a view take `steps`."""
        return self.request("POST", path, *self._script(steps, misbehave))

    def request(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Sends a request and reads the whole answer."""
        with self._sent(method, path, body, headers) as response:
            return Answer(response.status, dict(response.headers), response.read().decode())

    @contextmanager
    def reading(self, path: str) -> Iterator[http.client.HTTPResponse]:
        """A page whose body the block reads bit by bit."""
        with self._sent("GET", path, None, {}) as response:
            yield response

    def hang_up_after(self, *steps: Any) -> socket.socket:
        """Sends a request for `steps` and leaves its answer to whoever closes the socket."""
        body, headers = self._script(steps, "")
        connection = http.client.HTTPConnection(*self.address, timeout=PATIENCE)
        connection.request("POST", "/probe/", body, self._dressed("POST", headers))
        assert connection.sock is not None
        return connection.sock

    def register(self) -> None:
        """Makes an account, and is signed in by it."""
        answer = self.post("/auth/register", {"email": self.email, "password": PASSWORD})
        assert answer.status == 303, answer.text
        self._token = None  # signing in begins a new session

    def sign_in(self) -> Answer:
        """Tries to."""
        answer = self.post("/auth/login", {"email": self.email, "password": PASSWORD})
        self._token = None
        return answer

    def ask_for_menu(self) -> str:
        """Asks for a menu; the path of the one that the answer leads to."""
        answer = self.post("/menu/", {**WISH, "idempotency_key": str(uuid.uuid4())})
        assert answer.status == 303, answer.text
        return answer.headers["Location"]

    def menu_status(self, path: str) -> str:
        """How far a menu is."""
        status: str = self.get(f"{path}/progress").json["status"]
        return status

    def token(self) -> str:
        """The token of this person's session; only the first question asks the server."""
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
