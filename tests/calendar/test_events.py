"""Meals as events, and events as iCalendar, read back by two parsers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from mealplanner.calendar.events import days_of, entries
from mealplanner.calendar.file import calendar_file
from mealplanner.calendar.values import Entry, Revision, Revisions
from mealplanner.menu.values import DayValue, MealValue
from tests.menu.values import MONDAY, day_of, meal_at

AT = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
BERLIN = ZoneInfo("Europe/Berlin")
RECIPES = "https://meals.example.org/recipes/"


def revisions_of(days: Iterable[DayValue], number: int = 0) -> Revisions:
    """Return a revision of each meal."""
    return {meal.id: Revision(number, AT) for day in days for meal in day.meals}


def events(*days: DayValue, zone: ZoneInfo = BERLIN) -> list[Entry]:
    """Return what the days make."""
    return list(entries(days, revisions_of(days), zone=zone, recipes=RECIPES))


def file_of(*days: DayValue, zone: ZoneInfo = BERLIN) -> bytes:
    """Return the calendar of the days."""
    return calendar_file(events(*days, zone=zone), name="Meals", zone=zone, since=days[0].date)


def dinner(title: str = "Lentil soup", **changes: Any) -> MealValue:
    """Return a meal at seven."""
    meal = meal_at(19, "dinner", **changes)
    return replace(meal, recipe=replace(meal.recipe, title=title))


def test_a_meal_is_an_event_at_its_time() -> None:
    meal = dinner(note="Ask Ana, Bo")
    (event,) = events(day_of(meal))
    assert event.summary == "Dinner: Lentil soup"
    assert event.start == datetime.datetime(2026, 11, 23, 19, tzinfo=BERLIN)
    assert event.link == f"{RECIPES}{meal.recipe.id}?meal={meal.id}"
    assert event.description.splitlines() == [
        "1,000 kcal, 63 g protein, 112 g carbs, 33 g fat",
        "1¼\N{NO-BREAK SPACE}servings each, for 2 people",
        "Takes 1\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}5\N{NO-BREAK SPACE}min",
        "Ask Ana, Bo",
        event.link,
    ]


def test_a_swapped_meal_is_the_same_event() -> None:
    before = dinner()
    after = replace(before, recipe=replace(before.recipe, title="Dal"))
    first, second = events(day_of(before))[0], events(day_of(after))[0]
    assert first.uid == second.uid
    assert (first.summary, second.summary) == ("Dinner: Lentil soup", "Dinner: Dal")


@pytest.mark.parametrize("energy", ["reserved", "shared"])
def test_a_skipped_meal_is_no_event(energy: str) -> None:
    assert events(day_of(dinner(skipped=energy, preparation="Soak the beans."))) == []


def test_what_is_prepared_the_day_before_is_an_event_of_that_day() -> None:
    meal = dinner("Bean stew", preparation="Soak 200 g beans in water.")
    eating, preparing = events(day_of(meal))
    assert (preparing.start, preparing.summary) == (datetime.date(2026, 11, 22), "For tomorrow: Bean stew")
    assert preparing.description.startswith("Soak 200 g beans in water.\n")
    assert preparing.uid != eating.uid


def test_a_day_counts_once_in_the_menu_that_has_it() -> None:
    older, newer, gone = day_of(dinner("Old")), day_of(dinner("New")), day_of(dinner("Gone"))
    tuesday = replace(older, date=MONDAY + datetime.timedelta(days=1))
    past = replace(older, date=MONDAY - datetime.timedelta(days=1))
    replaced = replace(gone, date=tuesday.date, replaced_by=gone.meals[0].id)
    menus: Any = [type("Menu", (), {"days": days}) for days in ((newer, replaced), (past, older, tuesday))]
    assert days_of(menus, MONDAY) == [newer, tuesday]


@pytest.mark.parametrize(
    ("name", "before", "after", "hours"),
    [
        ("Europe/Berlin", datetime.date(2027, 3, 27), datetime.date(2027, 3, 28), 23),
        ("Europe/Berlin", datetime.date(2027, 10, 30), datetime.date(2027, 10, 31), 25),
        ("America/New_York", datetime.date(2027, 3, 13), datetime.date(2027, 3, 14), 23),
        ("Australia/Lord_Howe", datetime.date(2027, 4, 3), datetime.date(2027, 4, 4), 24.5),
        ("Australia/Lord_Howe", datetime.date(2027, 10, 2), datetime.date(2027, 10, 3), 23.5),
        ("Asia/Kolkata", datetime.date(2027, 3, 27), datetime.date(2027, 3, 28), 24),
        ("UTC", datetime.date(2027, 3, 27), datetime.date(2027, 3, 28), 24),
    ],
)
def test_meals_are_at_their_hour_on_both_sides_of_a_change_of_the_clock(
    name: str, before: datetime.date, after: datetime.date, hours: float
) -> None:
    """By the rules that the file itself brings, read by a parser of its own."""
    days = [day_of(dinner(), date=before), day_of(dinner(), date=after)]
    read = vobject.readOne(file_of(*days, zone=ZoneInfo(name)).decode())
    starts = [event.dtstart.value for event in read.vevent_list]
    assert [(start.date(), start.hour, start.minute) for start in starts] == [(before, 19, 0), (after, 19, 0)]
    utc = [start.astimezone(datetime.UTC) for start in starts]
    assert utc == [datetime.datetime.combine(day, datetime.time(19), ZoneInfo(name)) for day in (before, after)]
    assert utc[1] - utc[0] == datetime.timedelta(hours=hours)
    assert [zone.tzid.value for zone in read.vtimezone_list] == [name]


@pytest.mark.parametrize(
    ("name", "forward", "back"),
    [
        ("Europe/Berlin", "20270328T020000", "20271031T030000"),
        ("America/New_York", "20270314T020000", "20271107T020000"),
        ("Australia/Lord_Howe", "20271003T020000", "20270404T020000"),
    ],
)
def test_the_clock_changes_at_the_time_that_it_shows_before(name: str, forward: str, back: str) -> None:
    first, last = (day_of(dinner(), date=datetime.date(year, 7, 1)) for year in (2027, 2028))
    sent = file_of(first, last, zone=ZoneInfo(name)).decode()
    assert set(re.findall(r"RDATE:\d{8}T(\d{6})", sent)) == {forward[9:], back[9:]}
    for kind, start in (("DAYLIGHT", forward), ("STANDARD", back)):
        assert f"BEGIN:{kind}\r\nDTSTART:{start}\r\n" in sent


def test_any_text_comes_back_as_it_was_on_lines_of_75_octets() -> None:
    title = "Käsespätzle, “süß; sauer” \\ \N{HOT BEVERAGE}\N{VARIATION SELECTOR-16} " * 8
    note = "One, two;\nthree \\n four\nBEGIN:VEVENT"
    meal = dinner(title.strip(), note=note, preparation="Soak, then rinse; twice.")
    sent = file_of(day_of(meal))
    lines = sent.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    assert all(line.decode() for line in lines)
    read = vobject.readOne(sent.decode()).vevent_list
    again = icalendar.Calendar.from_ical(sent).events
    assert len(read) == len(again) == 2
    assert read[0].summary.value == again[0]["SUMMARY"] == f"Dinner: {title.strip()}"
    assert note in read[0].description.value
    assert note in again[0]["DESCRIPTION"]


def test_the_file_says_what_calendars_need() -> None:
    meal = dinner(preparation="Soak the beans.")
    days = [day_of(meal)]
    made = list(entries(days, revisions_of(days, number=3), zone=BERLIN, recipes=RECIPES))
    sent = calendar_file(made, name="Meals", zone=BERLIN, since=MONDAY)
    read = icalendar.Calendar.from_ical(sent)
    assert not read.errors
    assert (read["VERSION"], read["METHOD"], read["X-WR-CALNAME"]) == ("2.0", "PUBLISH", "Meals")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in sent
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in sent
    eating, preparing = read.events
    assert (eating["UID"], eating["SEQUENCE"], eating.uid) == (f"{meal.id}@mealplanner", 3, eating["UID"])
    assert (eating.DTSTAMP, eating.LAST_MODIFIED) == (AT, AT)
    assert (eating.start, eating.duration) == (made[0].start, datetime.timedelta(minutes=30))
    assert (eating.categories, eating["URL"]) == (["Dinner"], made[0].link)
    assert preparing["DTSTART"].to_ical() == b"20261122"


def test_the_same_events_make_the_same_file() -> None:
    """So that a calendar that looks again can be told that nothing has changed."""
    day = day_of(dinner())
    assert file_of(day) == file_of(day)


def test_a_calendar_without_events_still_brings_its_time_zone() -> None:
    sent = calendar_file([], name="Meals", zone=BERLIN, since=MONDAY)
    assert [zone.tzid.value for zone in vobject.readOne(sent.decode()).vtimezone_list] == ["Europe/Berlin"]
