"""The pages of the administration: who may open them, what they show, and what is noted of each act."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from mealplanner.admin import queries
from mealplanner.auth.operators.services import grant, revoke
from mealplanner.storage.database import Database
from tests.auth.factors.device import with_passkey
from tests.installation import run
from tests.post import Post
from tests.visitor import Visitor

Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def operator(person: Visitor, database: Database) -> Visitor:
    """Return a browser of an operator with a second step."""
    with_passkey(person)
    database.run(partial(grant, email=person.email))
    return person


@pytest.fixture
def other(app: Flask) -> Visitor:
    """Return a browser of another person."""
    visitor = Visitor(app, "other@example.org")
    visitor.register()
    return visitor


def test_an_operator_without_a_second_step_sets_one_up_first(person: Visitor, database: Database, rows: Rows) -> None:
    """And keeps at least one."""
    database.run(partial(grant, email=person.email))
    assert person.get("/admin/").location == "/auth/account/factors"
    assert "your account needs a second step" in person.get("/auth/account/factors").text
    assert person.get("/admin/", json=True).status_code == 403
    with_passkey(person)
    assert person.get("/admin/").status_code == 200
    ((id_,),) = rows("SELECT id FROM passkeys")
    remove = f"/auth/account/passkeys/{id_}/remove"
    assert person.post(remove).status_code == 409
    with_passkey(person)
    assert person.post(remove).status_code == 303


def id_of(rows: Rows, email: str) -> str:
    """Return the id of an account."""
    ((user_id,),) = rows("SELECT id::text FROM users WHERE email = :email", email=email)
    return str(user_id)


def activity(person: Visitor) -> list[tuple[str, str]]:
    """Return what happened in an account and who did it, the newest first."""
    return [(entry["event"], entry["by"]) for entry in person.get("/auth/account/activity", json=True).json["entries"]]


def test_for_others_there_is_no_administration(app: Flask, person: Visitor, operator: Visitor, other: Visitor) -> None:
    """Each address answers as one that does not exist, whatever the method, and the account leads nowhere."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.")]
    assert len(rules) > 4
    nothing = other.get("/nothing-here").text
    for rule in rules:
        address = rule.rule.replace("<uuid:user_id>", "0" * 8 + "-0000-0000-0000-" + "0" * 12)
        address = address.replace("<uuid:mail_id>", "0" * 8 + "-0000-0000-0000-" + "0" * 12)
        answer = other.post(address) if "POST" in (rule.methods or ()) else other.get(address)
        assert answer.status_code == 404, rule
        assert len(answer.text) == pytest.approx(len(nothing), abs=200)
    assert "Administration" not in other.get("/auth/account").text
    assert "Administration" in operator.get("/auth/account").text
    assert person.get("/admin/").status_code == 200


def test_the_role_ends_with_the_command(operator: Visitor, database: Database) -> None:
    database.run(partial(revoke, email=operator.email))
    assert operator.get("/admin/").status_code == 404
    assert [event for event, _ in activity(operator)][:2] == ["operator-revoked", "operator-granted"]


def test_an_account_is_closed_and_opened_and_its_owner_reads_that(
    operator: Visitor, other: Visitor, rows: Rows
) -> None:
    user_id = id_of(rows, other.email)
    assert operator.post(f"/admin/accounts/{user_id}/close").status_code == 303
    assert other.get("/menu/").status_code == 303
    assert "closed" in other.sign_in().text
    assert operator.post(f"/admin/accounts/{user_id}/open").status_code == 303
    assert other.sign_in().status_code == 303
    assert ("account-disabled", "operator") in activity(other)
    assert ("account-enabled", "operator") in activity(other)


def test_an_address_is_confirmed(operator: Visitor, other: Visitor, rows: Rows) -> None:
    operator.post(f"/admin/accounts/{id_of(rows, other.email)}/confirm")
    assert "not confirmed yet" not in other.get("/auth/account").text
    assert ("address-confirmed", "operator") in activity(other)


def test_operators_cannot_lock_themselves_out(operator: Visitor, rows: Rows) -> None:
    answer = operator.post(f"/admin/accounts/{id_of(rows, operator.email)}/close")
    assert answer.status_code == 409
    assert operator.get("/admin/").status_code == 200


