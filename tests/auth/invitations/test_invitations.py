"""Invitations, from the command that makes one to the account."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Engine, text

from mealplanner import create_app
from mealplanner.cli.main import main
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.together import map_at_once
from tests.visitor import PASSWORD, Visitor

Run = Callable[..., Result]
Rows = Callable[..., list[tuple[Any, ...]]]
Count = Callable[[], int]


@pytest.fixture
def site(config: Config, database: Database) -> Flask:
    """An installation that takes accounts by invitation."""
    return create_app(replace(config, registration="invited"), database)


@pytest.fixture
def command(database: Database, config: Config, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`command("list")` runs `mealplanner invitation list` on the database of the tests."""
    monkeypatch.setenv("DATABASE_URL", database.pooled.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SECRET_KEY", str(config.secret_key))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["invitation", *arguments])

    return run


def path_of(printed: Result) -> str:
    """Return the path of the link that was printed."""
    found = re.search(r"http://127\.0\.0\.1:8000(/auth/register/[A-Za-z0-9_-]{43})$", printed.output, re.MULTILINE)
    assert found is not None, printed.output
    return found[1]


def accept(visitor: Visitor, path: str) -> Any:
    return visitor.post(path, {"email": visitor.email, "password": PASSWORD})


def test_an_invitation_makes_one_account(command: Run, site: Flask, stored: Count) -> None:
    """By its form, which says who is signed in then."""
    path = path_of(command("create", "--note", "Ann"))
    ann, bob = Visitor(site, "ann@example.org"), Visitor(site, "bob@example.org")
    assert "take new accounts" in ann.get("/auth/register").text
    assert f'action="{path}"' in ann.get(path).text
    assert accept(ann, path).status_code == 303
    assert ann.get("/preferences").status_code == 200
    assert accept(bob, path).status_code == 404
    assert bob.get(path).status_code == 404
    assert stored() == 1
    assert " used, until" in command("list").output


def test_a_form_that_was_filled_in_wrong_keeps_the_invitation(command: Run, site: Flask) -> None:
    path, ann = path_of(command("create")), Visitor(site)
    refused = ann.post(path, {"email": ann.email, "password": "short"})
    assert (refused.status_code, f'action="{path}"' in refused.text) == (422, True)
    assert accept(ann, path).status_code == 303


def test_of_two_who_use_an_invitation_at_once_one_does(command: Run, site: Flask, stored: Count) -> None:
    path = path_of(command("create"))
    tokens = [(one := Visitor(site, f"{name}@example.org"), one.token()) for name in ("ann", "bob")]

    def register(one: Visitor, token: str) -> int:
        form = {"email": one.email, "password": PASSWORD}
        return one.client.post(path, data=form, headers={"X-CSRFToken": token}).status_code

    statuses = sorted(map_at_once(lambda pair: register(*pair), tokens))
    assert (statuses, stored()) == ([303, 404], 1)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE invitations SET expires_at = now()", "This invitation has expired."),
        ("UPDATE invitations SET revoked_at = now()", "This invitation was taken back"),
        ("DELETE FROM invitations", "There is no such invitation."),
    ],
)
def test_the_holder_is_told_why_an_invitation_does_nothing(
    command: Run, site: Flask, engine: Engine, stored: Count, change: str, why: str
) -> None:
    path, ann = path_of(command("create")), Visitor(site)
    with engine.begin() as connection:
        connection.execute(text(change))
    for answer in (ann.get(path), accept(ann, path)):
        assert (answer.status_code, why in answer.text) == (404, True)
    assert stored() == 0


def test_an_invitation_is_taken_back_by_its_id(command: Run, site: Flask) -> None:
    path = path_of(command("create", "--note", "Ann", "--days", "2"))
    id_, state = re.match(r"(\S+)  (\w+), until \d{4}-\d\d-\d\d  Ann  http", command("list").output).groups()  # type: ignore[union-attr]
    assert state == "open"
    assert path in command("list").output
    assert command("revoke", id_).exit_code == 0
    assert "revoked" in command("list").output
    assert Visitor(site).get(path).status_code == 404
    again = command("revoke", id_)
    assert (again.exit_code, "could still be used" in again.output) == (1, True)


@pytest.mark.parametrize("arguments", [("--days", "0"), ("--days", "91"), ("--note", "x" * 101), ("--note", "a\nb")])
def test_what_no_invitation_can_be_is_refused(command: Run, arguments: tuple[str, ...]) -> None:
    answer = command("create", *arguments)
    assert (answer.exit_code, "Invalid value" in answer.output) == (2, True)
    assert command("list").output == "There is no invitation.\n"


def test_a_closed_site_takes_no_one_not_even_by_invitation(
    command: Run, config: Config, database: Database, stored: Count
) -> None:
    path = path_of(command("create"))
    ann = Visitor(create_app(replace(config, registration="closed"), database))
    assert "take new accounts" in ann.get(path).text
    assert accept(ann, path).status_code == 422
    assert stored() == 0


def test_the_first_person_needs_none_and_later_ones_do(command: Run, config: Config, database: Database) -> None:
    first = Visitor(create_app(replace(config, registration="first"), database))
    first.register()
    later = Visitor(first.app, "later@example.org")
    assert later.post("/auth/register", {"email": later.email, "password": PASSWORD}).status_code == 422
    assert accept(later, path_of(command("create"))).status_code == 303


def test_the_database_knows_no_invitation(command: Run, rows: Rows) -> None:
    token = path_of(command("create")).rpartition("/")[2]
    ((stored,),) = rows("SELECT invitations::text FROM invitations")
    assert token not in stored


def test_guesses_are_counted(config: Config, database: Database) -> None:
    stranger = Visitor(create_app(replace(config, leniency=1, registration="invited"), database))
    stranger.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    answers = [stranger.get(f"/auth/register/{'x' * 43}").status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]


def test_what_is_logged_has_no_invitation(command: Run, site: Flask, caplog: pytest.LogCaptureFixture) -> None:
    path = path_of(command("create"))
    Visitor(site).get(path)
    assert path.rpartition("/")[2] not in caplog.text
    assert "/auth/register/<token>" in caplog.text
