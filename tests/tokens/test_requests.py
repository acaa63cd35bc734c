"""Requests with a token: whose they are, what they are refused, and what they leave behind."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from flask import Flask

from mealplanner import create_app
from mealplanner.auth.administration import reset
from mealplanner.auth.passwords.hashing import hashed
from mealplanner.client import utc_now
from mealplanner.config import Config
from mealplanner.storage.database import Database
from mealplanner.telemetry.scope import current_scope
from mealplanner.tokens.scopes import Scope
from tests.clock import Clock
from tests.menu.requests import plan
from tests.post import Post
from tests.statements import asked
from tests.tokens.conftest import PAGE, Program, made
from tests.visitor import PASSWORD, Visitor

Programs = Callable[..., Program]
Rows = Callable[..., list[tuple[Any, ...]]]
NEW = "quite another secret"
UNKNOWN = "mp_" + "x" * 43


def test_a_program_reads_and_writes_without_cookie_accept_or_csrf(program: Programs) -> None:
    script = program()
    assert script.get("/menu/").get_json() == {"menus": [], "next": None}
    saved = script.post("/auth/account/settings", {"time_zone": "Europe/Berlin", "units": "imperial"})
    assert saved.status_code == 200, saved.text
    assert script.get("/auth/account").get_json()["time_zone"] == "Europe/Berlin"


def test_a_page_answers_json_whatever_is_asked_for(program: Programs) -> None:
    assert program().get("/menu/", Accept="text/html").is_json
    assert program(name="again").get("/nowhere", Accept="text/html").mimetype == "application/problem+json"


def test_a_menu_of_another_person_is_not_there(person: Visitor, program: Programs, database: Database) -> None:
    other = Visitor(person.app, "other@example.org")
    other.register()
    menu = plan(other, database, days=1)
    assert program().get(menu).status_code == 404
    assert Program(person.app, made(other)).get(menu).status_code == 200


@pytest.mark.parametrize("token", [UNKNOWN, "", "mp_", "x" * 5000, "caf\xe9"])
def test_a_wrong_token_is_refused_although_there_is_a_cookie(person: Visitor, token: str) -> None:
    """The cookie that came with it is neither read nor renewed."""
    assert person.get("/menu/").status_code == 200
    answer = person.client.get("/menu/", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer.get_json()["detail"].startswith("This token is not known here.")
    challenge = answer.www_authenticate
    assert (challenge.type, challenge.parameters["error"]) == ("bearer", "invalid_token")
    assert "Set-Cookie" not in answer.headers


def test_a_token_does_not_act_for_the_person_of_the_cookie(person: Visitor) -> None:
    other = Visitor(person.app, "other@example.org")
    other.register()
    token = made(other)
    answer = person.client.get("/auth/account", headers={"Authorization": f"bearer {token}"})
    assert answer.get_json()["email"] == "other@example.org"
    assert "Set-Cookie" not in answer.headers
    assert person.get("/auth/account", json=True).get_json()["email"] == person.email


@pytest.mark.parametrize("between", [" ", "   ", "\t"])
def test_whatever_space_stands_before_a_token_it_acts_alone(person: Visitor, between: str) -> None:
    """The cookie of the same request is never read in its place."""
    right = person.client.get("/auth/account", headers={"Authorization": f"Bearer{between}{made(person)} "})
    wrong = person.client.get("/auth/account", headers={"Authorization": f"Bearer{between}mp_wrong"})
    assert (right.status_code, wrong.status_code) == (200, 401)
    assert "Set-Cookie" not in right.headers


def test_another_scheme_leaves_the_cookie_alone(person: Visitor) -> None:
    """A proxy may ask for a password of its own."""
    basic = "Basic " + base64.b64encode(b"me:secret").decode()
    assert person.client.get("/menu/", headers={"Authorization": basic}).status_code == 200


def test_without_a_token_programs_are_told_that_one_would_do(visitor: Visitor) -> None:
    answer = visitor.get("/menu/", json=True)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer realm=mealplanner"


def test_a_token_ends_by_time(app_at_noon: Flask, clock: Clock) -> None:
    person = Visitor(app_at_noon)
    person.register()
    script = Program(app_at_noon, made(person, days=7))
    clock.wait(days=6, hours=23)
    assert script.get("/menu/").status_code == 200
    clock.wait(hours=1)
    answer = script.get("/menu/")
    assert answer.status_code == 401
    assert answer.get_json()["detail"].startswith("This token expired on 2026-11-30.")


def test_a_token_ends_at_once_when_its_owner_ends_it(person: Visitor, program: Programs) -> None:
    script = program()
    (listed,) = person.get(PAGE, json=True).get_json()["tokens"]
    assert person.post(f"{PAGE}/{listed['id']}/end").status_code == 303
    answer = script.get("/menu/")
    assert answer.status_code == 401
    assert answer.get_json()["detail"].startswith("This token was ended on ")


def test_a_password_that_is_chosen_by_a_link_ends_every_token(person: Visitor, program: Programs, post: Post) -> None:
    """The page says which, and the account's log too."""
    script = program()
    post.deliver()
    Visitor(person.app).post("/auth/forgot", {"email": person.email})
    link, elsewhere = post.link(), Visitor(person.app, person.email)
    assert "API tokens end too: Kitchen display." in elsewhere.get(link).text
    assert script.get("/menu/").status_code == 200
    elsewhere.post(link, {"password": NEW})
    assert "your API tokens are ended" in elsewhere.get("/auth/login").text
    assert script.get("/menu/").get_json()["detail"].startswith("This token was ended on ")
    elsewhere.sign_in(NEW)
    assert "token-ended" in [
        entry["event"] for entry in elsewhere.get("/auth/account/activity", json=True).get_json()["entries"]
    ]


