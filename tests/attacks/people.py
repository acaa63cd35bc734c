"""People of an attacked installation: they come from any address and speak JSON."""

from __future__ import annotations

import http.cookiejar
import itertools
import json
import re
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

from sqlalchemy import NullPool, create_engine, text

from tests.attacks.targets import Target

PASSWORD = "seven tame giraffes dine late"
WRONG = "eleven wild hedgehogs sleep in"
PATIENCE = 120.0

_numbers = itertools.count(1)


class Person:
    """A browser that comes through a trusted proxy from `address`."""

    def __init__(self, target: Target, address: str | None = None) -> None:
        number = next(_numbers)
        self.target = target
        self.address = address or f"198.51.{number // 250}.{number % 250 + 1}"
        self.email = f"person-{number}@example.org"
        self._jar = http.cookiejar.CookieJar()
        handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self._jar))
        self._opener = urllib.request.build_opener(*handlers, _NoRedirects())

    def registered(self) -> Self:
        """Make an account and sign in to it."""
        status, said = self.send("/auth/register", email=self.email, password=PASSWORD)
        assert status < 400, (status, said)
        return self

    def with_cookies_of(self, other: Person) -> Self:
        """Hold a copy of another one's cookies."""
        for cookie in other._jar:
            self._jar.set_cookie(cookie)
        return self

    def get(self, path: str, *, accept: str = "application/json", **headers: str) -> tuple[int, str]:
        """Return the status and the text of a page."""
        return self._answer(urllib.request.Request(self.target.address + path, headers={"Accept": accept, **headers}))

    def send(self, path: str, body: Any = None, /, **fields: Any) -> tuple[int, str]:
        """Send JSON, and return the status and the text of the answer."""
        raw = json.dumps(fields if body is None else body).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": self.token()}
        return self._answer(urllib.request.Request(self.target.address + path, raw, headers))

    def token(self) -> str:
        """Return the security token of this browser."""
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.get("/auth/login", accept="text/html")[1])
        assert found is not None
        return found[1]

    def _answer(self, request: urllib.request.Request) -> tuple[int, str]:
        request.add_header("X-Forwarded-For", self.address)
        try:
            with self._opener.open(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def at_once(people: list[Person], path: str, **fields: Any) -> list[int]:
    """Have all of `people` send the same at the same time, and return the statuses."""
    with ThreadPoolExecutor(len(people)) as threads:
        return [status for status, _ in threads.map(lambda person: person.send(path, **fields), people)]


def sql(target: Target, statement: str) -> list[Any]:
    """Run a statement in the installation's database, as its operator could."""
    engine = create_engine(target.database_url, poolclass=NullPool)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        return list(result.all()) if result.returns_rows else []
