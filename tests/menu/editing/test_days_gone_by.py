"""Days that are over, by the person's own clock, stay as they were."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from tests.clock import Clock
from tests.menu.editing.planned import Browser
from tests.visitor import Visitor


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("swap", {}),
        ("lock", {}),
        ("move", {"date": "2026-11-25", "slot": "dinner"}),
        ("portion", {"portion": 2}),
        ("skip", {"energy": "shared"}),
        ("note", {"note": "late"}),
    ],
)
def test_days_gone_by_stay_as_they_were(week: Browser, clock: Clock, what: str, fields: dict[str, Any]) -> None:
    """By the person's own date; that a meal was eaten or cooked can still be said."""
    clock.now = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
    monday = week.meal(0, "dinner")
    answer = week.send(monday, what, **fields)
    assert answer.status_code == 422
    assert "Monday 23 November is over" in answer.get_json()["detail"]
    week.edit(monday, "eaten", eaten="yes")
    week.edit(monday, "cooked", cooked="yes")


@pytest.mark.parametrize("way", ["undo", "redo"])
def test_undoing_ends_at_a_day_that_is_over(week: Browser, clock: Clock, way: str) -> None:
    """And says so, to programs and on the page."""
    week.edit(week.meal(0, "dinner"), "swap")
    if way == "redo":
        week.step("undo")
    clock.now = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
    address, before = f"/menu/{week.id}/{way}", week.look()
    expected = f"Next you would {way} a change to Monday 23 November. That day is over"
    assert expected in week.visitor.post(address, json={}).get_json()["detail"]
    answer = week.visitor.post(address, {"version": str(before["version"])})
    assert (answer.status_code, expected in answer.text) == (422, True)
    assert week.look() == before


def test_a_day_is_over_by_the_clock_of_the_person(person: Visitor, week: Browser, clock: Clock) -> None:
    """At eight in the evening of Monday in New York it is Tuesday in Greenwich."""
    clock.now = datetime.datetime(2026, 11, 24, 1, tzinfo=datetime.UTC)
    assert week.send(week.meal(0, "dinner"), "lock").status_code == 422
    settings = {"time_zone": "America/New_York", "units": "metric", "hours": "24h"}
    assert person.post("/auth/account/settings", settings).status_code == 303
    week.edit(week.meal(0, "dinner"), "lock")


def test_a_past_place_takes_no_meal(week: Browser, clock: Clock) -> None:
    clock.now = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
    answer = week.send(week.meal(2, "dinner"), "move", date="2026-11-23", slot="dinner")
    assert answer.status_code == 422
    assert "is over" in answer.get_json()["detail"]