def test_a_change_of_the_password_ends_tokens_when_it_is_asked_to(person: Visitor, program: Programs) -> None:
    """A form that is refused keeps the answer."""
    path, form = "/auth/account/password", {"present_password": PASSWORD, "password": NEW}
    assert "end_tokens" not in person.get(path).text
    script = program()
    assert "API tokens: Kitchen display" in person.get(path).text
    assert person.post(path, form).status_code == 303
    assert script.get("/menu/").status_code == 200
    again = {"present_password": NEW, "end_tokens": "true"}
    refused = person.post(path, {**again, "password": "short"})
    assert 'name="end_tokens" value="true" checked' in refused.text
    assert script.get("/menu/").status_code == 200
    person.post(path, {**again, "password": PASSWORD})
    assert "Your API tokens are ended." in person.get("/auth/account").text
    assert script.get("/menu/").status_code == 401


def test_the_operators_reset_ends_every_token(person: Visitor, program: Programs, database: Database) -> None:
    script = program()
    database.run(partial(reset, email=person.email, password_hash=hashed(NEW), now=utc_now()))
    assert script.get("/menu/").status_code == 401


def test_what_a_token_once_was_is_told_to_its_holder_only(person: Visitor, program: Programs) -> None:
    """One letter off, it is a token like any other that never was."""
    script = program()
    (listed,) = person.get(PAGE, json=True).get_json()["tokens"]
    person.post(f"{PAGE}/{listed['id']}/end")
    script.token = script.token[:-1] + ("A" if script.token[-1] != "A" else "B")
    assert script.get("/menu/").get_json()["detail"].startswith("This token is not known here.")


def test_a_closed_account_has_no_tokens(program: Programs, rows: Rows) -> None:
    script = program()
    rows("UPDATE users SET disabled_at = now()")
    assert script.get("/menu/").get_json()["detail"].startswith("This token is not known here.")


@pytest.mark.parametrize("path", ["/menu/?access_token={}", "/?q=a&q={}", "/calendar/{}.ics", "/shopping/shared/{}"])
def test_a_token_in_an_address_is_refused(person: Visitor, path: str) -> None:
    """Even a right one, and even in the browser of its owner: addresses are kept in logs and histories."""
    token = made(person)
    for answer in (person.get(path.format(token)), Program(person.app, token).get(path.format(token))):
        assert answer.status_code == 401
        assert "A token doesn&#39;t belong in an address" in answer.text or (
            answer.get_json()["detail"].startswith("A token doesn't belong in an address")
        )


