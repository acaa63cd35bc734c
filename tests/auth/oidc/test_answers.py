"""Answers of a provider that prove nothing, and that each is refused by its cause."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from tests.auth.oidc.provider import CLIENT_ID, CLIENT_SECRET, OTHER_KEY, Provider
from tests.auth.oidc.steps import back, elsewhere, link, sign_in
from tests.clock import Clock
from tests.visitor import Visitor

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
