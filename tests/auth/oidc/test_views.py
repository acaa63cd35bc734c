"""Signing in through a provider, from the button to the session, and every way in which that goes wrong."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from mealplanner import create_app
from mealplanner.auth.oidc import conversation
from mealplanner.config import Config
from mealplanner.config.sign_in_provider import SignInProvider
from mealplanner.storage.database import Database
from tests.auth.factors.people import enter, with_app
from tests.auth.oidc.provider import CLIENT_ID, CLIENT_SECRET, OTHER_KEY, Provider, running, send
from tests.clock import Clock
from tests.visitor import PASSWORD, Visitor

Rows = Callable[..., list[tuple[Any, ...]]]
Handler = BaseHTTPRequestHandler
DISCOVERY = "/.well-known/openid-configuration"
SETTINGS = "/auth/account/provider"


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider, clock: Clock) -> Provider:
    """Return the provider, in its best behaviour."""
    fresh = Provider()
    fresh.issuer, fresh.now = running_provider.issuer, lambda: clock().timestamp()
    vars(running_provider).update(vars(fresh))
    return running_provider


@pytest.fixture
def clock() -> Clock:
    """Return the clock of `site`, which agrees with the provider's."""
    return Clock(datetime.datetime.now(datetime.UTC))


@pytest.fixture
def site(config: Config, database: Database, provider: Provider, clock: Clock) -> Flask:
    """An installation with that provider, and the default limits."""
    known = SignInProvider(issuer=provider.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, name="Our house")
    return create_app(replace(config, provider=known, leniency=1), database, clock=clock)


@pytest.fixture
def person(site: Flask) -> Visitor:
    """Return a browser in which a person with an account is signed in."""
    visitor = Visitor(site)
    visitor.register()
    return visitor


def back(visitor: Visitor, there: dict[str, str]) -> TestResponse:
    """Come back from the provider and press the button of the page."""
    page = visitor.client.get("/auth/provider/back", query_string=there)
    if page.status_code != 200:
        return page
    fields = dict(re.findall(r'<input type="hidden" name="(next|state|code)" value="([^"]*)">', page.text))
    return visitor.post("/auth/provider/finish", fields)


def sign_in(visitor: Visitor, provider: Provider, start: str = "/auth/provider") -> TestResponse:
    """Sign in through the provider."""
    begun = visitor.get(start)
    return back(visitor, provider.authorized(begun.location)) if begun.status_code == 303 else begun


def link(person: Visitor, provider: Provider) -> TestResponse:
    """Link the account of a person who is signed in."""
    page = person.post(SETTINGS).text
    address = re.search(r'href="(http://127[^"]*/authorize[^"]*)"', page)
    assert address is not None, page
    return back(person, provider.authorized(address[1].replace("&amp;", "&")))


def elsewhere(person: Visitor) -> Visitor:
    """Return another browser of the same person."""
    return Visitor(person.app, person.email)


def test_a_linked_account_is_entered_through_the_provider(person: Visitor, provider: Provider) -> None:
    assert link(person, provider).status_code == 303
    assert "ann@example.org" in person.get(SETTINGS).text
    other = elsewhere(person)
    assert "Sign in with Our house" in other.get("/auth/login").text
    entered = sign_in(other, provider, "/auth/provider?next=/preferences")
    assert (entered.status_code, entered.location) == (303, "/preferences")
    assert other.get("/preferences").status_code == 200
    told = person.get("/auth/account/activity").text
    assert "Linked to ann@example.org at Our house" in told
    assert "through Our house" in told


def test_what_takes_the_password_takes_it_from_those_who_came_through_the_provider(
    person: Visitor, provider: Provider
) -> None:
    """Who runs the provider must not take the data out, nor make a token."""
    link(person, provider)
    other = elsewhere(person)
    sign_in(other, provider)
    assert other.get("/auth/account/export").status_code == 303
    assert "/authorize" not in other.post(SETTINGS).text
    other.post("/auth/confirm", {"present_password": PASSWORD})
    assert other.get("/auth/account/export").status_code == 200


def test_the_second_step_is_asked_for_after_the_provider_too(person: Visitor, provider: Provider, clock: Clock) -> None:
    link(person, provider)
    phone, _ = with_app(person, clock)
    clock.wait(minutes=1)
    other = elsewhere(person)
    asked = sign_in(other, provider, "/auth/provider?next=/preferences")
    assert (asked.status_code, "One more step" in asked.text) == (200, True)
    assert other.get("/preferences").status_code == 303
    assert enter(other, phone.code()).status_code == 303
    assert other.get("/preferences").status_code == 200


def test_the_owner_is_told_of_a_new_browser(person: Visitor, provider: Provider, rows: Rows) -> None:
    link(person, provider)
    sign_in(elsewhere(person), provider)
    assert rows("SELECT kind FROM mails ORDER BY kind") == [("new-browser",), ("verify",)]


def test_an_account_is_never_found_by_its_address(person: Visitor, provider: Provider) -> None:
    """Though the provider says that the person has that very address, confirmed."""
    provider.claims = {"email": person.email, "email_verified": True}
    other = elsewhere(person)
    refused = sign_in(other, provider)
    assert refused.status_code == 403
    assert "No account here is linked to your account at Our house." in refused.text
    assert other.get("/preferences").status_code == 303


