"""What was typed is never lost: after a sign-out, an outage of the database, a conflict, or on an old page."""

from __future__ import annotations

import html
import random
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mealplanner.errors import Conflict, DomainError, OutcomeUnknown, Unavailable
from mealplanner.preferences import services as preferences_services
from mealplanner.recipes import services as recipes_services
from mealplanner.web import kept
from tests.preferences.form import FORM, STORED, stored
from tests.visitor import PASSWORD, Visitor

SECRET = "a password that was typed"


def fields(page: str, *, action: str) -> list[tuple[str, str]]:
    """Return the inputs of the form that is sent to `action`, as a browser sends them."""
    found = re.search(rf'<form[^>]* action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert found is not None, page
    inputs = re.findall(r"<input([^>]*)>", found[0])
    attributes = [dict(re.findall(r'([\w-]+)="([^"]*)"', one)) | {"checked": " checked" in one} for one in inputs]
    sent = [
        (one["name"], html.unescape(one.get("value", "")))
        for one in attributes
        if "name" in one and (one.get("type") not in ("checkbox", "radio") or one["checked"])
    ]
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', found[0], re.DOTALL)
    return sent + [(name, html.unescape(value)) for name, value in areas]


def send(visitor: Visitor, action: str, sent: list[tuple[str, str]], **changes: str) -> TestResponse:
    """Send a form of a page."""
    form: dict[str, Any] = {}
    for name, value in sent:
        form.setdefault(name, []).append(value)
    return visitor.client.post(action, data={**form, **changes})


def sign_out(person: Visitor) -> None:
    """Sign out, as in another window."""
    assert person.post("/auth/logout").status_code == 303


def test_preferences_that_were_typed_while_signed_out_come_back_in_their_form(person: Visitor) -> None:
    token = person.token()
    sign_out(person)
    answer = person.client.post("/preferences", data={**FORM, "csrf_token": token})
    assert answer.status_code == 401
    assert "You have been signed out. What you typed is still here" in answer.text

    wrong = send(person, "/auth/login", fields(answer.text, action="/auth/login"), email=person.email, password="wrong")
    assert wrong.status_code == 401
    back = send(person, "/auth/login", fields(wrong.text, action="/auth/login"), email=person.email, password=PASSWORD)
    assert back.status_code == 200
    assert "What you typed is still here" in back.text
    assert stored(person)["version"] == 0

    assert send(person, "/preferences", fields(back.text, action="/preferences")).status_code == 303
    assert stored(person) | {"version": 0} == {**STORED, "minutes_by_weekday": {}, "version": 0}


def test_a_session_that_was_ended_elsewhere_loses_nothing_either(app: Flask, person: Visitor) -> None:
    token = person.token()
    other = Visitor(app)
    other.sign_in()
    assert other.post("/auth/sign-out-everywhere").status_code == 303
    answer = person.client.post("/menu/", data={"start_date": "2027-03-04", "days": "9", "csrf_token": token})
    assert answer.status_code == 401
    back = send(person, "/auth/login", fields(answer.text, action="/auth/login"), email=person.email, password=PASSWORD)
    typed = dict(fields(back.text, action="/menu/"))
    assert (typed["start_date"], typed["days"]) == ("2027-03-04", "9")


def test_what_has_no_form_of_its_own_waits_for_a_click(person: Visitor) -> None:
    sign_out(person)
    answer = person.client.post("/auth/account/verify")
    back = send(person, "/auth/login", fields(answer.text, action="/auth/login"), email=person.email, password=PASSWORD)
    assert "is still waiting" in back.text
    done = send(person, "/auth/account/verify", fields(back.text, action="/auth/account/verify"))
    assert done.status_code == 303


def test_programs_that_are_signed_out_get_a_401(person: Visitor) -> None:
    sign_out(person)
    for how in ({"json": {"diet_type": "vegan"}}, {"data": FORM, "headers": {"Accept": "application/json"}}):
        answer = person.client.post("/preferences", **how)
        assert answer.status_code == 401
        assert answer.mimetype == "application/problem+json"


def test_a_page_from_before_the_last_sign_in_can_be_sent_again(person: Visitor) -> None:
    token = person.token()
    sign_out(person)
    assert person.sign_in().status_code == 303
    answer = person.client.post("/preferences", data={**FORM, "csrf_token": token})
    assert answer.status_code == 400
    assert "opened before you last signed in" in answer.text
    assert send(person, "/preferences", fields(answer.text, action="/preferences")).status_code == 303
    assert stored(person)["calorie_goal"] == 1800


@pytest.mark.parametrize(
    ("error", "status"), [(Unavailable(), 503), (OutcomeUnknown(), 503), (Conflict(), 409)], ids=lambda it: str(it)[:20]
)
def test_what_could_not_be_stored_can_be_sent_again(
    person: Visitor, monkeypatch: pytest.MonkeyPatch, error: DomainError, status: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(preferences_services, "save", fail)
        answer = person.post("/preferences", FORM)
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert "Try again" in answer.text
    again = fields(answer.text, action="/preferences")
    for _ in range(2):  # a double click saves once
        assert send(person, "/preferences", again).status_code == 303
    assert stored(person)["version"] == 1
    assert stored(person)["disliked_ingredients"] == ["olives", "aubergines"]


def test_a_mistake_of_ours_keeps_what_was_typed_too(person: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(preferences_services, "save", fail)
    monkeypatch.setattr(person.app, "testing", False)
    monkeypatch.setitem(person.app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = person.post("/preferences", FORM)
    assert answer.status_code == 500
    assert ("calorie_goal", "1800") in fields(answer.text, action="/preferences")


def test_a_page_that_cannot_be_shown_now_offers_to_ask_again(person: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise Unavailable

    monkeypatch.setattr(recipes_services, "rate", fail)
    monkeypatch.setattr(preferences_services, "get", fail)
    assert '<a class="button" href="">Try again</a>' in person.get("/preferences").text


def test_passwords_are_never_kept(visitor: Visitor) -> None:
    visitor.token()
    form = {"email": "me@example.org", "password": SECRET, "present_password": SECRET, "kept": SECRET}
    answer = visitor.client.post("/auth/register", data={**form, "csrf_token": "old"})
    assert SECRET not in answer.text
    again = fields(answer.text, action="/auth/register")
    assert [name for name, _ in again] == ["csrf_token", "email", "password", "present_password"]
    assert dict(again)["email"] == "me@example.org"
    assert send(visitor, "/auth/register", again, password=SECRET).status_code == 303


def test_what_another_site_sent_is_not_kept(person: Visitor) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = person.client.post("/preferences", data={**FORM, "csrf_token": "made up"}, headers=headers)
        assert answer.status_code in (400, 403)
        assert "olives" not in answer.text


def test_what_is_too_long_to_keep_leaves_a_plain_page(person: Visitor) -> None:
    long = {"disliked_ingredients": "x" * kept.MOST}
    answer = person.client.post("/preferences", data=long)
    assert answer.status_code == 400
    assert len(answer.text) < 10_000
    sign_out(person)
    assert person.client.post("/preferences", data=long).location.startswith("/auth/login")


def test_the_longest_that_is_kept_goes_through_a_sign_in(person: Visitor) -> None:
    typed = random.Random(1).randbytes(kept.MOST // 2 - 20).hex()
    sign_out(person)
    answer = person.client.post("/preferences", data={"disliked_ingredients": typed})
    back = send(person, "/auth/login", fields(answer.text, action="/auth/login"), email=person.email, password=PASSWORD)
    assert back.status_code == 200
    assert typed in back.text


@pytest.mark.parametrize("forged", ["", "x", "WyIvcHJlZmVyZW5jZXMiLFtdXQ.x"])
def test_only_what_this_site_sealed_is_shown_after_a_sign_in(person: Visitor, forged: str) -> None:
    sign_out(person)
    answer = person.post("/auth/login", {"email": person.email, "password": PASSWORD, "kept": forged})
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_form_that_was_sent_twice_is_stored_once(person: Visitor, rows: Any) -> None:
    for _ in range(2):
        assert person.post("/preferences", FORM).status_code == 303
    assert rows("SELECT version FROM user_profiles") == [(1,)]
    assert person.post("/preferences", {**FORM, "calorie_goal": "2000"}).status_code == 409