def test_accounts_are_found_by_how_they_begin_and_listed_in_pages(
    operator: Visitor, other: Visitor, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows(
        "INSERT INTO users (id, email, email_key, password_hash, session_token) "
        "SELECT gen_random_uuid(), address, address, '', gen_random_uuid() "
        "FROM (SELECT 'a' || n || '_%@example.org' AS address FROM generate_series(1, 5) n)"
    )
    monkeypatch.setattr(queries, "PAGE", 3)
    sizes, seen, address = [], set(), "/admin/accounts"
    while address:
        found = operator.get(address, json=True).json
        sizes.append(len(found["accounts"]))
        seen |= {account["email"] for account in found["accounts"]}
        address = f"/admin/accounts?after={found['after'].replace('%', '%25')}" if found["after"] else ""
    assert sizes == [3, 3, 1]
    assert seen == {*(f"a{n}_%@example.org" for n in range(1, 6)), operator.email, other.email}
    found = operator.get("/admin/accounts?q=A1_%25", json=True).json["accounts"]
    assert [account["email"] for account in found] == ["a1_%@example.org"]
    assert operator.get("/admin/accounts?q=other").text.count(other.email) > 0
    assert "No account begins with" in operator.get("/admin/accounts?q=nobody").text


def test_a_mail_that_failed_is_sent_again(operator: Visitor, other: Visitor, rows: Rows, post: Post) -> None:
    """Its recipient is told by the activity, and a second click does nothing."""
    rows("UPDATE mails SET status = 'failed', error = 'mailbox full' WHERE recipient = :who", who=other.email)
    rows("DELETE FROM procrastinate_jobs")
    ((mail_id,),) = rows("SELECT id::text FROM mails WHERE recipient = :who", who=other.email)
    shown = operator.get("/admin/").text
    assert "mailbox full" in shown
    assert operator.post(f"/admin/mails/{mail_id}/send-again").status_code == 303
    assert [mail["To"] for mail in post.deliver()] == [other.email]
    assert rows("SELECT status, error FROM mails WHERE id = :id", id=mail_id) == [("sent", None)]
    assert "mailbox full" not in operator.get("/admin/").text
    assert ("mail-sent-again", "operator") in activity(other)
    assert operator.post(f"/admin/mails/{mail_id}/send-again").status_code == 404


def test_the_state_of_the_queue_is_shown(operator: Visitor, rows: Rows) -> None:
    """Jobs that wait, run and failed, workers alive and gone, and what the model cost."""
    rows("DELETE FROM procrastinate_jobs")
    add = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, args) "
        "VALUES ('menus', :task, :status, 1, '{\"request_id\": \"3f2a9c1d\"}')"
    )
    for status, task in (("todo", "menu.generate"), ("todo", "menu.generate"), ("failed", "auth.mail")):
        rows(add, task=task, status=status)
    rows(
        "WITH alive AS (INSERT INTO procrastinate_workers (last_heartbeat) "
        "VALUES (now()), (now() - interval '10 minutes') RETURNING id) "
        "INSERT INTO queue_workers (worker_id, host, pid, lanes) SELECT id, 'kitchen', 7, '[\"mail\"]' FROM alive"
    )
    rows("INSERT INTO budgets (month, reserved, spent, cost) VALUES ('2026-11-01', 0, 1234567, 3.5)")
    found = operator.get("/admin/", json=True).json
    waiting = {lane["name"]: lane["waiting"] for lane in found["lanes"]}
    assert waiting == {"mail": 0, "catalogue": 2, "model": 0, "housekeeping": 0}
    assert [(job["task"], job["request_id"]) for job in found["failed_jobs"]] == [("auth.mail", "3f2a9c1d")]
    assert found["spending"] == [{"month": "2026-11", "tokens": 1234567, "cost": 3.5}]
    assert [(worker["host"], worker["lanes"]) for worker in found["workers"]] == [("kitchen", ["mail"])] * 2
    shown = operator.get("/admin/").text
    assert shown.count(">gone<") == 1
    assert "3f2a9c1d" in shown
    rows("DELETE FROM procrastinate_workers")
    assert "No worker runs" in operator.get("/admin/").text


def test_searching_accounts_and_failed_mails_uses_indexes(database: Database) -> None:
    """With sequential scans made expensive, none is left."""

    def plans(session: Any) -> str:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        begins = "EXPLAIN SELECT 1 FROM users WHERE email_key LIKE 'ann%'"
        failed = "EXPLAIN SELECT 1 FROM mails WHERE status IN ('failed', 'unknown') ORDER BY created_at DESC LIMIT 20"
        return "\n".join(line for query in (begins, failed) for line in session.scalars(text(query)))

    plan = database.run(plans)
    assert "ix_users_email_key_begins" in plan
    assert "ix_mails_failed" in plan
    assert "Seq Scan" not in plan


@pytest.mark.process
def test_the_command_names_an_address_without_an_account(database_url: str) -> None:
    done = run("user", "grant-operator", "nobody@example.org", DATABASE_URL=database_url)
    assert (done.returncode, done.stderr.strip()) == (1, "Error: There is no account for nobody@example.org.")
