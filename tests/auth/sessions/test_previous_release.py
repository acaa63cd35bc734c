"""Cookies of the release before, which named the account and no session."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.auth.conftest import NOW
from tests.auth.sessions.browsers import signed_in
from tests.clock import Clock
from tests.together import map_at_once
from tests.visitor import Visitor

Rows = Callable[..., list[tuple[Any, ...]]]


def with_old_cookie(member: Visitor, rows: Rows, *, csrf: str = "a", **moments: datetime.datetime) -> Visitor:
    """Return a browser that signed in to the account at the release before."""
    ((token,),) = rows("SELECT session_token::text FROM users")
    seconds = {name: int(moments.get(name, NOW).timestamp()) for name in ("signed_in", "seen", "typed")}
    old = {"_user_id": token, "_fresh": True, "_permanent": True, "csrf_token": csrf, **seconds}
    signer = member.app.session_interface.get_signing_serializer(member.app)  # type: ignore[attr-defined]
    browser = Visitor(member.app, member.email)
    browser.client.set_cookie("session", signer.dumps(old))
    return browser


def test_people_stay_signed_in_with_a_session_of_their_own(member: Visitor, rows: Rows) -> None:
    began = NOW - datetime.timedelta(days=80)
    browser = with_old_cookie(member, rows, signed_in=began)
    assert signed_in(browser)
    assert rows("SELECT created_at FROM sessions ORDER BY created_at LIMIT 1") == [(began,)]
    assert signed_in(browser)
    assert rows("SELECT count(*) FROM sessions") == [(2,)]
    assert browser.post("/auth/logout").status_code == 303
    assert signed_in(member)


def test_many_requests_at_once_exchange_a_cookie_once(member: Visitor, rows: Rows) -> None:
    """The browser keeps whichever cookie it gets last; all are the same session."""
    copies = [with_old_cookie(member, rows) for _ in range(4)]
    assert all(map_at_once(signed_in, copies))
    assert rows("SELECT count(*) FROM sessions") == [(2,)]
    other_browser = with_old_cookie(member, rows, csrf="b")
    assert signed_in(other_browser)
    assert rows("SELECT count(*) FROM sessions") == [(3,)]


def test_servers_with_other_keys_exchange_a_cookie_once(
    config: Config, database: Database, member: Visitor, clock: Clock, rows: Rows
) -> None:
    """While the key of the site is replaced, before and after its restarts."""
    first, second = member.app.secret_key, "the key of this year"
    cookie = with_old_cookie(member, rows).client.get_cookie("session")
    assert cookie is not None
    for key, fallback in ((first, None), (first, second), (second, first)):
        site = replace(config, secret_key=key, secret_key_fallback=fallback)
        browser = Visitor(create_app(site, database, clock=clock), member.email)
        browser.client.set_cookie("session", cookie.value)
        assert signed_in(browser)
    assert rows("SELECT count(*) FROM sessions") == [(2,)]


def test_a_copy_of_an_old_cookie_is_dead_once_its_browser_has_signed_out(member: Visitor, rows: Rows) -> None:
    browser, copy = with_old_cookie(member, rows), with_old_cookie(member, rows)
    assert browser.post("/auth/logout").status_code == 303
    assert not signed_in(browser)
    assert not signed_in(copy)


def test_an_old_cookie_lasts_no_longer_than_it_did(member: Visitor, clock: Clock, rows: Rows) -> None:
    browser = with_old_cookie(member, rows)
    clock.wait(days=14)
    assert not signed_in(browser)


@pytest.mark.parametrize("ends", ["/auth/sign-out-everywhere", "/auth/logout"])
def test_what_ends_sessions_ends_old_cookies_too(member: Visitor, rows: Rows, ends: str) -> None:
    browser = with_old_cookie(member, rows)
    assert member.post(ends).status_code == 303
    assert not signed_in(browser)


def test_a_new_cookie_has_what_the_release_before_reads(member: Visitor, rows: Rows) -> None:
    """Its servers may answer beside new ones for a while."""
    cookie = member.client.get_cookie("session")
    assert cookie is not None
    signer = member.app.session_interface.get_signing_serializer(member.app)  # type: ignore[attr-defined]
    read = signer.loads(cookie.value)
    assert [(read["_user_id"],)] == rows("SELECT session_token::text FROM users")
    assert (read["signed_in"], read["seen"]) == (int(NOW.timestamp()),) * 2
