"""Changing a password, and asking for a link when it is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from mealplanner import create_app
from mealplanner.client import utc_now
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.clock import Clock
from tests.visitor import PASSWORD, Visitor

NEW = "quite another secret"
Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def strict(config: Config, database: Database) -> Flask:
    """An application with the default limits."""
    return create_app(replace(config, leniency=1), database, clock=Clock(utc_now()))


@pytest.mark.parametrize(
    ("present", "password", "message"),
    [
        ("not what it was", NEW, "This is not your password."),
        (PASSWORD, "short", "Use 10 to 1000 characters."),
        (PASSWORD, "password123", "is known from break-ins"),
        (PASSWORD, "", "Use 10 to 1000 characters."),
    ],
)
def test_a_password_that_cannot_be_changed_stays(person: Visitor, present: str, password: str, message: str) -> None:
    """The reason is at its field, every session goes on, and neither password is on the page."""
    refused = person.post("/auth/account/password", {"present_password": present, "password": password})
    assert refused.status_code == 422
    assert message in refused.text
    assert present not in refused.text
    assert person.get("/preferences").status_code == 200
    assert person.sign_in().status_code == 303


@pytest.mark.parametrize("path", ["/auth/account/password", "/auth/account/email", "/auth/account/delete"])
def test_a_stolen_session_cannot_guess_the_password(strict: Flask, rows: Rows, path: str) -> None:
    """Five guesses, then a wait, which also holds for the right password."""
    person = Visitor(strict)
    person.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    person.register()
    form = {"password": NEW, "email": "new@example.org", "sure": "true"}
    answers = [person.post(path, {**form, "present_password": f"guess {number}"}) for number in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    refused = person.post(path, {**form, "present_password": PASSWORD})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "15")
    assert "Try again in 15 seconds." in refused.text
    assert PASSWORD not in refused.text
    assert rows("SELECT failed_logins FROM users") == [(5,)]


@pytest.mark.parametrize("email", ["person@example.org", "nobody@example.org"])
def test_links_for_a_forgotten_password_are_not_asked_for_without_end(strict: Flask, email: str) -> None:
    """Counted by account and by address, whether or not there is an account; the form keeps what was typed."""
    Visitor(strict).register()
    asker = Visitor(strict)
    asker.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    answers = [asker.post("/auth/forgot", {"email": email}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [303] * 3 + [429]
    assert answers[-1].headers["Retry-After"] == "300"
    assert f'value="{email}"' in answers[-1].text
    others = [asker.post("/auth/forgot", {"email": f"p{number}@example.org"}).status_code for number in range(8)]
    assert others == [303] * 7 + [429]
