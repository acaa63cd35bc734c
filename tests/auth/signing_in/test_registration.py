"""Who may create an account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.together import map_at_once
from tests.visitor import PASSWORD, Visitor

Make = Callable[..., Visitor]


@pytest.fixture
def make(config: Config, database: Database) -> Make:
    """Return `make(policy, email)`, a browser of an installation with that policy."""

    def build(policy: str, email: str = "person@example.org") -> Visitor:
        return Visitor(create_app(replace(config, registration=policy), database), email)

    return build


def test_the_first_person_registers_and_no_one_after_them(make: Make, stored: Callable[[], int]) -> None:
    first, second = make("first"), make("first", "second@example.org")
    assert "Create account" in first.get("/auth/register").text
    first.register()
    page = second.get("/auth/register")
    assert (page.status_code, "take new accounts" in page.text, "<form" in page.text) == (200, True, False)
    refused = second.post("/auth/register", json={"email": second.email, "password": PASSWORD})
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["form"])
    assert stored() == 1


def test_a_closed_site_takes_no_account_at_all(make: Make, stored: Callable[[], int]) -> None:
    visitor = make("closed")
    answer = visitor.post("/auth/register", {"email": visitor.email, "password": PASSWORD})
    assert (answer.status_code, "take new accounts" in answer.text, stored()) == (422, True, 0)


def test_of_two_at_once_only_one_is_the_first(make: Make, stored: Callable[[], int]) -> None:
    """Even with different addresses, of which no constraint knows."""
    tokens = [(other := make("first", f"{name}@example.org"), other.token()) for name in ("ada", "bob")]

    def register(one: Visitor, token: str) -> int:
        form = {"email": one.email, "password": PASSWORD}
        return one.client.post("/auth/register", data=form, headers={"X-CSRFToken": token}).status_code

    statuses = sorted(map_at_once(lambda pair: register(*pair), tokens))
    assert (statuses, stored()) == ([303, 422], 1)
