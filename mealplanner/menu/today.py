"""The texts of today's page: what comes next, what was before and comes after, and tomorrow. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final, NamedTuple

from mealplanner.food.wording import Units
from mealplanner.menu.assembly import MenuRows, menu_value
from mealplanner.menu.page import DayPage, MealPage, PreparationPage, day_page, rows_of
from mealplanner.menu.preparation import Preparation, preparations
from mealplanner.menu.status_line import status_line
from mealplanner.menu.values import DayValue, MealValue
from mealplanner.presentation.formatting import Hours, day, duration, number

LATE: Final = 90
"""Minutes after its time until which a meal still counts as the next one."""


class TodayPage(NamedTuple):
    """A day as it is lived; `next` is None when the last meal is over."""

    title: str
    summary: str
    earlier: tuple[MealPage, ...]
    next: MealPage | None
    later: tuple[MealPage, ...]
    tonight: tuple[PreparationPage, ...]
    """What to prepare for tomorrow."""
    tomorrow: DayPage | None
    tomorrow_kitchen: str


def today_page(rows: MenuRows, *, now: datetime.datetime, hours: Hours = "24h", units: Units = "metric") -> TodayPage:
    """Return the page of today and tomorrow, the days in `rows`, at the person's own time `now`."""
    value = menu_value(rows, units=units)
    by_date = {each.date: each for each in value.days}
    this = by_date[now.date()]
    following = by_date.get(now.date() + datetime.timedelta(days=1))
    shown = _day(this, now, hours, preparations([following] if following else []))
    meals = shown.meals
    split = next((place for place, meal in enumerate(this.meals) if _is_ahead(meal, now)), len(meals))
    kitchen, kcal = duration(this.minutes), number(this.totals.kcal)
    return TodayPage(
        title=day(this.date),
        summary=f"{kcal}\N{NO-BREAK SPACE}kcal, {kitchen} in the kitchen. {status_line([this], value.targets)}",
        earlier=meals[:split],
        next=meals[split] if split < len(meals) else None,
        later=meals[split + 1 :],
        tonight=shown.preparations,
        tomorrow=_day(following, now, hours) if following else None,
        tomorrow_kitchen=duration(following.minutes) if following else "",
    )


def _day(value: DayValue, now: datetime.datetime, hours: Hours, preparing: Sequence[Preparation] = ()) -> DayPage:
    return day_page(value, rows_of([value]), today=now.date(), hours=hours, preparing=preparing)


def _is_ahead(meal: MealValue, now: datetime.datetime) -> bool:
    if meal.eaten or meal.skipped:
        return False
    latest = datetime.datetime.combine(now.date(), meal.time) + datetime.timedelta(minutes=LATE)
    return now.replace(tzinfo=None) <= latest
