"""How a link is mailed: by one job for each event, whatever is asked for, and through a real mail server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from mealplanner import create_app
from mealplanner.auth import administration
from mealplanner.client import utc_now
from mealplanner.config import Config
from mealplanner.config.smtp_server import SmtpServer
from mealplanner.storage.database import Database
from mealplanner.tasks import TASKS
from tests.auth.asking import NEW, forget, phone, reset_link, verified
from tests.clock import Clock
from tests.jobs.workers import QUICK, WorkerThread
from tests.mail.servers import MailServer
from tests.post import Post, path_in
from tests.visitor import PASSWORD, Visitor
from tests.waiting import eventually

Rows = Callable[..., list[tuple[Any, ...]]]


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
