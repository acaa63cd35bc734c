"""Menus as calendars."""

from __future__ import annotations

import datetime
import hashlib
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from mealplanner.telemetry.scope import current_scope
from tests.shopping.conftest import Week
from tests.statements import asked
from tests.visitor import Visitor


def events(sent: bytes) -> list[icalendar.Event]:
    """Return the events of a calendar that has no errors."""
    read = icalendar.Calendar.from_ical(sent)
    assert isinstance(read, icalendar.Calendar)
    assert not [error for event in read.events for error in event.errors]
    return read.events


def test_a_menu_is_a_calendar(person: Visitor, week: Week) -> None:
    menu_id = week()
    answer = person.get(f"/menu/{menu_id}.ics")
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    found = events(answer.data)
    assert [event["SUMMARY"] for event in found] == ["Dinner: Dinner 1", "Dinner: Dinner 2"]
    assert person.client.get(found[0]["URL"]).status_code == 200


def test_an_edit_changes_the_event_of_its_meal_alone(person: Visitor, week: Week) -> None:
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
def test_a_menu_of_another_person_is_not_sent(person: Visitor, week: Week, kind: str) -> None:
    menu_id = week()
    other = Visitor(person.app, "other@example.org")
    other.register()
    assert other.get(f"/menu/{menu_id}.{kind}").status_code == 404
    assert person.get(f"/menu/{uuid.uuid4()}.{kind}").status_code == 404
    assert Visitor(person.app).get(f"/menu/{menu_id}.{kind}").status_code == 303


def test_a_menu_as_json_is_what_its_page_answers_to_programs(person: Visitor, week: Week) -> None:
    menu_id = week()
    assert person.get(f"/menu/{menu_id}.json").get_json() == person.get(f"/menu/{menu_id}", json=True).get_json()


def address_of(person: Visitor) -> str:
    """Make an address to follow, and return its path."""
    assert person.post("/calendar/").status_code == 303
    address: str = person.get("/calendar/", json=True).get_json()["address"]
    assert address in person.get("/calendar/").text
    return address.removeprefix("http://localhost")


def day(number: int) -> datetime.date:
    """Return the day so many days after today."""
    return datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=number)


@pytest.fixture
def stranger(person: Visitor) -> Visitor:
    """Return a calendar program, which has no cookies."""
    return Visitor(person.app)


def test_a_feed_has_the_menus_that_count_from_two_weeks_ago_on(
    person: Visitor,
    stranger: Visitor,
    week: Week,
) -> None:
    older, replacing = week(start=day(1)), week(start=day(2), dinners=({"leek": 100.0},))
    week(start=day(-15), dinners=({"leek": 100.0}, {"leek": 100.0}))
    week(start=day(-30), dinners=({"leek": 100.0},))
    answer = stranger.get(address_of(person))
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    found = events(answer.data)
    assert [event.start.date() for event in found] == [day(-14), day(1), day(2)]
    menus = {str(menu): person.get(f"/menu/{menu}.json").get_json() for menu in (older, replacing)}
    assert [event["UID"] for event in found[1:]] == [
        f"{menus[str(menu)]['days'][0]['meals'][0]['id']}@mealplanner" for menu in (older, replacing)
    ]


def test_a_feed_is_at_the_hours_of_its_owner_and_follows_edits(
    person: Visitor,
    stranger: Visitor,
    week: Week,
) -> None:
    menu_id, zone = week(start=day(1)), ZoneInfo("Australia/Lord_Howe")
    person.post("/auth/account/settings", {"time_zone": zone.key, "units": "metric"})
    address = address_of(person)
    first = stranger.get(address)
    before = events(first.data)
    assert [event.start for event in before] == [
        datetime.datetime.combine(day(number), datetime.time(19), zone) for number in (1, 2)
    ]
    meal = str(before[0]["UID"]).split("@")[0]
    assert person.post(f"/menu/{menu_id}/meals/{meal}/note", json={"version": 1, "note": "Ana"}).status_code == 200
    after = stranger.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert [event["SEQUENCE"] for event in events(after.data)] == [1, 0]
    assert person.post(f"/menu/{menu_id}/delete").status_code == 303
    assert events(stranger.get(address).data) == []


def test_a_feed_that_has_not_changed_costs_one_statement_and_sets_no_cookie(
    person: Visitor,
    stranger: Visitor,
    week: Week,
    database: Database,
) -> None:
    week(start=day(1))
    address = address_of(person)
    with asked(database) as statements:
        first = stranger.get(address)
    assert len([one for one in statements if one.startswith("SELECT") and "throttles" not in one]) == 3
    assert first.headers["Cache-Control"] == "private, max-age=600"
    assert first.headers["X-Robots-Tag"] == "noindex"
    for headers, status in (({}, 200), ({"If-None-Match": first.headers["ETag"]}, 304)):
        with asked(database) as statements:
            answer = stranger.client.get(address, headers=headers)
        assert (answer.status_code, len(statements)) == (status, 1)
        assert answer.headers["ETag"] == first.headers["ETag"]
        assert not answer.headers.getlist("Set-Cookie")
        assert answer.data == (first.data if status == 200 else b"")


