"""Links in mails: what they do, once, and what makes them dead."""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from mealplanner import create_app
from mealplanner.auth import administration
from mealplanner.auth.links import services as links
from mealplanner.auth.links.services import Link, State
from mealplanner.auth.passwords.hashing import hashed
from mealplanner.client import utc_now
from mealplanner.config import Config
from mealplanner.config.smtp_server import SmtpServer
from mealplanner.storage.database import Database
from mealplanner.tasks import TASKS
from tests.auth.asking import NEW, forget, phone, reset_link
from tests.clock import Clock
from tests.jobs.workers import QUICK, WorkerThread
from tests.mail.servers import MailServer
from tests.post import Post, path_in
from tests.visitor import PASSWORD, Visitor
from tests.waiting import PATIENCE, eventually

Rows = Callable[..., list[tuple[Any, ...]]]


def verified(rows: Rows) -> bool:
    """Return whether the one address is confirmed."""
    ((answer,),) = rows("SELECT verified_at IS NOT NULL FROM users")
    return bool(answer)


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
    start = Barrier(4, timeout=PATIENCE)
    chosen = [f"the secret of number {number}" for number in range(4)]
    visitors = [phone(person) for _ in chosen]
    tokens = [visitor.token() for visitor in visitors]

    def use(visitor: Visitor, token: str, password: str) -> int:
        start.wait()
        return visitor.client.post(link, data={"password": password}, headers={"X-CSRFToken": token}).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(use, visitors, tokens, chosen))
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


def test_asking_about_an_unknown_address_is_answered_alike_by_the_same_work(
    person: Visitor, post: Post, database: Database, statements: list[str]
) -> None:
    """Known, unknown and closed: the same answer after the same statements; only the first gets a mail."""
    visitor = phone(person)
    visitor.post("/auth/register", {"email": "closed@example.org", "password": PASSWORD})
    visitor.post("/auth/logout")
    database.run(lambda session: administration.disable(session, email="closed@example.org", now=utc_now()))
    post.deliver()
    seen = set()
    for email in ("PERSON@example.org", "nobody@example.org", "closed@example.org"):
        token = visitor.token()
        statements.clear()
        answer = visitor.client.post("/auth/forgot", data={"email": email}, headers={"X-CSRFToken": token})
        told = tuple(statements)
        page = visitor.get("/auth/login").text
        assert "If this address has an account" in page
        seen.add((answer.status_code, answer.location, told, page.replace(visitor.token(), "")))
    assert len({entry[:3] for entry in seen}) == 1
    assert [mail["To"] for mail in post.deliver()] == [person.email]


def test_a_job_that_runs_again_answers_once(person: Visitor, post: Post, rows: Rows) -> None:
    """As after a worker that died just before it could report success."""
    post.deliver()
    forget(person)
    ((name, args),) = rows("SELECT task_name, args FROM procrastinate_jobs")
    (task,) = [task for task in TASKS if task.name == name]
    for _ in range(2):
        task.run(post.context, **args["arguments"])
    assert len(post.deliver()) == 1


def test_a_mail_that_was_overtaken_is_not_sent(person: Visitor, post: Post, database: Database) -> None:
    """The operator confirmed the address before the mail went out."""
    database.run(lambda session: administration.verify(session, email=person.email, now=utc_now()))
    assert post.deliver() == []


def test_nothing_is_mailed_for_what_was_not_stored(
    visitor: Visitor, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail and its job are in the same transaction as the account."""
    visitor.register()
    before = rows("SELECT count(*) FROM procrastinate_jobs") + rows("SELECT count(*) FROM mails")
    other = Visitor(visitor.app, "other@example.org")
    token = other.token()

    def fail(*_: object) -> None:
        raise RuntimeError("after the mail was posted")

    monkeypatch.setattr("mealplanner.auth.signing_in.sign_ins.record_success", fail)
    with pytest.raises(RuntimeError, match="after the mail"):
        other.client.post(
            "/auth/register", data={"email": other.email, "password": PASSWORD}, headers={"X-CSRFToken": token}
        )
    assert rows("SELECT count(*) FROM procrastinate_jobs") + rows("SELECT count(*) FROM mails") == before
    assert rows("SELECT email FROM users") == [("person@example.org",)]


def test_from_the_form_to_the_mail_server_and_back(visitor: Visitor, post: Post, rows: Rows) -> None:
    """With a real worker, a real mail server, and a link that works."""
    with MailServer() as server:
        smtp = SmtpServer(host="127.0.0.1", port=server.port, tls="none")
        config = replace(post.context.config, smtp=smtp)
        with WorkerThread(config, TASKS, QUICK, {"mails": 1}):
            visitor.register()
            eventually(lambda: rows("SELECT status FROM mails") == [("sent",)])
    (mail,) = server.mails
    assert (mail["To"], mail["Subject"]) == (visitor.email, "Confirm your e-mail address")
    assert phone(visitor).post(path_in(mail)).status_code == 303
    assert verified(rows)


def test_strangers_cannot_keep_the_reader_of_the_mail_out(
    config: Config, database: Database, person: Visitor, post: Post
) -> None:
    """An address where a password was chosen by a link is familiar: guesses from elsewhere do not count there."""
    strict = create_app(replace(config, leniency=1), database, clock=Clock(utc_now()))

    def at(app: Flask, address: str) -> Visitor:
        visitor = Visitor(app)
        visitor.client.environ_base["REMOTE_ADDR"] = address
        return visitor

    def guess(count: int) -> None:
        for number in range(count):
            at(strict, f"198.51.100.{number}").sign_in("a guess")

    guess(6)
    assert at(strict, "203.0.113.50").sign_in().status_code == 429
    assert at(strict, "203.0.113.50").post(reset_link(person, post), {"password": NEW}).status_code == 303
    guess(6)
    assert at(strict, "203.0.113.99").sign_in(NEW).status_code == 429
    assert at(strict, "203.0.113.50").sign_in(NEW).status_code == 303