def test_linking_takes_the_password(person: Visitor, provider: Provider, clock: Clock) -> None:
    """Typed a short time ago, also when the person comes back."""
    clock.wait(hours=1)
    assert "/authorize" not in person.post(SETTINGS).text
    person.post("/auth/confirm", {"present_password": PASSWORD})
    begun = person.post(SETTINGS).text
    address = re.search(r'href="(http://127[^"]*/authorize[^"]*)"', begun)
    assert address is not None
    there = provider.authorized(address[1].replace("&amp;", "&"))
    person.post("/auth/logout")
    assert back(person, there).status_code == 403
    assert there["code"] in provider.codes


def test_an_account_there_is_linked_to_one_account_here(person: Visitor, site: Flask, provider: Provider) -> None:
    link(person, provider)
    other = Visitor(site, "other@example.org")
    other.register()
    refused = link(other, provider)
    assert (refused.status_code, "Another account of this site" in refused.text) == (409, True)


def test_an_account_that_was_unlinked_is_not_entered(person: Visitor, provider: Provider) -> None:
    link(person, provider)
    assert person.post(f"{SETTINGS}/unlink").status_code == 303
    assert sign_in(elsewhere(person), provider).status_code == 403
    assert "No longer linked to ann@example.org" in person.get("/auth/account/activity").text


def test_a_closed_account_is_not_entered(person: Visitor, provider: Provider, rows: Rows) -> None:
    link(person, provider)
    rows("UPDATE users SET disabled_at = now() RETURNING id")
    other = elsewhere(person)
    assert sign_in(other, provider).status_code == 401
    assert other.get("/preferences").status_code == 303


CLAIMS = [
    ({"nonce": "of another"}, "belongs to another sign-in"),
    ({"nonce": None}, "belongs to another sign-in"),
    ({"aud": "another site"}, "is meant for another site"),
    ({"aud": [CLIENT_ID, "another site"], "azp": "another site"}, "is meant for another site"),
    ({"iss": "https://id.example.org"}, "was written by another provider"),
    ({"exp": int(time.time()) - 86400}, "has expired. Its clock, or ours, may be wrong."),
    ({"iat": int(time.time()) + 86400, "exp": int(time.time()) + 90000}, "comes from the future"),
    ({"sub": None}, "doesn&#39;t say who you are"),
    ({"sub": 17}, "doesn&#39;t say who you are"),
]


@pytest.mark.parametrize(("claims", "why"), CLAIMS)
def test_an_answer_for_another_sign_in_is_refused(
    person: Visitor, provider: Provider, claims: dict[str, Any], why: str
) -> None:
    """Its true cause is told, and no session begins."""
    link(person, provider)
    provider.claims, other = claims, elsewhere(person)
    refused = sign_in(other, provider)
    assert (refused.status_code, why in refused.text) == (403, True), refused.text
    assert other.get("/preferences").status_code == 303


def test_an_answer_that_another_signed_is_refused(person: Visitor, provider: Provider) -> None:
    link(person, provider)
    provider.key = OTHER_KEY
    refused = sign_in(elsewhere(person), provider)
    assert (refused.status_code, "isn&#39;t signed by Our house" in refused.text) == (403, True)


def test_what_comes_back_to_another_browser_is_refused(person: Visitor, provider: Provider) -> None:
    """And to the same one after ten minutes, or without a state; the provider is not asked."""
    link(person, provider)
    there = provider.authorized(elsewhere(person).get("/auth/provider").location)
    for state in (there["state"], "another", ""):
        stranger = elsewhere(person)
        stranger.get("/auth/provider")
        provider.asked.clear()
        refused = back(stranger, {"code": there["code"], "state": state})
        assert (refused.status_code, "didn&#39;t begin in this browser" in refused.text) == (403, True)
        posted = stranger.post("/auth/provider/finish", {"code": there["code"], "state": state})
        assert (posted.status_code, provider.asked) == (403, [])


def test_who_stays_away_too_long_begins_again(person: Visitor, provider: Provider, clock: Clock) -> None:
    other = elsewhere(person)
    there = provider.authorized(other.get("/auth/provider").location)
    clock.wait(minutes=10)
    assert back(other, there).status_code == 403


def test_a_code_works_once(person: Visitor, provider: Provider) -> None:
    """A second try is told what became of it."""
    link(person, provider)
    other = elsewhere(person)
    there = provider.authorized(other.get("/auth/provider").location)
    provider.codes.clear()
    refused = back(other, there)
    assert (refused.status_code, "didn&#39;t accept the code" in refused.text) == (403, True)


@pytest.mark.parametrize(("error", "why"), [("access_denied", "didn&#39;t allow"), ("server_error", "refused")])
def test_what_the_provider_refuses_is_told(site: Flask, provider: Provider, error: str, why: str) -> None:
    visitor = Visitor(site)
    state = provider.authorized(visitor.get("/auth/provider").location)["state"]
    refused = back(visitor, {"error": error, "error_description": "<script>", "state": state})
    assert (refused.status_code, why in refused.text, "<script>" in refused.text) == (403, True, False)


