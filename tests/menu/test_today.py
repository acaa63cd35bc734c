"""What comes next today."""

from __future__ import annotations

import datetime
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from mealplanner.menu import today
from mealplanner.menu.today import today_page
from tests.menu.values import MONDAY, TARGET, day_of, meal_at, week_of

BREAKFAST, LUNCH, DINNER = (meal_at(hour, slot) for hour, slot in ((8, "breakfast"), (12, "lunch"), (19, "dinner")))


@pytest.fixture
def two_days(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let rows hold Monday and Tuesday."""
    days = week_of(day_of(BREAKFAST, LUNCH, DINNER), day_of(BREAKFAST, minutes=65))
    monkeypatch.setattr(today, "menu_value", lambda _rows, **_: SimpleNamespace(days=days, targets=TARGET))
    return object()


@pytest.mark.parametrize(
    ("clock", "following"),
    [("00:10", "Breakfast"), ("09:30", "Breakfast"), ("09:31", "Lunch"), ("20:30", "Dinner"), ("20:31", None)],
)
def test_a_meal_is_next_until_it_is_long_over(two_days: Any, clock: str, following: str | None) -> None:
    now = datetime.datetime.combine(MONDAY, datetime.time.fromisoformat(clock), tzinfo=datetime.UTC)
    page = today_page(two_days, now=now)
    assert (page.next and page.next.slot) == following
    whole = [*page.earlier, *([page.next] if page.next else []), *page.later]
    assert [meal.slot for meal in whole] == ["Breakfast", "Lunch", "Dinner"]


def test_a_meal_that_was_eaten_is_not_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one that is skipped."""
    days = week_of(day_of(replace(BREAKFAST, eaten=True), replace(LUNCH, skipped="shared"), DINNER))
    monkeypatch.setattr(today, "menu_value", lambda _rows, **_: SimpleNamespace(days=days, targets=TARGET))
    page = today_page(object(), now=datetime.datetime.combine(MONDAY, datetime.time(7), tzinfo=datetime.UTC))  # type: ignore[arg-type]
    assert [meal.slot for meal in page.earlier] == ["Breakfast", "Lunch"]
    assert page.next is not None
    assert (page.next.slot, page.later) == ("Dinner", ())


def test_tomorrow_is_announced(two_days: Any) -> None:
    """Unless the menu ends today."""
    page = today_page(two_days, now=datetime.datetime.combine(MONDAY, datetime.time(12), tzinfo=datetime.UTC))
    assert page.tomorrow is not None
    assert page.tomorrow.title == "Tuesday 24 November"
    assert page.tomorrow_kitchen.replace("\N{NO-BREAK SPACE}", " ") == "1 h 5 min"
    assert page.summary.replace("\N{NO-BREAK SPACE}", " ") == "2,000 kcal, 30 min in the kitchen. On target."
    last = datetime.datetime.combine(MONDAY + datetime.timedelta(days=1), datetime.time(12), tzinfo=datetime.UTC)
    assert today_page(two_days, now=last).tomorrow is None
