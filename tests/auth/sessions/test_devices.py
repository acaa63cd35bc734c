"""The browsers in which a person is signed in: listed, and ended for good."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from mealplanner.auth.sessions import services
from mealplanner.auth.signing_in import views
from tests.auth.sessions.browsers import copied, elsewhere, signed_in
from tests.clock import Clock
from tests.post import Post
from tests.together import map_at_once
from tests.visitor import PASSWORD, Visitor

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
NEW = "quite another secret"
Rows = Callable[..., list[tuple[Any, ...]]]


def listed(visitor: Visitor) -> list[dict[str, Any]]:
    """Return the person's sessions, used last first."""
    found: list[dict[str, Any]] = visitor.get("/auth/sessions", json=True).get_json()["sessions"]
    return found


def at_work(member: Visitor) -> Visitor:
    """Return the same person, signed in with Firefox from elsewhere."""
    other = Visitor(member.app, member.email)
    other.client.environ_base |= {"REMOTE_ADDR": "203.0.113.7", "HTTP_USER_AGENT": f"{FIREFOX} <script>"}
    assert other.sign_in().status_code == 303
    return other


def test_every_browser_is_listed_with_what_where_and_when(member: Visitor, clock: Clock) -> None:
    """Never by words of its own; the page and its JSON say which one asks."""
    clock.wait(hours=1)
    other = at_work(member)
    clock.wait(hours=2)
    first, second = listed(other)
    assert first == {
        "id": first["id"], "browser": "Firefox on Linux", "address": "203.0.113.7", "here": True,
        "created_at": "2026-11-23T13:00:00+00:00", "used_at": "2026-11-23T13:00:00+00:00",
    }  # fmt: skip
    assert (second["browser"], second["here"]) == ("a program", False)
    assert listed(other)[0]["used_at"] == "2026-11-23T15:00:00+00:00"
    page = member.get("/auth/sessions").text
    assert "Firefox on Linux" in page
    assert "203.0.113.7" in page
    assert "&lt;script" not in page


def test_a_copied_cookie_is_dead_after_signing_out(member: Visitor, rows: Rows) -> None:
    copy = copied(member)
    assert signed_in(copy)
    assert member.post("/auth/logout").status_code == 303
    assert not signed_in(copy)
    assert rows("SELECT count(*) FROM sessions") == [(0,)]


def test_one_browser_is_signed_out_and_no_other(member: Visitor) -> None:
    other = at_work(member)
    thief = copied(other)
    (far,) = [device["id"] for device in listed(member) if not device["here"]]
    assert member.post(f"/auth/sessions/{far}/end").location == "/auth/sessions"
    assert [signed_in(visitor) for visitor in (member, other, thief)] == [True, False, False]
    assert member.post(f"/auth/sessions/{far}/end").status_code == 404


def test_ending_the_own_session_is_signing_out(member: Visitor) -> None:
    (here,) = [device["id"] for device in listed(member)]
    assert member.post(f"/auth/sessions/{here}/end").location == "/"
    assert not signed_in(member)


def test_the_sessions_of_others_are_neither_shown_nor_ended(member: Visitor) -> None:
    """They look like those that do not exist."""
    other = Visitor(member.app, "other@example.org")
    other.register()
    (theirs,) = [device["id"] for device in listed(other)]
    assert [device["here"] for device in listed(member)] == [True]
    refused, unknown = (member.post(f"/auth/sessions/{id_}/end") for id_ in (theirs, uuid.uuid4()))
    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert signed_in(other)


@pytest.mark.parametrize("how", ["everywhere", "password"])
def test_what_ends_all_others_ends_copies_of_the_own_cookie_too(member: Visitor, how: str) -> None:
    other, copy = elsewhere(member), copied(member)
    if how == "everywhere":
        member.post("/auth/sign-out-everywhere")
    else:
        member.post("/auth/account/password", {"present_password": PASSWORD, "password": NEW})
    assert [signed_in(visitor) for visitor in (member, other, copy)] == [True, False, False]
    assert len(listed(member)) == 1


def test_a_reset_ends_every_session(member: Visitor, post: Post, rows: Rows) -> None:
    post.deliver()
    member.post("/auth/forgot", {"email": member.email})
    link = post.link()
    assert Visitor(member.app).post(link, {"password": NEW}).status_code == 303
    assert not signed_in(member)
    assert rows("SELECT count(*) FROM sessions") == [(0,)]


def test_no_session_begins_with_a_password_that_was_just_replaced(
    member: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was right when it was checked."""
    thief = Visitor(member.app, member.email)
    thief.token()
    original = views.verified

    def verified(*arguments: Any) -> Any:
        answer = original(*arguments)
        monkeypatch.setattr(views, "verified", original)
        member.post("/auth/account/password", {"present_password": PASSWORD, "password": NEW})
        return answer

    monkeypatch.setattr(views, "verified", verified)
    assert thief.sign_in().status_code == 401
    assert not signed_in(thief)
    assert signed_in(member)


def test_ended_sessions_are_deleted_with_the_next_sign_in(member: Visitor, clock: Clock, rows: Rows) -> None:
    elsewhere(member)
    clock.wait(days=14)
    assert rows("SELECT count(*) FROM sessions") == [(2,)]
    member.sign_in()
    assert rows("SELECT count(*) FROM sessions") == [(1,)]


def test_a_program_that_never_signs_out_fills_no_table(
    member: Visitor, clock: Clock, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session that was not used for longest gives way."""
    monkeypatch.setattr(services, "MOST", 3)
    for _ in range(4):
        clock.wait(minutes=1)
        elsewhere(member)
    assert rows("SELECT count(*) FROM sessions") == [(3,)]
    assert not signed_in(member)


def test_signing_in_many_times_at_once_begins_as_many_sessions(member: Visitor, rows: Rows) -> None:
    visitors = [Visitor(member.app) for _ in range(6)]
    tokens = [visitor.token() for visitor in visitors]

    def sign_in(visitor: Visitor, token: str) -> int:
        form = {"email": member.email, "password": PASSWORD}
        return visitor.client.post("/auth/login", data=form, headers={"X-CSRFToken": token}).status_code

    assert set(map_at_once(sign_in, visitors, tokens)) == {303}
    assert all(signed_in(visitor) for visitor in (member, *visitors))
    assert rows("SELECT count(*) FROM sessions") == [(7,)]
