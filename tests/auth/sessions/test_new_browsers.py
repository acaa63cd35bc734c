"""Mails about sign-ins from browsers that an account was not used with."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest
from flask import Flask

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.auth.sessions.browsers import signed_in
from tests.clock import Clock
from tests.post import Post
from tests.visitor import Visitor

SUBJECT = "A new browser signed in to your account"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def told(post: Post) -> list[EmailMessage]:
    """Deliver, and return the mails about sign-ins."""
    return [mail for mail in post.deliver() if mail["Subject"] == SUBJECT]


def stranger(member: Visitor) -> Visitor:
    """Return a browser that is new to the account, with an address."""
    other = Visitor(member.app, member.email)
    other.client.environ_base |= {"REMOTE_ADDR": "203.0.113.7", "HTTP_USER_AGENT": FIREFOX}
    return other


def test_a_new_browser_is_told_to_the_owner_with_what_where_and_when(member: Visitor, post: Post) -> None:
    member.post("/auth/account/settings", {"time_zone": "Asia/Tokyo", "units": "metric", "hours": "12h"})
    assert told(post) == []
    assert stranger(member).sign_in().status_code == 303
    (mail,) = told(post)
    plain, _ = mail.iter_parts()
    words = " ".join(plain.get_content().replace("\N{NO-BREAK SPACE}", " ").split())
    assert mail["To"] == member.email
    assert "Firefox on Linux, from 203.0.113.7, on Mon 23 Nov at 9:00 PM" in words
    assert "/auth/forgot" in words


def test_a_browser_is_new_once(member: Visitor, post: Post) -> None:
    """Signing out does not make it new, nor does another account that signs in there."""
    browser = stranger(member)
    browser.sign_in()
    Visitor(member.app, "other@example.org").register()
    assert len(told(post)) == 1
    browser.post("/auth/logout")
    assert not signed_in(browser)
    browser.sign_in()
    assert told(post) == []
    browser.email = "other@example.org"
    browser.sign_in()
    assert [mail["To"] for mail in told(post)] == ["other@example.org"]
    browser.email = member.email
    browser.sign_in()
    assert told(post) == []


def test_a_wrong_password_tells_nothing(member: Visitor, post: Post) -> None:
    post.deliver()
    assert stranger(member).sign_in("a guess").status_code == 401
    assert post.deliver() == []


def test_a_session_that_ended_before_its_mail_was_written_is_told_too(member: Visitor, post: Post) -> None:
    browser = stranger(member)
    browser.sign_in()
    browser.post("/auth/logout")
    (mail,) = told(post)
    assert "203.0.113.7" not in mail.as_string()


@pytest.fixture
def strict(config: Config, database: Database, clock: Clock) -> Flask:
    """Return an application with the limits that strangers meet."""
    return create_app(replace(config, leniency=1), database, clock=clock)


def test_the_owner_is_not_mailed_without_end(strict: Flask, clock: Clock, post: Post) -> None:
    """Signing in goes on, and after some hours a mail is sent again."""
    member = Visitor(strict)
    member.register()
    for _ in range(12):
        assert Visitor(strict).sign_in().status_code == 303
    assert len(told(post)) == 5
    clock.wait(hours=5)
    assert Visitor(strict).sign_in().status_code == 303
    assert len(told(post)) == 1
