"""Links in mails: what they do, once, and what makes them dead."""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from mealplanner import create_app
from mealplanner.auth import administration
from mealplanner.auth.links import services as links
from mealplanner.auth.links.services import Link, State
from mealplanner.auth.passwords.hashing import hashed
from mealplanner.client import utc_now
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.auth.asking import NEW, forget, phone, reset_link, verified
from tests.clock import Clock
from tests.post import Post, path_in
from tests.together import map_at_once
from tests.visitor import PASSWORD, Visitor
from tests.waiting import PATIENCE

Rows = Callable[..., list[tuple[Any, ...]]]


def test_looking_at_a_link_uses_nothing_up(person: Visitor, post: Post, rows: Rows) -> None:
    """Programs that open every link in a mail, by GET or by HEAD, change nothing."""
    link = post.link()
    before = rows("SELECT * FROM account_tokens")
    for _ in range(3):
        assert phone(person).get(link).status_code == 200
        assert person.app.test_client().head(link).status_code == 200
    assert rows("SELECT * FROM account_tokens") == before
    assert not verified(rows)


def test_one_click_confirms_an_address_wherever_it_is_made(person: Visitor, post: Post, rows: Rows) -> None:
    """For example on a phone that has never opened the site."""
    link = post.link()
    assert "not confirmed yet" in person.get("/auth/account").text
    assert f"<b>{person.email}</b>" in phone(person).get(link).text
    assert phone(person).post(link).status_code == 303
    assert verified(rows)
    assert "not confirmed yet" not in person.get("/auth/account").text


def test_clicking_again_says_that_it_is_confirmed(person: Visitor, post: Post) -> None:
    """Both the page and the button say that the address is confirmed."""
    link = post.link()
    for _ in range(2):
        assert phone(person).post(link).location == "/"
    again = phone(person).get(link)
    assert (again.status_code, "Already confirmed" in again.text) == (200, True)
    assert person.email not in again.text


