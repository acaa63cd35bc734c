"""The page on which people make, see and end their tokens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from mealplanner.tokens.schemas import DAYS, NAME, SCOPES
from mealplanner.tokens.values import SHAPE
from mealplanner.unguessable import hash_of
from tests.clock import Clock
from tests.post import Post
from tests.tokens.conftest import PAGE, Program, made
from tests.visitor import PASSWORD, Visitor

Rows = Callable[..., list[tuple[Any, ...]]]
FORM = {"name": "Kitchen display", "scopes": ["menus:read", "shopping"], "days": "30"}


def shown(text: str) -> str:
    """Return the token on a page."""
    found = re.search(r'value="(mp_[^"]+)"', text)
    assert found is not None
    return found[1]


def test_a_token_is_shown_once_and_stored_as_a_hash(person: Visitor, rows: Rows) -> None:
    answer = person.post(PAGE, FORM)
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    token = shown(answer.text)
    assert SHAPE.fullmatch(token)
    assert rows("SELECT token_hash, scopes FROM api_tokens") == [(hash_of(token), ["menus:read", "shopping"])]
    assert token not in person.get(PAGE).text
    assert "Kitchen display" in person.get(PAGE).text
    assert token not in rows("SELECT row_to_json(api_tokens)::text FROM api_tokens")[0][0]


def test_no_two_tokens_are_alike(person: Visitor) -> None:
    assert len({made(person, name=str(number)) for number in range(5)}) == 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "  "}, NAME),
        ({"name": "x" * 61}, NAME),
        ({"scopes": []}, SCOPES),
        ({"scopes": ["everything"]}, SCOPES),
        ({"days": "0"}, DAYS),
        ({"days": "367"}, DAYS),
        ({"days": "for ever"}, DAYS),
    ],
)
def test_a_form_that_cannot_be_used_says_why_and_keeps_what_was_typed(
    person: Visitor, rows: Rows, change: dict[str, Any], message: str
) -> None:
    answer = person.post(PAGE, {**FORM, **change})
    assert answer.status_code == 422
    assert message in answer.text
    assert re.search(r'value="shopping" checked', answer.text) or "scopes" in change
    assert rows("SELECT count(*) FROM api_tokens") == [(0,)]


def test_a_name_is_used_once_until_its_token_is_ended(person: Visitor) -> None:
    made(person)
    assert "You have a token with this name already." in person.post(PAGE, FORM).text
    (listed,) = person.get(PAGE, json=True).get_json()["tokens"]
    assert person.post(f"{PAGE}/{listed['id']}/end").status_code == 303
    made(person)


def test_a_person_has_twenty_tokens_at_most(person: Visitor) -> None:
    for number in range(20):
        made(person, name=str(number))
    answer = person.post(PAGE, FORM)
    assert answer.status_code == 422
    assert "You have 20 tokens." in answer.text


def test_the_token_of_another_person_is_not_there(person: Visitor) -> None:
    other = Visitor(person.app, "other@example.org")
    other.register()
    script = Program(person.app, made(other))
    (listed,) = other.get(PAGE, json=True).get_json()["tokens"]
    assert person.post(f"{PAGE}/{listed['id']}/end").status_code == 404
    assert person.get(PAGE, json=True).get_json()["tokens"] == []
    assert script.get("/menu/").status_code == 200


def test_a_token_is_made_only_shortly_after_the_password_was_typed(app_at_noon: Flask, clock: Clock) -> None:
    person = Visitor(app_at_noon)
    person.register()
    clock.wait(minutes=16)
    asked = person.post(PAGE, FORM)
    assert asked.status_code == 401
    assert "Confirm your password" in asked.text
    kept = re.search(r'name="kept" value="([^"]+)"', asked.text)
    assert kept is not None
    again = person.post("/auth/confirm", {"present_password": PASSWORD, "kept": kept[1]})
    assert "Kitchen display" in again.text
    assert person.post(PAGE, FORM).status_code == 201


def test_its_owner_is_told_by_mail(person: Visitor, post: Post) -> None:
    post.deliver()
    made(person)
    (mail,) = post.deliver()
    assert (mail["To"], mail["Subject"]) == (person.email, "A new API token for your account")


def test_tokens_that_ended_long_ago_are_forgotten(app_at_noon: Flask, clock: Clock, rows: Rows) -> None:
    person = Visitor(app_at_noon)
    person.register()
    made(person, name="old", days=1)
    clock.wait(days=90)
    person.sign_in()
    made(person, name="newer")
    assert len(rows("SELECT FROM api_tokens")) == 2
    clock.wait(days=2)
    person.sign_in()
    made(person, name="newest")
    assert rows("SELECT name FROM api_tokens ORDER BY created_at") == [("newer",), ("newest",)]


def test_the_activity_of_the_account_tells_of_tokens(person: Visitor) -> None:
    """By their names, once each, and of what a program did with one."""
    script = Program(person.app, made(person))
    assert script.post("/calendar/").status_code == 303
    (listed,) = person.get(PAGE, json=True).get_json()["tokens"]
    for _ in range(2):
        assert person.post(f"{PAGE}/{listed['id']}/end").status_code == 303
    lines = person.get("/auth/account/activity", json=True).get_json()["entries"][:3]
    assert [(line["event"], line["by"], line["details"]) for line in lines] == [
        ("token-ended", "self", {"name": "Kitchen display"}),
        ("calendar-made", "token", {}),
        ("token-made", "self", {"name": "Kitchen display"}),
    ]
