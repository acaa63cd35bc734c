"""The texts of a menu's page."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import replace

import pytest

from mealplanner.menu.page import day_page, menu_groups, page_of, rows_of
from mealplanner.menu.values import DayValue, MenuSummary, MenuValue
from tests.menu.values import MONDAY, PORRIDGE, TARGET, day_of, meal_at, week_of

SUMMARY = MenuSummary(
    id=uuid.uuid4(),
    status="ready",
    start_date=MONDAY,
    days=7,
    source="auto",
    seed=1,
    step=1,
    steps=1,
    message="",
    error_code=None,
    created_at=datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC),
    model_asked=False,
    version=1,
    can_undo=False,
    can_redo=False,
)
BREAKFAST = [("breakfast", 1)]


def menu_of(days: list[DayValue]) -> MenuValue:
    """Return a menu without warnings."""
    summary = replace(SUMMARY, days=len(days))
    return MenuValue(summary=summary, targets=TARGET, preferences={}, warnings=(), remedies=(), days=tuple(days))


def spaced(text: str) -> str:
    """Return the text with plain spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_meal_is_formatted() -> None:
    (meal,) = day_page(day_of(PORRIDGE), BREAKFAST).meals
    assert (meal.time, meal.slot, meal.title, meal.glyph) == ("08:00", "Breakfast", "Porridge", "grains")
    assert (spaced(meal.minutes), spaced(meal.kcal)) == ("1 h 5 min", "1,000 kcal")
    assert meal.recipe == f"{PORRIDGE.recipe.id}?meal={PORRIDGE.id}"
    (meal,) = day_page(day_of(meal_at(19, "breakfast")), BREAKFAST, hours="12h").meals
    assert spaced(meal.time) == "7:00 PM"


def test_badges_tell_where_a_meal_comes_from() -> None:
    written = meal_at(12, "lunch", locked=True, recipe=replace(PORRIDGE.recipe, source="model"))
    plain, badged = day_page(day_of(PORRIDGE, written), [*BREAKFAST, ("lunch", 1)]).meals
    assert (plain.by_model, plain.kept) == (False, False)
    assert (badged.by_model, badged.kept) == (True, True)


@pytest.mark.parametrize(
    ("changes", "state", "skipped"),
    [
        ({}, "", ""),
        ({"locked": True, "eaten": True}, " kept eaten", ""),
        ({"skipped": "reserved"}, " skipped", "Eating out"),
        ({"skipped": "shared"}, " skipped", "Skipped"),
    ],
)
def test_a_meal_shows_what_became_of_it(changes: dict[str, object], state: str, skipped: str) -> None:
    (meal,) = day_page(day_of(replace(PORRIDGE, note="for two", **changes)), BREAKFAST).meals  # type: ignore[arg-type]
    assert (meal.state, meal.skipped, meal.note) == (state, skipped, "for two")


@pytest.mark.parametrize(("today", "state"), [(22, "coming"), (23, "today"), (24, "past")])
def test_a_day_has_its_date_and_whether_it_is_over(today: int, state: str) -> None:
    day = day_page(day_of(), [], today=datetime.date(2026, 11, today))
    assert (day.id, day.title, day.weekday, day.number) == ("2026-11-23", "Monday 23 November", "Mon", 23)
    assert (spaced(day.facts), day.state, day.meals) == ("2,000 kcal · 30 min", state, ())


def test_a_row_of_the_week_is_one_slot() -> None:
    """Whatever a day lacks, or has twice, the same meals stand beside each other."""
    full = day_of(meal_at(8, "breakfast"), meal_at(10, "snack"), meal_at(12, "lunch"), meal_at(16, "snack"))
    short = day_of(meal_at(13, "lunch"), meal_at(15, "snack"))
    assert rows_of([full, short]) == (("breakfast", 1), ("snack", 1), ("lunch", 1), ("snack", 2))
    (week,) = page_of(menu_of(week_of(full, short))).weeks
    assert [(row.name, row.time) for row in week.rows] == [
        ("Breakfast", "08:00"), ("Snack", ""), ("Lunch", ""), ("Snack", "16:00"),
    ]  # fmt: skip
    assert [[meal.row for meal in day.meals] for day in week.days] == [[1, 2, 3, 4], [3, 2]]


def test_a_month_is_weeks() -> None:
    """And its days are numbered through."""
    menu = page_of(menu_of(week_of(*[day_of(PORRIDGE)] * 10)))
    assert [week.title.replace("\N{EN DASH}", "-") for week in menu.weeks] == [
        "23-29 November 2026", "30 November - 2 December 2026",
    ]  # fmt: skip
    assert [[day.position for day in week.days] for week in menu.weeks] == [[1, 2, 3, 4, 5, 6, 7], [8, 9, 10]]


@pytest.mark.parametrize(
    ("today", "when", "shown"),
    [
        (None, "Earlier", "2026-11-23"),
        (MONDAY - datetime.timedelta(days=1), "Coming up", "2026-11-23"),
        (MONDAY + datetime.timedelta(days=6), "This week", "2026-11-29"),
        (MONDAY + datetime.timedelta(days=7), "Earlier", "2026-11-23"),
    ],
)
def test_a_menu_begins_with_today(today: datetime.date | None, when: str, shown: str) -> None:
    """Where today is one of its days."""
    menu = page_of(menu_of(week_of(*[day_of(PORRIDGE)] * 7)), today=today)
    assert (menu.when, menu.shown, menu.status) == (when, shown, "On target all week.")


def test_menus_are_listed_by_when_they_are() -> None:
    def starting(offset: int, **changes: object) -> MenuSummary:
        return replace(SUMMARY, start_date=MONDAY + datetime.timedelta(days=offset), **changes)  # type: ignore[arg-type]

    now, month, next_one, past, past_before = (
        starting(0), starting(-7, days=28), starting(7), starting(-7), starting(-14),
    )  # fmt: skip
    failed, queued = starting(0, status="failed"), starting(0, status="queued")
    groups = menu_groups([past_before, failed, now, month, past, queued, next_one], MONDAY)
    assert groups == [
        ("Being made", [queued]),
        ("Now", [now, month]),
        ("Coming up", [next_one]),
        ("Earlier", [past, past_before]),
        ("Not made", [failed]),
    ]
    assert menu_groups([], MONDAY) == []