@pytest.mark.parametrize("kind", ["verify", "change-email"])
def test_a_double_click_confirms_once(
    person: Visitor, post: Post, rows: Rows, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Both clicks found the link alive: one confirms, the other finds it done."""
    link = post.link() if kind == "verify" else new_address_link(person, post)
    both = Barrier(2, timeout=PATIENCE)

    def find(session: Any, text: str, *, now: datetime.datetime) -> Link:
        found = original(session, text, now=now)
        if found.state is State.LIVE:
            both.wait()
        return found

    original = links.find
    visitors = [phone(person), phone(person)]
    tokens = [visitor.token() for visitor in visitors]
    monkeypatch.setattr(links, "find", find)
    with ThreadPoolExecutor(2) as pool:
        click = lambda visitor, token: visitor.client.post(link, headers={"X-CSRFToken": token}).status_code  # noqa: E731
        assert list(pool.map(click, visitors, tokens)) == [303, 303]
    assert verified(rows)


def new_address_link(person: Visitor, post: Post, email: str = "new@example.org") -> str:
    """Ask for another address and return the link that went there."""
    post.deliver()
    form = {"email": email, "present_password": PASSWORD}
    assert person.post("/auth/account/email", form).status_code == 303
    return post.link(to=email)


def test_a_link_to_choose_a_password_does_so_once(person: Visitor, post: Post) -> None:
    """Every session ends, the old password no longer works, and the used link says what to do."""
    link = reset_link(person, post)
    elsewhere = phone(person)
    assert "Choose a new password" in elsewhere.get(link).text
    assert elsewhere.post(link, {"password": NEW}).location == "/auth/login"
    assert person.get("/preferences").status_code == 303
    assert elsewhere.sign_in().status_code == 401
    assert elsewhere.sign_in(NEW).status_code == 303
    for answer in (elsewhere.get(link), elsewhere.post(link, {"password": "yet another secret"})):
        assert answer.status_code == 404
        assert "This link no longer works" in answer.text
        assert 'href="/auth/forgot"' in answer.text
    assert elsewhere.sign_in(NEW).status_code == 303


def test_choosing_a_password_by_a_link_confirms_the_address_and_is_told(
    person: Visitor, post: Post, rows: Rows
) -> None:
    """The link proves that its user reads the mail; a notice of the change goes there too."""
    phone(person).post(reset_link(person, post), {"password": NEW})
    assert verified(rows)
    (mail,) = post.deliver()
    assert (mail["To"], mail["Subject"]) == (person.email, "Your password was changed")
    assert path_in(mail) == ""


@pytest.mark.parametrize("password", ["short", "password123", "person@example.org", ""])
def test_a_password_that_may_not_be_chosen_uses_no_link_up(person: Visitor, post: Post, password: str) -> None:
    """The form comes back with the reason and without the password."""
    link, elsewhere = reset_link(person, post), phone(person)
    refused = elsewhere.post(link, {"password": password})
    assert refused.status_code == 422
    assert f'value="{password}"' not in refused.text or password in ("", person.email)
    assert elsewhere.post(link, {"password": NEW}).status_code == 303


def test_of_two_who_use_a_link_at_once_one_does(person: Visitor, post: Post) -> None:
    """The account has the password of the one that succeeded."""
    link = reset_link(person, post)
    chosen = [f"the secret of number {number}" for number in range(4)]
    visitors = [phone(person) for _ in chosen]
    tokens = [visitor.token() for visitor in visitors]

    def use(visitor: Visitor, token: str, password: str) -> int:
        return visitor.client.post(link, data={"password": password}, headers={"X-CSRFToken": token}).status_code

    statuses = map_at_once(use, visitors, tokens, chosen)
    assert sorted(statuses) == [303, 404, 404, 404]
    assert phone(person).sign_in(chosen[statuses.index(303)]).status_code == 303


def test_a_newer_link_ends_the_older_one(person: Visitor, post: Post) -> None:
    """Only the newest link of each kind works."""
    for ask in (reset_link, new_address_link):
        first, second = ask(person, post), ask(person, post)
        assert phone(person).get(first).status_code == 404
        assert phone(person).get(second).status_code == 200


@pytest.mark.parametrize("kind", ["verify", "reset", "change-email"])
@pytest.mark.parametrize("how", ["by the person", "by a link", "by the operator", "closed", "another address"])
def test_a_change_of_password_or_address_ends_every_link(
    person: Visitor, post: Post, database: Database, kind: str, how: str
) -> None:
    """Also those that wait to be written into a mail."""
    ask = {"verify": lambda *_: post.link(), "reset": reset_link, "change-email": new_address_link}
    link = ask[kind](person, post)
    newest = reset_link(person, post) if how == "by a link" else ""
    other = new_address_link(person, post, "other@example.org") if how == "another address" else ""
    forget(phone(person))
    if how == "by the person":
        form = {"present_password": PASSWORD, "password": NEW}
        assert person.post("/auth/account/password", form).status_code == 303
    elif how == "by a link":
        assert phone(person).post(newest, {"password": NEW}).status_code == 303
    elif how == "another address":
        assert phone(person).post(other).status_code == 303
    elif how == "closed":
        database.run(lambda session: administration.disable(session, email=person.email, now=utc_now()))
    else:
        new = {"password_hash": hashed(NEW), "now": utc_now()}
        database.run(lambda session: administration.reset(session, email=person.email, **new))
    answer = phone(person).get(link)
    done = kind == "verify" and how in ("by a link", "another address")
    assert (answer.status_code, "Already confirmed" in answer.text) == ((200, True) if done else (404, False))
    assert phone(person).post(link, {"password": "yet another secret"}).status_code == (303 if done else 404)


@pytest.mark.parametrize(
    ("kind", "lifetime"),
    [("verify", {"days": 3}), ("reset", {"hours": 1}), ("change-email", {"days": 3})],
)
def test_a_link_ends_by_itself(
    config: Config, database: Database, person: Visitor, post: Post, kind: str, lifetime: dict[str, int]
) -> None:
    """It works a minute before its time is over, and not a minute after."""
    ask = {"verify": lambda *_: post.link(), "reset": reset_link, "change-email": new_address_link}
    link = ask[kind](person, post)
    clock = Clock(utc_now())
    later = Visitor(create_app(config, database, clock=clock))
    clock.wait(**lifetime)
    clock.wait(minutes=-1)
    assert later.get(link).status_code == 200
    clock.wait(minutes=2)
    assert later.get(link).status_code == 404
    assert later.post(link, {"password": NEW}).status_code == 404


@pytest.mark.parametrize(
    "end",
    ["x", "%00", "ä", "A" * 43, "A" * 10_000, base64.urlsafe_b64encode(bytes(32)).decode(), "=", "A=A", "%ff"],
    ids=range(9),
)
@pytest.mark.parametrize("path", ["/auth/verify/", "/auth/reset/"])
def test_what_was_never_sent_looks_like_a_dead_link(visitor: Visitor, path: str, end: str) -> None:
    """For people and for programs, whatever the text."""
    assert "This link no longer works" in visitor.get(path + end).text
    posted = visitor.post(path + end, json={"password": NEW})
    assert (posted.status_code, posted.mimetype) == (404, "application/problem+json")


def test_a_link_works_only_for_its_own_purpose(person: Visitor, post: Post, rows: Rows) -> None:
    """A link that confirms an address changes no password, and the other way round."""
    verify = post.link()
    reset = reset_link(person, post)
    swapped = [(verify, "/verify/", "/reset/"), (reset, "/reset/", "/verify/")]
    for link, own, other in swapped:
        assert phone(person).get(link.replace(own, other)).status_code == 404
        assert phone(person).post(link.replace(own, other), {"password": NEW}).status_code == 404
    assert not verified(rows)
    assert phone(person).sign_in().status_code == 303


def test_the_database_knows_no_link(person: Visitor, post: Post, rows: Rows) -> None:
    """Only its hash, so a backup contains no link that works."""
    secret = reset_link(person, post).rsplit("/", 1)[1]
    digest = hashlib.sha256(base64.urlsafe_b64decode(secret + "=")).digest()
    assert (digest,) in rows("SELECT token_hash FROM account_tokens")
    for (table,) in rows("SELECT relname FROM pg_stat_user_tables"):
        assert rows(f"SELECT 1 FROM {table} AS found WHERE found::text LIKE '%' || :secret || '%'", secret=secret) == []


def test_links_lead_to_the_address_that_was_configured(config: Config, person: Visitor, post: Post) -> None:
    """Never to one that a request named."""
    answer = person.client.post(
        "/auth/forgot",
        data={"email": person.email},
        headers={"X-CSRFToken": person.token(), "Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )
    assert answer.status_code == 400 or "evil" not in answer.location
    forget(person)
    for mail in post.deliver():
        assert "evil.example" not in mail.as_string()
        assert config.address in mail.as_string()


# Asking --------------------------------------------------------------------------------------------------------------
