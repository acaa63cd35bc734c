"""The second step of signing in, with an authenticator app and recovery codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.auth.factors.people import SECOND, SETUP, asked, enter, scanned, with_app
from tests.auth.sessions.browsers import signed_in
from tests.clock import Clock
from tests.post import Post
from tests.together import map_at_once
from tests.visitor import PASSWORD, Visitor

Rows = Callable[..., list[tuple[Any, ...]]]


def test_a_password_alone_opens_nothing_once_an_app_is_set_up(member: Visitor, clock: Clock, rows: Rows) -> None:
    phone, codes = with_app(member, clock)
    assert (len(codes), len(set(codes))) == (10, 10)
    browser = asked(member)
    assert not signed_in(browser)
    assert rows("SELECT count(*) FROM sessions") == [(1,)]
    clock.wait(seconds=30)
    assert enter(browser, phone.code()).location == "/"
    assert signed_in(browser)


def test_the_second_step_leads_to_the_page_that_was_wanted(member: Visitor, clock: Clock) -> None:
    phone, _ = with_app(member, clock)
    browser = Visitor(member.app)
    form = {"email": member.email, "password": PASSWORD, "next": "/menu/"}
    assert 'name="next" value="/menu/"' in browser.post("/auth/login", form).text
    clock.wait(seconds=30)
    assert browser.post(SECOND, {"code": phone.code(), "next": "/menu/"}).location == "/menu/"


def test_a_program_is_told_what_is_missing(member: Visitor, clock: Clock) -> None:
    phone, _ = with_app(member, clock)
    browser = Visitor(member.app)
    told = browser.post("/auth/login", json={"email": member.email, "password": PASSWORD})
    assert (told.status_code, told.get_json()) == (200, {"email": member.email, "second_step": ["app"]})
    clock.wait(seconds=30)
    assert browser.post(SECOND, json={"code": phone.code()}).get_json() == {"email": member.email}


def test_a_code_counts_once(member: Visitor, clock: Clock) -> None:
    """Neither again, nor after a later one, nor that of setting up."""
    phone, _ = with_app(member, clock)
    refused = enter(asked(member), phone.code())
    assert (refused.status_code, "used already" in refused.text) == (422, True)
    clock.wait(seconds=60)
    assert enter(asked(member), phone.code()).status_code == 303
    for later in (0, -1):
        refused = enter(asked(member), phone.code(later=later))
        assert (refused.status_code, "used already" in refused.text) == (422, True)


def test_of_two_who_send_one_code_at_once_one_enters(member: Visitor, clock: Clock, rows: Rows) -> None:
    phone, _ = with_app(member, clock)
    browsers = [asked(member) for _ in range(4)]
    tokens = [browser.token() for browser in browsers]
    clock.wait(seconds=30)

    def send(browser: Visitor, token: str) -> int:
        return browser.client.post(SECOND, data={"code": phone.code()}, headers={"X-CSRFToken": token}).status_code

    assert sorted(map_at_once(send, browsers, tokens)) == [303, 422, 422, 422]
    assert rows("SELECT count(*) FROM sessions") == [(2,)]


@pytest.mark.parametrize(("later", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_phone_may_be_half_a_minute_off(member: Visitor, clock: Clock, later: int, status: int) -> None:
    phone, _ = with_app(member, clock)
    clock.wait(minutes=5)
    assert enter(asked(member), phone.code(later=later)).status_code == status


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("000000", "isn&#39;t the code that your app shows now"),
        ("AAAA-BBBB-CCCC-DDDD", "none of your recovery codes"),
        ("", "Enter the 6 digits"),
        ("x" * 200, "Enter the 6 digits"),
    ],
)
def test_a_wrong_code_is_refused_with_the_cause(member: Visitor, clock: Clock, rows: Rows, code: str, why: str) -> None:
    with_app(member, clock)
    refused = enter(asked(member), code)
    assert refused.status_code == 422
    assert why in refused.text
    told = rows("SELECT actor FROM audit_entries WHERE event = 'wrong-code'")
    assert told == ([("visitor",)] if 0 < len(code) < 100 else [])


def test_a_recovery_code_stands_in_once(member: Visitor, clock: Clock, post: Post) -> None:
    """However it is typed; its owner is told."""
    _, codes = with_app(member, clock)
    post.deliver()
    assert enter(asked(member), f" {codes[0].lower().replace('-', ' ')}").status_code == 303
    assert "How you sign in was changed" in [mail["Subject"] for mail in post.deliver()]
    refused = enter(asked(member), codes[0])
    assert (refused.status_code, "recovery code was used already" in refused.text) == (422, True)
    assert "9 of 10 are left" in member.get("/auth/account/factors").text


def test_codes_of_another_account_do_not_count(member: Visitor, clock: Clock) -> None:
    """The answer is that for codes that do not exist."""
    _, codes = with_app(member, clock)
    other = Visitor(member.app, "other@example.org")
    other.register()
    with_app(other, clock)
    refused = enter(asked(other), codes[0])
    assert (refused.status_code, "none of your recovery codes" in refused.text) == (422, True)
    assert enter(asked(member), codes[0]).status_code == 303


def test_new_recovery_codes_end_the_old_ones(member: Visitor, clock: Clock) -> None:
    _, codes = with_app(member, clock)
    renewed = member.post("/auth/account/factors/codes", json={}).get_json()["recovery_codes"]
    assert enter(asked(member), codes[0]).status_code == 422
    assert enter(asked(member), renewed[0]).status_code == 303


def test_the_second_step_cannot_be_skipped_or_put_off(member: Visitor, clock: Clock) -> None:
    """Without the password there is no second step, and ten minutes later the password is asked for again."""
    phone, _ = with_app(member, clock)
    assert Visitor(member.app).get(SECOND).location.startswith("/auth/login")
    browser = asked(member)
    assert browser.get(SECOND).status_code == 200
    clock.wait(minutes=10)
    assert enter(browser, phone.code()).status_code == 401
    assert not signed_in(browser)


def test_a_sign_in_that_is_half_way_dies_with_the_password(member: Visitor, clock: Clock) -> None:
    phone, _ = with_app(member, clock)
    browser = asked(member)
    form = {"present_password": PASSWORD, "password": "quite another secret"}
    assert member.post("/auth/account/password", form).status_code == 303
    clock.wait(seconds=30)
    assert enter(browser, phone.code()).status_code == 401
    assert not signed_in(browser)


@pytest.fixture
def strict(config: Config, database: Database, clock: Clock) -> Flask:
    """Return an application with the limits that strangers meet."""
    return create_app(replace(config, leniency=1), database, clock=clock)


def test_guesses_at_codes_are_slowed_down(strict: Flask, clock: Clock) -> None:
    """From wherever they come, and without keeping the owner out where they signed in before."""
    owner = Visitor(strict)
    owner.client.environ_base["REMOTE_ADDR"] = "198.51.100.4"
    owner.register()
    phone, _ = with_app(owner, clock)
    clock.wait(minutes=1)
    statuses = []
    for number in range(7):
        thief = Visitor(strict)
        thief.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        thief.sign_in()
        statuses.append(enter(thief, "000000").status_code)
    assert statuses == [422] * 5 + [429] * 2
    home = Visitor(strict)
    home.client.environ_base["REMOTE_ADDR"] = "198.51.100.4"
    home.sign_in()
    assert enter(home, phone.code()).status_code == 303


def test_the_app_is_removed_by_its_owner_who_is_told(member: Visitor, clock: Clock, post: Post, rows: Rows) -> None:
    """The recovery codes go with the last factor."""
    with_app(member, clock)
    post.deliver()
    assert member.post("/auth/account/factors/app/remove").status_code == 303
    assert [mail["Subject"] for mail in post.deliver()] == ["How you sign in was changed"]
    assert Visitor(member.app).sign_in().status_code == 303
    assert rows("SELECT count(*) FROM recovery_codes") == [(0,)]
    events = [event for (event,) in rows("SELECT event FROM audit_entries WHERE event LIKE 'factor%' ORDER BY id")]
    assert events == ["factor-added", "factor-removed"]


def test_factors_are_changed_only_shortly_after_the_password_was_typed(member: Visitor, clock: Clock) -> None:
    _, _ = with_app(member, clock)
    clock.wait(minutes=15)
    assert member.get(SETUP).location.startswith("/auth/confirm")
    for path in (f"{SETUP}/remove", "/auth/account/factors/codes"):
        assert member.post(path, json={}).status_code == 401
    assert "One more step" in Visitor(member.app).sign_in().text


def test_an_app_is_set_up_only_with_the_right_code(member: Visitor, clock: Clock, rows: Rows) -> None:
    """The page shows the same secret again; nothing is stored before, and a second app is refused."""
    phone, setup = scanned(member, clock)
    refused = member.post(SETUP, {"setup": setup, "code": "123"})
    assert (refused.status_code, "Enter the 6 digits" in refused.text) == (422, True)
    refused = member.post(SETUP, {"setup": setup, "code": "000000"})
    assert (refused.status_code, setup in refused.text) == (422, True)
    assert member.post(SETUP, {"setup": "forged", "code": phone.code()}).status_code == 422
    assert rows("SELECT count(*) FROM authenticators") == [(0,)]
    assert member.post(SETUP, {"setup": setup, "code": phone.code()}).status_code == 200
    assert member.post(SETUP, {"setup": setup, "code": phone.code()}).status_code == 409


def test_the_database_tells_no_secret(member: Visitor, clock: Clock, rows: Rows) -> None:
    phone, codes = with_app(member, clock)
    stored = str(
        rows("SELECT sealed_secret::text FROM authenticators") + rows("SELECT code_hash::text FROM recovery_codes")
    )
    for secret in (phone.secret, *codes):
        assert secret not in stored
        assert secret.encode().hex() not in stored


def test_a_new_key_reads_what_the_old_one_sealed(
    member: Visitor, clock: Clock, config: Config, database: Database
) -> None:
    """Without the old one, recovery codes still work and the page says why codes of the app do not."""
    phone, codes = with_app(member, clock)
    clock.wait(seconds=30)
    key, old = "another key, and long enough", config.secret_key
    rotated = create_app(replace(config, secret_key=key, secret_key_fallback=old), database, clock=clock)
    assert enter(asked(Visitor(rotated)), phone.code()).status_code == 303
    clock.wait(seconds=30)
    browser = asked(Visitor(create_app(replace(config, secret_key=key), database, clock=clock)))
    refused = enter(browser, phone.code())
    assert (refused.status_code, "key of this site has changed" in refused.text) == (422, True)
    assert enter(browser, codes[0]).status_code == 303


def test_who_has_lost_everything_takes_the_second_step_away_by_mail(
    member: Visitor, clock: Clock, post: Post, rows: Rows
) -> None:
    """The link is sent after the right password only, works once, and its owner is told."""
    with_app(member, clock)
    post.deliver()
    assert Visitor(member.app).post(f"{SECOND}/lost").status_code == 401
    browser = asked(member)
    assert browser.post(f"{SECOND}/lost").status_code == 303
    link = post.link()
    assert browser.get(link).status_code == 200
    assert rows("SELECT count(*) FROM authenticators") == [(1,)]
    assert browser.post(link).status_code == 303
    assert browser.post(link).status_code == 404
    assert browser.sign_in().status_code == 303
    assert "How you sign in was changed" in [mail["Subject"] for mail in post.deliver()]
