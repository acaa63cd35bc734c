"""What is prepared the evening before: in the week, today, and for programs."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from mealplanner.menu import today
from mealplanner.menu.page import page_of
from mealplanner.menu.preparation import preparations
from mealplanner.menu.presentation import menu_json
from mealplanner.menu.today import today_page
from mealplanner.menu.values import DayValue, MenuSummary, MenuValue
from tests.menu.values import MONDAY, TARGET, day_of, meal_at, week_of

SOAK = "Soak the beans (160 g) in plenty of cold water."
BREAKFAST, DINNER = meal_at(8, "breakfast"), meal_at(19, "dinner")
BEANS = replace(DINNER, preparation=SOAK)


def menu_of(days: list[DayValue]) -> MenuValue:
    summary = MenuSummary(
        id=uuid.uuid4(), status="ready", start_date=MONDAY, days=len(days), source="catalogue", seed=1, step=1, steps=1,
        message="", error_code=None, created_at=datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC),
        model_asked=False, version=1, can_undo=False, can_redo=False,
    )  # fmt: skip
    return MenuValue(summary=summary, targets=TARGET, preferences={}, warnings=(), remedies=(), days=tuple(days))


@pytest.fixture
def days() -> list[DayValue]:
    """Beans on Tuesday."""
    return week_of(day_of(BREAKFAST, DINNER), day_of(BREAKFAST, BEANS), day_of(BREAKFAST, DINNER))


def test_it_is_due_the_day_before(days: list[DayValue]) -> None:
    (one,) = preparations(days)
    assert (one.date, one.meal_id, one.dish, one.text) == (MONDAY, BEANS.id, BEANS.recipe.title, SOAK)


@pytest.mark.parametrize("change", [{"skipped": "shared"}, {"eaten": True}, {"cooked": True}])
def test_a_meal_that_is_not_to_be_cooked_needs_none(change: Mapping[str, Any]) -> None:
    assert preparations(week_of(day_of(BREAKFAST), day_of(replace(BEANS, **change)))) == ()


def test_a_day_that_another_menu_has_needs_none() -> None:
    elsewhere = replace(day_of(BEANS), replaced_by=uuid.uuid4())
    assert preparations([elsewhere]) == ()


def test_the_week_has_a_row_for_it(days: list[DayValue]) -> None:
    """Last, on the day on which it is due."""
    (week,) = page_of(menu_of(days)).weeks
    assert [row.name for row in week.rows] == ["Breakfast", "Dinner", "Prepare"]
    assert [[one.text for one in day.preparations] for day in week.days] == [[SOAK], [], []]


def test_a_week_without_any_has_no_such_row() -> None:
    (week,) = page_of(menu_of(week_of(day_of(BREAKFAST, DINNER)))).weeks
    assert [row.name for row in week.rows] == ["Breakfast", "Dinner"]


def test_the_last_day_of_a_week_prepares_the_next_one() -> None:
    """In a menu of ten days."""
    days = week_of(*[day_of(DINNER) for _ in range(7)], day_of(BEANS), day_of(DINNER), day_of(DINNER))
    first, second = page_of(menu_of(days)).weeks
    assert [one.text for one in first.days[6].preparations] == [SOAK]
    assert [row.name for row in second.rows] == ["Dinner"]


def test_programs_read_it(days: list[DayValue]) -> None:
    (one,) = menu_json(menu_of(days))["preparation"]
    recipe = {"id": str(BEANS.recipe.id), "title": BEANS.recipe.title}
    assert one == {"date": "2026-11-23", "meal": str(BEANS.id), "recipe": recipe, "text": SOAK}


@pytest.mark.parametrize(("day", "tonight"), [(0, [SOAK]), (1, [])])
def test_today_says_what_to_do_for_tomorrow(
    days: list[DayValue], monkeypatch: pytest.MonkeyPatch, day: int, tonight: list[str]
) -> None:
    monkeypatch.setattr(today, "menu_value", lambda _rows, **_: SimpleNamespace(days=days, targets=TARGET))
    date = MONDAY + datetime.timedelta(days=day)
    now = datetime.datetime.combine(date, datetime.time(18), tzinfo=datetime.UTC)
    page = today_page(object(), now=now)  # type: ignore[arg-type]
    assert [one.text for one in page.tonight] == tonight
