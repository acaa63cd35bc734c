"""What people read of their account."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.visitor import PASSWORD, Visitor

DOCS = Path(__file__).resolve().parents[3] / "docs"
PATH = "/auth/account/activity"


def events(person: Visitor) -> list[str]:
    """Return the names of the events, the newest first."""
    return [entry["event"] for entry in person.get(PATH, json=True).get_json()["entries"]]


def test_a_life_of_an_account_is_told(person: Visitor) -> None:
    person.post("/calendar/")
    person.post("/calendar/end")
    person.post("/calendar/end")
    days = {"from": "2026-11-23", "to": "2026-11-24"}
    person.post("/shopping/shares/", {**days, "days": "7"})
    link = person.get("/shopping/shares/?from=2026-11-23&to=2026-11-24", json=True).get_json()["links"][0]["id"]
    for _ in range(2):
        person.post(f"/shopping/shares/{link}/end", days)
    person.post("/auth/sign-out-everywhere")
    person.post("/auth/logout")
    person.sign_in()
    change = {"present_password": PASSWORD, "password": "another horse battery"}
    person.post("/auth/account/password", change)
    assert events(person) == [
        *("password-changed", "signed-in", "signed-out", "signed-out-everywhere", "list-link-ended"),
        *("list-link-made", "calendar-ended", "calendar-made", "signed-in", "account-made"),
    ]
    text = person.get(PATH).text
    assert "Address of your calendar ended" in text
    assert "by you" in text


def test_wrong_passwords_are_counted_and_not_listed_one_by_one(person: Visitor) -> None:
    for _ in range(11):
        assert Visitor(person.app, person.email).sign_in("a guess").status_code == 401
    assert events(person)[:3] == ["wrong-password"] * 3
    assert "Wrong password, 10 in a row" in person.get(PATH).text
    assert "by a visitor" in person.get(PATH).text


def test_what_failed_leaves_no_entry(person: Visitor) -> None:
    before = events(person)
    change = {"present_password": "not what it was", "password": "another horse battery"}
    assert person.post("/auth/account/password", change).status_code == 422
    assert [event for event in events(person) if event != "wrong-password"] == before


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 30, ""])
def test_any_number_in_the_address_is_answered(person: Visitor, before: str) -> None:
    assert person.get(f"{PATH}?before={before}").status_code in (200, 400)
