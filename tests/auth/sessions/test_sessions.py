"""Sessions: how they begin, last and end, and what people see of them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from mealplanner import create_app
from mealplanner.auth.sessions import lifetime
from mealplanner.auth.signing_in.sign_ins import KEPT
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.auth.conftest import NOW
from tests.auth.sessions.browsers import copied, elsewhere, signed_in
from tests.clock import Clock
from tests.visitor import PASSWORD, Visitor

NEW = "quite another secret"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.mark.parametrize(
    ("seen", "began", "alive"),
    [
        (datetime.timedelta(0), datetime.timedelta(0), True),
        (lifetime.IDLE - datetime.timedelta(seconds=1), datetime.timedelta(days=20), True),
        (lifetime.IDLE, datetime.timedelta(days=20), False),
        (datetime.timedelta(0), lifetime.LONGEST - datetime.timedelta(seconds=1), True),
        (datetime.timedelta(0), lifetime.LONGEST, False),
    ],
)
def test_a_session_is_alive_by_both_of_its_ages(
    seen: datetime.timedelta, began: datetime.timedelta, alive: bool
) -> None:
    """The time since it was last used, and the time since it began."""
    assert lifetime.alive(NOW - began, NOW - seen, NOW) is alive


def test_an_unused_session_ends(member: Visitor, clock: Clock) -> None:
    """After two weeks; a JSON client gets a 401."""
    clock.wait(days=13)
    assert signed_in(member)
    clock.wait(days=13)
    assert signed_in(member)
    clock.wait(days=14)
    assert not signed_in(member)
    assert member.get("/preferences", json=True).status_code == 401


def test_no_session_lasts_for_ever(member: Visitor, clock: Clock) -> None:
    """Used every ten days, it ends after ninety; signing in begins another."""
    for _ in range(8):
        clock.wait(days=10)
        assert signed_in(member)
    clock.wait(days=10)
    assert not signed_in(member)
    assert member.sign_in().status_code == 303
    assert signed_in(member)


def test_reading_pages_writes_that_the_session_is_used_only_now_and_then(
    member: Visitor, clock: Clock, statements: list[str]
) -> None:
    """Every ten minutes, after the page's own transaction; the cookie stays as it is."""

    def writes() -> int:
        statements.clear()
        answer = member.get("/preferences")
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
        return sum(statement.startswith("UPDATE sessions") for statement in statements)

    member.token()
    assert writes() == 0
    clock.wait(minutes=9)
    assert writes() == 0
    clock.wait(minutes=2)
    assert (writes(), writes()) == (1, 0)


def test_a_change_of_password_ends_every_other_session_at_once(member: Visitor) -> None:
    """The session that changed it goes on, and a notice goes by mail."""
    other = elsewhere(member)
    form = {"present_password": PASSWORD, "password": NEW}
    assert member.post("/auth/account/password", form).location == "/auth/account"
    assert (signed_in(member), signed_in(other)) == (True, False)
    assert Visitor(member.app).sign_in().status_code == 401
    assert Visitor(member.app).sign_in(NEW).status_code == 303


def test_signing_out_everywhere_ends_all_others_at_once(member: Visitor) -> None:
    """A copy of the cookie that was made before no longer works either."""
    other, copy = elsewhere(member), copied(member)
    assert signed_in(copy)
    assert member.post("/auth/sign-out-everywhere").location == "/auth/sessions"
    assert [signed_in(visitor) for visitor in (member, other, copy)] == [True, False, False]


def test_a_cookie_from_before_signing_in_opens_no_account(timed: Flask) -> None:
    """A cookie that a stranger planted shows nothing of what happens in that browser later."""
    planter, victim = Visitor(timed), Visitor(timed)
    planter.token()
    planted = planter.client.get_cookie("session")
    assert planted is not None
    victim.client.set_cookie("session", planted.value)
    token = victim.token()
    victim.register()
    assert signed_in(victim)
    assert not signed_in(planter)
    assert victim.token() != token
    assert victim.client.post("/auth/logout", headers={"X-CSRFToken": token}).status_code == 400


def test_signing_in_leaves_nothing_of_the_session_before(member: Visitor) -> None:
    """Two people use one computer."""
    Visitor(member.app, "other@example.org").register()
    member.email = "other@example.org"
    assert member.sign_in().status_code == 303
    assert "other@example.org" in member.get("/auth/account").text
    assert "person@example.org" not in member.get("/auth/account").text


def test_a_forged_cookie_opens_no_account(member: Visitor, config: Config, database: Database) -> None:
    """Signed with another key, or cut short."""
    other = create_app(config, database)
    other.secret_key = "the key of another installation"
    forger = Visitor(other)
    assert forger.sign_in().status_code == 303
    forged = forger.client.get_cookie("session")
    assert forged is not None
    for value in (forged.value, forged.value[:-3], "x", ""):
        member.client.set_cookie("session", value)
        assert not signed_in(member)