def test_an_address_ends_when_it_is_replaced_or_taken_back(person: Visitor, stranger: Visitor) -> None:
    old = address_of(person)
    assert stranger.get(old).status_code == 200
    new = address_of(person)
    assert new != old
    assert (stranger.get(old).status_code, stranger.get(new).status_code) == (404, 200)
    person.post("/calendar/end")
    assert person.get("/calendar/", json=True).get_json() == {"address": None, "made_at": None}
    gone, mistyped = stranger.get(new), stranger.get("/calendar/" + "x" * 43 + ".ics")
    assert gone.status_code == mistyped.status_code == 404
    assert re.sub("[0-9a-f]{32}", "", gone.text) == re.sub("[0-9a-f]{32}", "", mistyped.text)


@pytest.mark.parametrize("token", ["%00", "%F0%9F%8D%B2", "a" * 5000, "..", "%ED%A0%80"])
def test_no_address_is_an_error_of_ours(stranger: Visitor, token: str) -> None:
    assert stranger.get(f"/calendar/{token}.ics").status_code in (308, 404)


def test_a_feed_is_named_in_the_log_and_its_address_is_not(
    person: Visitor, stranger: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    address = address_of(person)
    seen: list[str] = []
    caplog.handler.addFilter(lambda record: seen.append(current_scope().link) or bool(record))
    stranger.get(address)
    assert any(re.fullmatch("[0-9a-f-]{36}", link) for link in seen)
    assert address.split("/")[-1].removesuffix(".ics") not in caplog.text


def test_what_is_stored_of_an_address_lets_no_one_in(person: Visitor, rows: Callable[..., Any]) -> None:
    token = address_of(person).split("/")[-1].removesuffix(".ics")
    ((stored,),) = rows("SELECT token_hash FROM calendar_feeds")
    assert bytes(stored) == hashlib.sha256(token.encode()).digest()


def test_drawing_a_feed_again_and_again_has_its_limit(
    config: Config,
    database: Database,
    week: Week,
    person: Visitor,
) -> None:
    menu_id = week(start=day(1))
    stranger, address = Visitor(create_app(replace(config, leniency=0.05), database)), address_of(person)
    meal = str(events(stranger.get(address).data)[0]["UID"]).split("@")[0]
    statuses = []
    for version in range(1, 5):
        person.post(f"/menu/{menu_id}/meals/{meal}/note", json={"version": version, "note": f"Note {version}"})
        statuses.append(stranger.get(address).status_code)
    assert statuses == [200, 200, 429, 429]


def test_guessing_addresses_has_to_wait_and_having_one_does_not(
    config: Config, database: Database, person: Visitor
) -> None:
    stranger, address = Visitor(create_app(replace(config, leniency=0.2), database)), address_of(person)
    stranger.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    statuses = [stranger.get(f"/calendar/{number}.ics").status_code for number in range(8)]
    assert (statuses[:5], statuses[-1]) == ([404] * 5, 429)
    assert stranger.get(address).status_code == 200


def test_an_address_whose_key_has_changed_can_be_made_anew(person: Visitor, config: Config, database: Database) -> None:
    old = address_of(person)
    app = create_app(replace(config, secret_key="another key, and long enough too"), database)
    again = Visitor(app)
    assert again.sign_in().status_code == 303
    assert again.get("/calendar/", json=True).get_json()["address"] is None
    assert "can't be shown again" in again.get("/calendar/").text
    assert Visitor(app).get(old).status_code == 200
    assert address_of(again) != old


def test_the_week_leads_to_the_calendar(person: Visitor, week: Week) -> None:
    menu_id = week(start=day(1))
    link = f"/calendar/?menu={menu_id}"
    assert f'href="{link}"' in person.get(f"/menu/{menu_id}").text
    assert f'href="/menu/{menu_id}.ics"' in person.get(link).text
    assert ".ics" not in person.get("/calendar/?menu=nonsense").text


def test_a_skipped_meal_leaves_the_feed_and_comes_back(
    person: Visitor,
    stranger: Visitor,
    week: Week,
) -> None:
    menu_id = week(start=day(1))
    address = address_of(person)
    before = [event["UID"] for event in events(stranger.get(address).data)]
    meal = f"/menu/{menu_id}/meals/{before[0].split('@')[0]}"
    assert person.post(f"{meal}/skip", json={"version": 1, "energy": "reserved"}).status_code == 200
    assert [event["UID"] for event in events(stranger.get(address).data)] == before[1:]
    assert person.post(f"{meal}/unskip", json={"version": 2}).status_code == 200
    assert [event["UID"] for event in events(stranger.get(address).data)] == before
