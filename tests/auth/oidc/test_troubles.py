"""A provider that is down, slow, broken or not what it should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from mealplanner import create_app
from mealplanner.auth.oidc import conversation
from mealplanner.config import Config
from mealplanner.config.sign_in_provider import SignInProvider
from mealplanner.storage.database import Database
from tests.auth.oidc.provider import Provider, send
from tests.auth.oidc.steps import back, elsewhere, link, sign_in
from tests.visitor import Visitor

Handler = BaseHTTPRequestHandler
DISCOVERY = "/.well-known/openid-configuration"


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
