"""Confirming and changing an e-mail address."""

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
from tests.post import Post
from tests.together import map_at_once
from tests.visitor import PASSWORD, Visitor

NEW = "quite another secret"
Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def strict(config: Config, database: Database) -> Flask:
    """An application with the default limits."""
    return create_app(replace(config, leniency=1), database, clock=Clock(utc_now()))


def ask(person: Visitor, email: str, password: str = PASSWORD) -> Any:
    """Ask for another address."""
    return person.post("/auth/account/email", {"email": email, "present_password": password})


def addresses(rows: Rows) -> list[str]:
    """Return the address of every account."""
    return [email for (email,) in rows("SELECT email FROM users ORDER BY email")]


def test_a_new_address_counts_once_it_is_confirmed(person: Visitor, post: Post, rows: Rows) -> None:
    """The link goes to the new address, a notice to the old one afterwards; until then nothing changes."""
    post.deliver()
    assert ask(person, "new@example.org").status_code == 303
    assert "new@example.org" in person.get("/auth/account").text
    link = post.link(to="new@example.org")
    assert addresses(rows) == [person.email]
    phone = Visitor(person.app, "new@example.org")
    assert "<b>new@example.org</b>" in phone.get(link).text
    assert addresses(rows) == [person.email]
    assert phone.post(link).status_code == 303
    assert addresses(rows) == ["new@example.org"]
    (told,) = post.deliver()
    assert (told["To"], told["Subject"]) == (person.email, "Your account has a new e-mail address")
    assert "new@example.org" not in told.as_string()
    assert phone.sign_in().status_code == 303
    assert Visitor(person.app).sign_in().status_code == 401
    assert person.get("/preferences").status_code == 200


def test_an_old_link_does_not_tell_the_new_address(person: Visitor, post: Post) -> None:
    """The page shows nothing to the reader of a mailbox that was given up."""
    old = post.link()
    ask(person, "new@example.org")
    Visitor(person.app).post(post.link(to="new@example.org"))
    for answer in (Visitor(person.app).get(old), Visitor(person.app).get(old, json=True)):
        assert "new@example.org" not in answer.text


def test_an_address_that_has_an_account_is_told_to_its_owner_only(person: Visitor, post: Post, rows: Rows) -> None:
    """The request is answered as always; opening the link says so and changes nothing."""
    Visitor(person.app, "taken@example.org").register()
    post.deliver()
    answers = [ask(person, email) for email in ("free@example.org", "TAKEN@example.org")]
    assert answers[0].status_code == answers[1].status_code == 303
    link = post.link(to="TAKEN@example.org")
    for _ in range(2):
        refused = Visitor(person.app).post(link)
        assert refused.status_code == 422
        assert "There is an account with this address already" in refused.text
    assert addresses(rows) == ["person@example.org", "taken@example.org"]
    assert post.deliver() == []


def test_of_two_accounts_that_confirm_one_address_at_once_one_gets_it(person: Visitor, post: Post, rows: Rows) -> None:
    """The constraint decides, and the other is told."""
    other = Visitor(person.app, "other@example.org")
    other.register()
    post.deliver()
    asked = []
    for visitor in (person, other):
        assert ask(visitor, "new@example.org").status_code == 303
        asked.append(post.link(to="new@example.org"))
    visitors = [Visitor(person.app), Visitor(person.app)]
    tokens = [visitor.token() for visitor in visitors]

    def confirm(visitor: Visitor, token: str, link: str) -> int:
        return visitor.client.post(link, headers={"X-CSRFToken": token}).status_code

    assert sorted(map_at_once(confirm, visitors, tokens, asked)) == [303, 422]
    assert addresses(rows).count("new@example.org") == 1


def test_the_case_of_an_address_may_change(person: Visitor, post: Post, rows: Rows) -> None:
    """The key stays the same, the address that is shown changes."""
    post.deliver()
    ask(person, "Person@example.org")
    Visitor(person.app).post(post.link(to="Person@example.org"))
    assert addresses(rows) == ["Person@example.org"]


@pytest.mark.parametrize(
    ("email", "password", "message"),
    [
        ("new@example.org", "not what it was", "This is not your password."),
        ("new@example.org", "", "Enter a password."),
        ("nobody", PASSWORD, "Enter an e-mail address"),
        ("person@example.org", PASSWORD, "your address already."),
        ("evil@example.org\r\nBcc: all@example.org", PASSWORD, "Enter an e-mail address"),
    ],
)
def test_a_form_that_is_wrong_mails_nothing(
    person: Visitor, post: Post, email: str, password: str, message: str
) -> None:
    """It comes back with what was typed, except the password."""
    post.deliver()
    refused = ask(person, email, password)
    assert refused.status_code == 422
    assert message in refused.text
    assert password not in refused.text or not password
    assert post.deliver() == []


@pytest.mark.parametrize("email", ["Ängström@example.org", "ΣΊΣΥΦΟΣ@example.org", "İ@example.org"])
def test_an_address_beyond_ascii_signs_in_as_it_was_typed(visitor: Visitor, post: Post, email: str) -> None:
    visitor.email = email
    visitor.register()
    assert Visitor(visitor.app, email).sign_in().status_code == 303
    assert Visitor(visitor.app, email).post("/auth/register", {"email": email, "password": NEW}).status_code == 422
    post.deliver()
    Visitor(visitor.app).post("/auth/forgot", {"email": email})
    assert Visitor(visitor.app).post(post.link(), {"password": NEW}).status_code == 303


def test_mails_are_not_asked_for_without_end(strict: Flask, post: Post) -> None:
    """Links to confirm the old and the new address count together; programs get `Retry-After`."""
    person = Visitor(strict)
    person.register()
    post.deliver()
    answers = [person.post("/auth/account/verify").status_code for _ in range(4)]
    answers += [ask(person, "new@example.org").status_code for _ in range(2)]
    assert answers == [303] * 5 + [429]
    refused = person.post("/auth/account/verify", json={})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "300")
    assert len(post.deliver()) == 2  # the newest of each kind


def test_a_confirmed_address_gets_no_more_links(person: Visitor, post: Post) -> None:
    Visitor(person.app).post(post.link())
    assert person.post("/auth/account/verify").status_code == 303
    assert post.deliver() == []
