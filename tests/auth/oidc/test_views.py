"""Signing in through a provider, from the button to the session: to which account, and who may link one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask

from tests.auth.factors.people import enter, with_app
from tests.auth.oidc.provider import Provider
from tests.auth.oidc.steps import SETTINGS, back, elsewhere, link, sign_in
from tests.clock import Clock
from tests.visitor import PASSWORD, Visitor

Rows = Callable[..., list[tuple[Any, ...]]]


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


def test_without_a_provider_there_is_no_trace_of_one(visitor: Visitor) -> None:
    visitor.register()
    assert "provider" not in visitor.get("/auth/account").text
    assert [visitor.get(path).status_code for path in ("/auth/provider", SETTINGS)] == [404, 404]


def test_a_site_without_a_path_back_is_not_led_elsewhere(person: Visitor, provider: Provider) -> None:
    link(person, provider)
    entered = sign_in(elsewhere(person), provider, "/auth/provider?next=https://evil.example.org/")
    assert (entered.status_code, entered.location) == (303, "/")