def test_a_token_in_a_cookie_is_refused(person: Visitor) -> None:
    token = made(person)
    person.client.set_cookie("token", token)
    answer = person.get("/menu/", json=True)
    assert answer.status_code == 401
    assert answer.get_json()["detail"].startswith("A token doesn't belong in a cookie")


def test_wrong_tokens_are_slowed_down_and_right_ones_are_not(base_config: Config, database: Database) -> None:
    strict = create_app(replace(base_config, leniency=1), database)
    person = Visitor(strict)
    person.register()
    right, wrong = Program(strict, made(person)), Program(strict, UNKNOWN)
    statuses = [wrong.get("/menu/").status_code for _ in range(32)]
    assert statuses == [401] * 30 + [429] * 2
    assert right.get("/menu/").status_code == 200


def test_a_missing_scope_counts_too(base_config: Config, database: Database) -> None:
    strict = create_app(replace(base_config, leniency=1), database)
    person = Visitor(strict)
    person.register()
    reader = Program(strict, made(person, Scope.READ_MENUS))
    assert [reader.get("/shopping/").status_code for _ in range(31)] == [403] * 30 + [429]


def last_used(rows: Rows) -> Any:
    """Return when the one token was used last."""
    return rows("SELECT last_used_at FROM api_tokens")[0][0]


def test_the_last_use_is_stored_once_in_a_few_minutes(app_at_noon: Flask, clock: Clock, rows: Rows) -> None:
    person = Visitor(app_at_noon)
    person.register()
    script = Program(app_at_noon, made(person))
    assert last_used(rows) is None
    script.get("/menu/")
    first = last_used(rows)
    assert first == clock.now
    clock.wait(minutes=4)
    script.get("/menu/")
    assert last_used(rows) == first
    clock.wait(minutes=1)
    script.get("/menu/")
    assert last_used(rows) == clock.now


def test_what_is_refused_is_no_use(program: Programs, rows: Rows) -> None:
    assert program(Scope.SHOPPING).get("/menu/").status_code == 403
    assert last_used(rows) is None


def test_a_request_is_one_statement_more_than_with_a_cookie(
    person: Visitor, program: Programs, database: Database
) -> None:
    """The cookie's own statements are as before."""
    script = program()
    script.get("/menu/")  # stores the first use
    with asked(database) as by_cookie:
        person.get("/menu/", json=True)
    with asked(database) as by_token:
        script.get("/menu/")
    assert len(by_token) == len(by_cookie)
    assert not any("api_tokens" in statement for statement in by_cookie)


@pytest.fixture
def logged() -> Iterator[list[tuple[str, str, str]]]:
    """Collect the message, the level and the token of each line of the log."""
    found: list[tuple[str, str, str]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append((record.getMessage(), record.levelname, current_scope().token))

    handler = Keep()
    logging.getLogger("mealplanner").addHandler(handler)
    yield found
    logging.getLogger("mealplanner").removeHandler(handler)


def test_the_log_names_the_token_by_its_id(
    person: Visitor, program: Programs, logged: list[tuple[str, str, str]]
) -> None:
    script = program()
    (listed,) = person.get(PAGE, json=True).get_json()["tokens"]
    logged.clear()
    script.get("/menu/")
    (line,) = [line for line in logged if line[0].startswith("GET")]
    assert line[2] == listed["id"]
    logged.clear()
    person.get("/menu/")
    assert {token for _, _, token in logged} == {"-"}


def test_the_log_never_has_a_token(program: Programs, logged: list[tuple[str, str, str]]) -> None:
    script = program()
    script.get(f"/calendar/{script.token}.ics")
    script.get(f"/menu/?token={script.token}")
    script.get("/menu/")
    assert not any(script.token in message for message, _, _ in logged)
    assert sum(message == "wrong token from 203.0.113.7" for message, _, _ in logged) == 2
    assert sum("refused a token: MisplacedToken" in message for message, _, _ in logged) == 2


def test_a_menu_that_has_not_changed_is_not_sent_again(person: Visitor, program: Programs, database: Database) -> None:
    """The tag does not depend on a session, which programs have none of."""
    menu, script = plan(person, database, days=1), program()
    first = script.get(menu)
    assert first.get_json()["status"] == "ready"
    again = script.get(menu, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert person.client.get(menu, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
