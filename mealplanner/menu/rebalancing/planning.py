"""Which meals of a menu may be planned again, and what is served there then. Pure.

What is kept, cooked, eaten or skipped stays, and so does what was eaten before now, ticked or not. A day that is on
target is left alone.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping, Sequence

from mealplanner.food.catalogue import load_catalogue, recipes_by_id
from mealplanner.menu.editing.decisions import Serving
from mealplanner.menu.editing.errors import DayOver, Refused
from mealplanner.menu.editing.offers import request_of, standing_days
from mealplanner.menu.editing.values import Kitchen, OpenMenu, PlacedMeal
from mealplanner.menu.rebalancing.values import DayOff
from mealplanner.planner.plan import NothingFits
from mealplanner.planner.replanning import replan_around
from mealplanner.planner.standing import shortfalls_of
from mealplanner.presentation.formatting import date_range
from mealplanner.recipes.assembly import planner_dishes

BALANCED = "This day is balanced as it is, so nothing was changed."
ALL_BALANCED = "Every day to come is on target, so nothing was changed."
NOTHING_OPEN = "Every meal there is kept, cooked, eaten or skipped, so there is nothing left to balance."


def open_meals(menu: OpenMenu, *, date: datetime.date | None, now: datetime.datetime) -> Sequence[PlacedMeal]:
    """Return the meals of `date`, or of the rest of the menu, that may be planned again. `now` is local time.

    Raise `Refused` when there is none.
    """
    if date is not None:
        _require_day(menu, date, now.date())
    found = [meal for meal in menu.meals.values() if date in (None, menu.date_of(meal)) and _is_open(menu, meal, now)]
    if not found:
        raise Refused(NOTHING_OPEN, "day")
    return found


def days_off_target(kitchen: Kitchen, *, now: datetime.datetime) -> Sequence[DayOff]:
    """Return the days of the menu from today on that miss their target. `now` is local time."""
    menu = kitchen.menu
    request = request_of(kitchen, {})
    found = []
    for day, standing in enumerate(standing_days(kitchen, request)):
        date = menu.start_date + datetime.timedelta(days=day)
        if date < now.date() or day in menu.elsewhere or not any(shortfalls_of(request, day, standing)):
            continue
        meals = [meal for meal in menu.meals.values() if meal.day == day]
        may_change = tuple(meal for meal in meals if _is_open(menu, meal, now))
        stays = tuple(meal for meal in meals if meal not in may_change)
        found.append(DayOff(date=date, may_change=may_change, stays=stays))
    return found


def balanced(
    kitchen: Kitchen,
    meals: Sequence[PlacedMeal],
    *,
    checkpoint: Callable[[int, int], None] = lambda _step, _steps: None,
) -> Mapping[uuid.UUID, Serving]:
    """Return what to serve at those of `meals` whose days miss their target, around all others.

    It is empty when none does. Raise `Refused` when no dish suits the person.
    """
    own = planner_dishes(kitchen.own)
    dishes = {**recipes_by_id(), **own}
    request = request_of(kitchen, own)
    days, foods = standing_days(kitchen, request), load_catalogue().foods
    off = {day for day in {meal.day for meal in meals} if any(shortfalls_of(request, day, days[day]))}
    places = {(meal.day, meal.position): meal.id for meal in meals if meal.day in off}
    if not places:
        return {}
    try:
        found = replan_around(request, days, places, list(dishes.values()), foods, checkpoint=checkpoint)
    except NothingFits as error:
        raise Refused(" ".join(error.advice)) from error
    ids = {dish.slug: id_ for id_, dish in dishes.items()}
    return {
        places[place]: Serving(
            recipe_id=ids[meal.recipe.slug],
            title=meal.recipe.title,
            portion=meal.portion,
            nutrients=meal.nutrients,
        )
        for place, meal in found.meals.items()
    }


def _is_open(menu: OpenMenu, meal: PlacedMeal, now: datetime.datetime) -> bool:
    to_come = datetime.datetime.combine(menu.date_of(meal), meal.time) >= now.replace(tzinfo=None)
    free = not meal.locked and meal.skipped is None and meal.eaten_at is None and meal.cooked_at is None
    return to_come and free and meal.day not in menu.elsewhere


def _require_day(menu: OpenMenu, date: datetime.date, today: datetime.date) -> None:
    if not 0 <= (date - menu.start_date).days < menu.days:
        raise Refused(f"Choose a day of this menu, which is for {date_range(menu.start_date, menu.days)}.", "day")
    if date < today:
        raise DayOver(date, "day")
