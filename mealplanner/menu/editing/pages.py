"""What the pages that change a meal show of it. Pure."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from mealplanner.menu.editing.values import OpenMenu, PlacedMeal
from mealplanner.presentation.formatting import Hours, clock, day, label


@dataclass(frozen=True, slots=True, kw_only=True)
class MealPage:
    """A meal, and the places that it could be moved to."""

    menu_id: uuid.UUID
    version: int
    start_date: datetime.date
    days: int
    meal: PlacedMeal
    date: datetime.date
    occasion: str
    """As in `Dinner on Tuesday 24 November`."""
    past: bool
    """Whether its day is over, so that nothing but what was eaten can be said of it."""
    dates: tuple[tuple[str, str], ...]
    """The days that are not over, as programs write them and in words."""
    slots: tuple[tuple[str, str], ...]
    times: tuple[tuple[str, str], ...]
    """Of the snacks, where a day has several."""


def meal_page(menu: OpenMenu, meal_id: uuid.UUID, *, today: datetime.date, hours: Hours) -> MealPage:
    """Return what is shown of a meal. Raise `NotFound` for one of another menu."""
    meal = menu.meal(meal_id)
    date = menu.date_of(meal)
    that_day = [one for one in menu.meals.values() if one.day == meal.day]
    snacks = [one.time for one in that_day if one.slot == "snack"]
    dates = (menu.start_date + datetime.timedelta(days=number) for number in range(menu.days))
    return MealPage(
        menu_id=menu.id,
        version=menu.version,
        start_date=menu.start_date,
        days=menu.days,
        meal=meal,
        date=date,
        occasion=f"{label(meal.slot)} on {day(date)}",
        past=date < today,
        dates=tuple((one.isoformat(), day(one)) for one in dates if one >= today),
        slots=tuple(dict.fromkeys((one.slot, label(one.slot)) for one in that_day)),
        times=tuple((f"{time:%H:%M}", clock(time, hours)) for time in snacks) if len(snacks) > 1 else (),
    )