def huge(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b" " * (conversation.MOST_BYTES + 1))


def broken(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"<html>")


def failing(handler: Handler) -> None:
    send(handler, 500, {})


def a_list(handler: Handler) -> None:
    send(handler, 200, [])


def leaving(handler: Handler) -> None:
    handler.connection.close()


TROUBLES = [
    (huge, "far too long"),
    (broken, "that we can&#39;t use"),
    (failing, "can&#39;t use"),
    (a_list, "can&#39;t use"),
]


@pytest.mark.parametrize("path", [DISCOVERY, "/token", "/keys"])
@pytest.mark.parametrize(("answer", "why"), [*TROUBLES, (leaving, "can&#39;t reach Our house")])
def test_a_provider_in_trouble_is_told_by_its_cause(
    person: Visitor, provider: Provider, path: str, answer: Callable[[Handler], None], why: str
) -> None:
    link(person, provider)
    other = elsewhere(person)
    there = provider.authorized(other.get("/auth/provider").location)
    provider.answers = {path: answer}
    told = back(other, there)
    assert (told.status_code, why in told.text, "with your password" in told.text) == (503, True, True), told.text
    assert other.get("/preferences").status_code == 303
    provider.answers = {}
    assert sign_in(other, provider).status_code == 303


def test_a_provider_that_is_down_keeps_no_one_from_their_password(
    config: Config, database: Database, person: Visitor
) -> None:
    gone = SignInProvider(issuer="http://127.0.0.1:9", client_id="meals", name="Our house")
    other = Visitor(create_app(replace(config, provider=gone), database), person.email)
    told = other.get("/auth/provider")
    assert (told.status_code, "can&#39;t reach Our house" in told.text) == (503, True)
    assert other.sign_in().status_code == 303


def waiting(provider: Provider) -> Callable[[Handler], None]:
    def answer(_handler: Handler) -> None:
        provider.released.wait()

    return answer


def trickling(provider: Provider) -> Callable[[Handler], None]:
    """One byte of a header after the other, so that no single read takes long."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not provider.released.wait(0.01):
            try:
                handler.wfile.write(b"x")
            except OSError:
                return

    return answer


@pytest.mark.parametrize("kind", [waiting, trickling])
def test_a_slow_provider_is_left_in_time_and_holds_no_connection(
    person: Visitor,
    provider: Provider,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    kind: Callable[[Provider], Callable[[Handler], None]],
) -> None:
    link(person, provider)
    other = elsewhere(person)
    there = provider.authorized(other.get("/auth/provider").location)
    monkeypatch.setattr(conversation.Conversation.__init__, "__kwdefaults__", {"seconds": 1.5})
    held, out = [], [0]
    event.listen(database.engine(), "checkout", lambda *_: out.__setitem__(0, out[0] + 1))
    event.listen(database.engine(), "checkin", lambda *_: out.__setitem__(0, out[0] - 1))
    slow = kind(provider)

    def answer(handler: Handler) -> None:
        held.append(out[0])
        slow(handler)

    provider.answers = {DISCOVERY: answer}
    told = back(other, there)
    provider.released.set()
    assert (told.status_code, "took too long" in told.text) == (503, True), told.text
    assert held == [0]


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://id.example.org"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "ftp://127.0.0.1/"},
    ],
)
def test_a_provider_that_is_not_what_it_should_be_is_not_gone_to(
    site: Flask, provider: Provider, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    assert Visitor(site).get("/auth/provider").status_code == 503


def test_answers_that_prove_nothing_are_counted(
    person: Visitor, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    """By the address they come from, which the log names."""
    link(person, provider)
    stranger = elsewhere(person)
    stranger.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    provider.claims = {"nonce": "of another"}
    answers = [sign_in(stranger, provider).status_code for _ in range(16)]
    assert answers == [403] * 15 + [429]
    assert caplog.messages.count("wrong provider from 203.0.113.9") == 15


def test_nothing_of_it_is_logged_or_shown(
    person: Visitor, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    link(person, provider)
    other = elsewhere(person)
    there = provider.authorized(other.get("/auth/provider").location)
    provider.claims = {"nonce": "of another"}
    told = back(other, there).text + caplog.text
    kept = parse_qs(urlsplit(elsewhere(person).get("/auth/provider").location).query)
    assert not any(secret in told for secret in (CLIENT_SECRET, there["code"], there["state"], kept["nonce"][0], "eyJ"))


def test_without_a_provider_there_is_no_trace_of_one(visitor: Visitor) -> None:
    visitor.register()
    assert "provider" not in visitor.get("/auth/account").text
    assert [visitor.get(path).status_code for path in ("/auth/provider", SETTINGS)] == [404, 404]


def test_a_site_without_a_path_back_is_not_led_elsewhere(person: Visitor, provider: Provider) -> None:
    link(person, provider)
    entered = sign_in(elsewhere(person), provider, "/auth/provider?next=https://evil.example.org/")
    assert (entered.status_code, entered.location) == (303, "/")
