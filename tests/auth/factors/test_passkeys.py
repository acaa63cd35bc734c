"""Passkeys, alone and after a password."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mealplanner import create_app
from mealplanner.auth.factors.passkeys import Site
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.auth.factors.device import ALONE, PRESENT, Device, asked, show, text, with_passkey
from tests.auth.sessions.browsers import signed_in
from tests.clock import Clock
from tests.post import Post
from tests.visitor import PASSWORD, Visitor

Rows = Callable[..., list[tuple[Any, ...]]]
NEW = "/auth/account/passkeys/new"
SECOND = "/auth/second-step/passkey"


def refused(answer: TestResponse, why: str) -> bool:
    """Return whether the page says why the passkey does not count."""
    return answer.status_code == 422 and why in answer.text


def test_a_passkey_alone_signs_in(member: Visitor, rows: Rows) -> None:
    """Without a name or a password, to the page that was wanted."""
    device, browser = with_passkey(member), Visitor(member.app)
    options = asked(browser.get("/auth/login?next=/menu/").text)
    assert (options["rpId"], options["allowCredentials"], options["userVerification"]) == ("localhost", [], "required")
    answer = browser.post(ALONE, {"credential": device.show(options), "next": "/menu/"})
    assert (answer.status_code, answer.location) == (303, "/menu/")
    assert signed_in(browser)
    assert rows("SELECT sign_count, used_at IS NOT NULL FROM passkeys") == [(1, True)]


def test_a_new_passkey_is_one_that_knows_its_person_and_checks_them(member: Visitor) -> None:
    with_passkey(member)
    options = asked(member.get(NEW).text)
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert len(options["excludeCredentials"]) == 1
    assert options["user"]["name"] == member.email


def test_with_a_passkey_a_password_alone_opens_nothing(member: Visitor) -> None:
    """The page after it asks for a passkey of this account."""
    device = with_passkey(member)
    browser = Visitor(member.app)
    page = browser.post("/auth/login", {"email": member.email, "password": PASSWORD})
    assert not signed_in(browser)
    options = asked(page.text)
    assert [one["id"] for one in options["allowCredentials"]] == [text(device.id)]
    assert browser.post(SECOND, {"credential": device.show(options)}).status_code == 303
    assert signed_in(browser)


def test_the_passkey_of_another_account_is_no_second_step(member: Visitor) -> None:
    with_passkey(member)
    other = Visitor(member.app, "other@example.org")
    other.register()
    theirs, browser = with_passkey(other), Visitor(member.app)
    page = browser.post("/auth/login", {"email": member.email, "password": PASSWORD})
    assert refused(browser.post(SECOND, {"credential": theirs.show(asked(page.text))}), "isn&#39;t known here")
    assert not signed_in(browser)


@pytest.mark.parametrize(
    ("traits", "why"),
    [
        ({"origin": "https://evil.example"}, "was shown to https://evil.example, and this site is http://localhost"),
        ({"origin": "http://localhost:8000"}, "this site is http://localhost."),
        ({"site": "evil.example"}, "belongs to another site"),
        ({"flags": PRESENT}, "make sure that it&#39;s you"),
        ({"count": -1}, "there may be a copy"),
    ],
)
def test_a_passkey_is_refused_with_the_cause(member: Visitor, rows: Rows, traits: dict[str, Any], why: str) -> None:
    """And the failure is recorded for its owner."""
    device, browser = with_passkey(member, count=1), Visitor(member.app)
    for name, value in traits.items():
        setattr(device, name, value)
    assert refused(show(browser, device), why)
    assert not signed_in(browser)
    assert rows("SELECT actor FROM audit_entries WHERE event = 'wrong-code'") == [("visitor",)]


def test_a_passkey_that_is_not_known_or_was_removed_says_no_more(member: Visitor, rows: Rows) -> None:
    device, stranger = with_passkey(member), Visitor(member.app)
    assert refused(show(stranger, Device()), "isn&#39;t known here")
    ((id_,),) = rows("SELECT id FROM passkeys")
    assert member.post(f"/auth/account/passkeys/{id_}/remove").status_code == 303
    assert refused(show(stranger, device), "isn&#39;t known here")
    assert Visitor(member.app).sign_in().status_code == 303


def test_a_signature_of_another_key_is_refused(member: Visitor) -> None:
    device = with_passkey(member)
    assert refused(show(Visitor(member.app), Device(id=device.id)), "doesn&#39;t fit this passkey")


def test_an_answer_counts_once_and_in_its_own_browser(member: Visitor) -> None:
    """Also that of a passkey that does not count its uses."""
    device, browser, thief = with_passkey(member, counts=False), Visitor(member.app), Visitor(member.app)
    thief.token()
    page = browser.get("/auth/login").text
    answer = device.show(asked(page))
    assert refused(thief.post(ALONE, {"credential": answer}), "opened in another window")
    copied = browser.client.get_cookie("session")
    assert copied is not None
    assert browser.post(ALONE, {"credential": answer}).status_code == 303
    thief.client.set_cookie("session", copied.value)
    assert refused(thief.post(ALONE, {"credential": answer}), "used already")
    assert not signed_in(thief)


@pytest.mark.parametrize("answer", ["", "x", "[]", "{}", '{"response": {"clientDataJSON": "eyJ9"}}', "[" * 2000])
def test_what_is_no_answer_is_refused(member: Visitor, answer: str) -> None:
    with_passkey(member)
    assert refused(Visitor(member.app).post(ALONE, {"credential": answer}), "can&#39;t be read")
    assert refused(member.post(NEW, {"name": "Phone", "credential": answer}), "can&#39;t be read")


def test_a_challenge_of_our_own_making_is_needed(member: Visitor) -> None:
    device, browser = with_passkey(member), Visitor(member.app)
    browser.token()
    assert refused(browser.post(ALONE, {"credential": device.show({"challenge": text(b"mine")})}), "took too long")


@pytest.mark.parametrize(
    ("traits", "why"),
    [
        ({"origin": "https://evil.example"}, "was shown to https://evil.example"),
        ({"site": "evil.example"}, "belongs to another site"),
        ({"flags": PRESENT}, "make sure that it&#39;s you"),
    ],
)
def test_a_new_passkey_is_refused_with_the_cause(member: Visitor, rows: Rows, traits: dict[str, Any], why: str) -> None:
    """The name that was typed is still there."""
    answer = Device(**traits).create(asked(member.get(NEW).text))
    again = member.post(NEW, {"name": "My own phone", "credential": answer})
    assert refused(again, why)
    assert 'value="My own phone"' in again.text
    assert rows("SELECT count(*) FROM passkeys") == [(0,)]


def test_a_passkey_belongs_to_one_account(member: Visitor) -> None:
    device = with_passkey(member)
    other = Visitor(member.app, "other@example.org")
    other.register()
    answer = device.create(asked(other.get(NEW).text))
    assert refused(other.post(NEW, {"name": "Phone", "credential": answer}), "set up already")


def test_the_passkeys_of_others_are_not_removed(member: Visitor, rows: Rows) -> None:
    with_passkey(member)
    other = Visitor(member.app, "other@example.org")
    other.register()
    ((id_,),) = rows("SELECT id FROM passkeys")
    assert other.post(f"/auth/account/passkeys/{id_}/remove").status_code == 404
    assert rows("SELECT count(*) FROM passkeys") == [(1,)]


def test_passkeys_are_added_shortly_after_the_password_and_told_by_mail(
    member: Visitor, clock: Clock, post: Post
) -> None:
    clock.wait(minutes=15)
    assert member.get(NEW).location.startswith("/auth/confirm")
    member.post("/auth/confirm", {"present_password": PASSWORD})
    post.deliver()
    with_passkey(member)
    assert [mail["Subject"] for mail in post.deliver()] == ["How you sign in was changed"]


@pytest.fixture
def strict(config: Config, database: Database, clock: Clock) -> Flask:
    """Return an application with the limits that strangers meet."""
    return create_app(replace(config, leniency=1), database, clock=clock)


def test_wrong_passkeys_are_slowed_down(strict: Flask) -> None:
    """By address, as nothing else is known of who shows them."""
    thief = Visitor(strict)
    thief.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    statuses = [show(thief, Device()).status_code for _ in range(21)]
    assert statuses == [422] * 20 + [429]


def test_a_closed_account_is_not_opened_by_a_passkey(member: Visitor, rows: Rows) -> None:
    device, browser = with_passkey(member), Visitor(member.app)
    rows("UPDATE users SET disabled_at = now()")
    answer = show(browser, device)
    assert (answer.status_code, "This account is closed" in answer.text) == (401, True)


def test_the_site_is_known_by_the_address_that_was_configured(config: Config, database: Database) -> None:
    app = create_app(replace(config, base_url="https://meals.example.org"), database)
    visitor = Visitor(app)
    page = visitor.client.get("/auth/login", base_url="https://meals.example.org").text
    assert asked(page)["rpId"] == "meals.example.org"
    assert json.dumps(asked(page)).count("localhost") == 0


@pytest.mark.parametrize(
    ("url", "name", "origin", "works"),
    [
        ("https://meals.example.org/food", "meals.example.org", "https://meals.example.org", True),
        ("http://localhost:8000/", "localhost", "http://localhost:8000", True),
        ("https://küche.example", "xn--kche-0ra.example", "https://xn--kche-0ra.example", True),
        ("http://meals.example.org", "meals.example.org", "http://meals.example.org", False),
        ("http://127.0.0.1:8000", "127.0.0.1", "http://127.0.0.1:8000", False),
        ("https://[::1]:8443", "::1", "https://[::1]:8443", False),
    ],
)
def test_where_browsers_give_no_passkeys_the_page_says_why(url: str, name: str, origin: str, works: bool) -> None:
    site = Site.at(url)
    assert (site.name, site.origin, site.trouble is None) == (name, origin, works)
