"""A database that is busy at the wrong moment: what was typed is kept, and sent once."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from collections.abc import Iterator

from sqlalchemy import NullPool, create_engine, text

from tests.attacks.people import Person
from tests.attacks.result import Finding
from tests.attacks.targets import Target

TYPED = "turnips of my grandmother"


def attack(target: Target) -> Iterator[Finding]:
    """Send the form of the preferences while their table is locked."""
    member = Person(target).registered()
    page = member.get("/preferences", accept="text/html")[1]
    form = fields(page)
    form["disliked_ingredients"] = TYPED
    engine = create_engine(target.database_url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("LOCK TABLE user_profiles IN ACCESS EXCLUSIVE MODE"))
        status, answer = submit(member, "/preferences", form)
        connection.rollback()
    engine.dispose()
    kept = TYPED in answer
    yield Finding("kept words", "a locked table", _said(status, kept), "503, kept", status == 503 and kept)
    status, answer = submit(Person(target), "/preferences", form)
    kept = status == 401 and 'name="kept"' in answer
    yield Finding("kept words", "signed out while typing", _said(status, kept), "401, kept", kept)


def _said(status: int, kept: bool) -> str:
    return f"status {status}, words {'kept' if kept else 'lost'}"


def fields(page: str) -> dict[str, str]:
    """Return the text fields of the first form with preferences, as a browser would send them."""
    found = dict(re.findall(r'<input[^>]*name="([a-z_]+)"[^>]*value="([^"]*)"', page))
    return {name: value for name, value in found.items() if name not in ("csrf_token",)}


def submit(person: Person, path: str, form: dict[str, str]) -> tuple[int, str]:
    """Send a form as a browser without JavaScript does."""
    body = urllib.parse.urlencode({**form, "csrf_token": person.token()}).encode()
    headers = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
    return person._answer(urllib.request.Request(person.target.address + path, body, headers))
