"""Which events the days of menus make. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from mealplanner.calendar.values import Entry, Revisions
from mealplanner.menu.preparation import Preparation, preparations
from mealplanner.menu.values import DayValue, MealValue, MenuValue
from mealplanner.presentation.formatting import duration, label, number, servings


def days_of(menus: Iterable[MenuValue], since: datetime.date) -> list[DayValue]:
    """Return the days of `menus` from `since` on, in order, each as the menu has it to which it belongs.

    The menus are given with the newest first, to which days belong that no menu has taken.
    """
    found: dict[datetime.date, DayValue] = {}
    for menu in menus:
        for day in menu.days:
            if day.replaced_by is None and day.date >= since:
                found.setdefault(day.date, day)
    return [found[date] for date in sorted(found)]


def entries(days: Sequence[DayValue], revisions: Revisions, *, zone: ZoneInfo, recipes: str) -> Iterator[Entry]:
    """Yield an event for each meal, and one for what is to be prepared the day before.

    Meals that are skipped make none. `recipes` is the address that all recipes begin with.
    """
    for day in days:
        for meal in day.meals:
            if meal.skipped is None:
                yield _eating(day.date, meal, revisions, zone, recipes)
    for one in preparations(days):
        yield _preparing(one, revisions, recipes)


def _eating(date: datetime.date, meal: MealValue, revisions: Revisions, zone: ZoneInfo, recipes: str) -> Entry:
    slot, link = label(meal.slot), f"{recipes}{meal.recipe.id}?meal={meal.id}"
    return Entry(
        uid=f"{meal.id}@mealplanner",
        start=datetime.datetime.combine(date, meal.time, zone),
        summary=f"{slot}: {meal.recipe.title}",
        description="\n".join((*_said_of(meal), link)),
        link=link,
        category=slot,
        revision=revisions[meal.id],
    )


def _said_of(meal: MealValue) -> Iterator[str]:
    numbers, eaters = meal.numbers, "1 person" if meal.servings == 1 else f"{meal.servings} people"
    yield (
        f"{number(numbers.kcal)} kcal, {number(numbers.protein_g)} g protein, "
        f"{number(numbers.carbohydrate_g)} g carbs, {number(numbers.fat_g)} g fat"
    )
    yield f"{servings(meal.portion)} each, for {eaters}"
    yield f"Takes {duration(meal.recipe.minutes)}"
    if meal.note:
        yield meal.note


def _preparing(one: Preparation, revisions: Revisions, recipes: str) -> Entry:
    link = f"{recipes}{one.recipe_id}?meal={one.meal_id}"
    return Entry(
        uid=f"{one.meal_id}-preparation@mealplanner",
        start=one.date,
        summary=f"For tomorrow: {one.dish}",
        description=f"{one.text}\n{link}",
        link=link,
        category="Preparation",
        revision=revisions[one.meal_id],
    )
