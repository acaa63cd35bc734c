"""Menus as calendars."""

from __future__ import annotations

import datetime
import uuid

import icalendar
import pytest

from tests.shopping.conftest import Week, week  # noqa: F401  # a menu with one dinner a day
from tests.visitor import Visitor


def events(sent: bytes) -> list[icalendar.Event]:
    """Return the events of a calendar that has no errors."""
    read = icalendar.Calendar.from_ical(sent)
    assert isinstance(read, icalendar.Calendar)
    assert not [error for event in read.events for error in event.errors]
    return read.events


def test_a_menu_is_a_calendar(person: Visitor, week: Week) -> None:  # noqa: F811
    menu_id = week()
    answer = person.get(f"/menu/{menu_id}.ics")
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    found = events(answer.data)
    assert [event["SUMMARY"] for event in found] == ["Dinner: Dinner 1", "Dinner: Dinner 2"]
    assert person.client.get(found[0]["URL"]).status_code == 200


def test_an_edit_changes_the_event_of_its_meal_alone(person: Visitor, week: Week) -> None:  # noqa: F811
    menu_id = week(start=datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1))
    address = f"/menu/{menu_id}.ics"
    person.get("/menu/")  # shows what a registration says once
    first = person.get(address)
    before, etag = events(first.data), first.headers["ETag"]
    assert person.client.get(address, headers={"If-None-Match": etag}).status_code == 304
    meal = str(before[0]["UID"]).split("@")[0]
    note = person.post(f"/menu/{menu_id}/meals/{meal}/note", json={"version": 1, "note": "For Ana"})
    assert note.status_code == 200, note.text
    changed = person.client.get(address, headers={"If-None-Match": etag})
    after = events(changed.data)
    assert [event["UID"] for event in after] == [event["UID"] for event in before]
    assert [event["SEQUENCE"] for event in after] == [1, 0]
    (edit,) = person.get(f"/menu/{menu_id}/history", json=True).get_json()["edits"]
    assert datetime.datetime.fromisoformat(edit["at"]).replace(microsecond=0) == after[0].LAST_MODIFIED


@pytest.mark.parametrize("kind", ["ics", "csv", "json"])
def test_a_menu_of_another_person_is_not_sent(person: Visitor, week: Week, kind: str) -> None:  # noqa: F811
    menu_id = week()
    other = Visitor(person.app, "other@example.org")
    other.register()
    assert other.get(f"/menu/{menu_id}.{kind}").status_code == 404
    assert person.get(f"/menu/{uuid.uuid4()}.{kind}").status_code == 404
    assert Visitor(person.app).get(f"/menu/{menu_id}.{kind}").status_code == 303


def test_a_menu_as_json_is_what_its_page_answers_to_programs(person: Visitor, week: Week) -> None:  # noqa: F811
    menu_id = week()
    assert person.get(f"/menu/{menu_id}.json").get_json() == person.get(f"/menu/{menu_id}", json=True).get_json()