def test_the_download_asks_for_the_password_once_more(member: Visitor, clock: Clock) -> None:
    """A quarter of an hour after it was typed; a wrong one does not help, the right one leads back."""
    assert member.get("/auth/account/export").status_code == 200
    clock.wait(minutes=15)
    page = {"Referer": "http://localhost/auth/account"}
    asked = member.client.get("/auth/account/export", headers=page)
    assert (asked.status_code, asked.location) == (303, "/auth/confirm?next=/auth/account")
    assert member.get("/auth/account/export", json=True).status_code == 401
    form = {"present_password": "not what it was", "next": "/auth/account"}
    refused = member.post("/auth/confirm", form)
    assert (refused.status_code, 'value="/auth/account"' in refused.text) == (422, True)
    assert "This is not your password." in refused.text
    assert member.get("/auth/account/export").status_code == 303
    assert member.post("/auth/confirm", {**form, "present_password": PASSWORD}).location == "/auth/account"
    assert member.get("/auth/account/export").status_code == 200


@pytest.mark.parametrize("referrer", ["http://evil.example/auth/account", "http://localhost//evil.example", None])
def test_coming_back_never_leads_elsewhere(member: Visitor, clock: Clock, referrer: str | None) -> None:
    """Whatever page the person came from."""
    clock.wait(minutes=15)
    asked = member.client.get("/auth/account/export", headers={"Referer": referrer} if referrer else {})
    assert asked.location.startswith("/auth/confirm")
    assert member.client.get(asked.location).status_code == 200
    next_page = asked.location.partition("next=")[2]
    assert member.post("/auth/confirm", {"present_password": PASSWORD, "next": next_page}).location == "/"


def test_a_cookie_in_another_browser_is_not_fresh(member: Visitor) -> None:
    """A thief of the cookie needs the password for what only the owner should do."""
    assert member.get("/auth/account/export").status_code == 200
    member.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    assert member.get("/auth/account/export").status_code == 303
    assert signed_in(member)


# The list ------------------------------------------------------------------------------------------------------------


def listed(visitor: Visitor) -> list[dict[str, Any]]:
    """Return the person's sign-ins, newest first."""
    found: list[dict[str, Any]] = visitor.get("/auth/sign-ins", json=True).get_json()["sign_ins"]
    return found


def test_sign_ins_are_listed_with_when_where_and_what(member: Visitor, clock: Clock) -> None:
    """Failures too, and never the browser's own words."""
    clock.wait(hours=1)
    stranger = Visitor(member.app, member.email)
    stranger.client.environ_base |= {"REMOTE_ADDR": "203.0.113.7", "HTTP_USER_AGENT": f"{FIREFOX} <script>"}
    stranger.sign_in("a guess")
    failure, success = listed(member)
    assert failure == {
        "at": "2026-11-23T13:00:00+00:00", "address": "203.0.113.7", "browser": "Firefox on Linux", "succeeded": False
    }  # fmt: skip
    assert (success["at"], success["succeeded"]) == ("2026-11-23T12:00:00+00:00", True)
    member.post("/auth/account/settings", {"time_zone": "Asia/Tokyo", "units": "metric"})
    page = member.get("/auth/sign-ins").text
    assert "22:00" in page
    assert "Firefox on Linux" in page
    assert "&lt;script" not in page


def test_people_see_their_own_sign_ins_only(member: Visitor) -> None:
    """A visitor who is not signed in sees none."""
    other = Visitor(member.app, "other@example.org")
    other.register()
    other.sign_in("a guess")
    assert len(listed(member)) == 1
    assert Visitor(member.app).get("/auth/sign-ins").status_code == 303


def test_a_few_of_each_are_kept(member: Visitor, engine: Engine) -> None:
    """A flood of failures pushes out no success and fills no disk."""
    for _ in range(KEPT + 3):
        member.sign_in("a guess")
    assert [entry["succeeded"] for entry in listed(member)] == [False] * KEPT + [True]
    for _ in range(KEPT + 3):
        member.sign_in()
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT succeeded, count(*) FROM sign_ins GROUP BY 1 ORDER BY 1")).all()
    assert kept == [(False, KEPT), (True, KEPT)]


def test_a_wrong_present_password_is_listed_too(member: Visitor) -> None:
    """So the owner can see that a stolen session was used to guess."""
    form = {"present_password": "a guess", "password": NEW}
    assert member.post("/auth/account/password", form).status_code == 422
    assert [entry["succeeded"] for entry in listed(member)] == [False, True]


def test_a_wrong_password_and_an_unknown_address_are_the_same_work(member: Visitor, statements: list[str]) -> None:
    """Statement by statement, commits included, so that the time tells nothing."""
    told = []
    for email in (member.email, "nobody@example.org"):
        stranger = Visitor(member.app, email)
        stranger.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
        token = stranger.token()
        statements.clear()
        form = {"email": email, "password": "a guess"}
        answer = stranger.client.post("/auth/login", data=form, headers={"X-CSRFToken": token})
        assert answer.status_code == 401
        told.append(list(statements))
    assert told[0] == told[1]
    assert len(told[0]) > 10


def test_a_session_begun_while_the_clock_was_ahead_lasts_no_longer(member: Visitor, clock: Clock) -> None:
    """Its moments lie in the future once the clock is right again; they count as now and are set right."""
    clock.wait(days=-60)
    assert signed_in(member)
    clock.wait(days=14)
    assert not signed_in(member)


def test_a_password_typed_while_the_clock_was_ahead_is_not_fresh_for_as_long(member: Visitor, clock: Clock) -> None:
    clock.wait(days=-1)
    assert member.get("/auth/account/export").status_code == 200
    clock.wait(minutes=15)
    assert member.get("/auth/account/export").location.startswith("/auth/confirm")
