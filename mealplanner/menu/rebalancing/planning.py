"""Which meals of a menu may be planned again, and what is served there then. Pure.

What is kept, cooked, eaten or skipped stays, and so does what was eaten before now, ticked or not.
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
from mealplanner.planner.plan import NothingFits
from mealplanner.planner.replanning import replan_around
from mealplanner.presentation.formatting import date_range
from mealplanner.recipes.assembly import planner_dishes

BALANCED = "This day is balanced as it is, so nothing was changed."
NOTHING_OPEN = "Every meal there is kept, cooked, eaten or skipped, so there is nothing left to balance."


def open_meals(menu: OpenMenu, *, date: datetime.date | None, now: datetime.datetime) -> Sequence[PlacedMeal]:
    """Return the meals of `date`, or of the rest of the menu, that may be planned again. `now` is local time.

    Raise `Refused` when there is none.
    """
    if date is not None:
        _require_day(menu, date, now.date())
    here = now.replace(tzinfo=None)
    found = [
        meal
        for meal in menu.meals.values()
        if date in (None, menu.date_of(meal)) and datetime.datetime.combine(menu.date_of(meal), meal.time) >= here
        if meal.day not in menu.elsewhere
        if not meal.locked and meal.skipped is None and meal.eaten_at is None and meal.cooked_at is None
    ]
    if not found:
        raise Refused(NOTHING_OPEN, "day")
    return found


def balanced(
    kitchen: Kitchen,
    meals: Sequence[PlacedMeal],
    *,
    checkpoint: Callable[[int, int], None] = lambda _step, _steps: None,
) -> Mapping[uuid.UUID, Serving]:
    """Return what to serve at `meals` of a menu, around all others. Raise `Refused` when no dish suits the person."""
    own = planner_dishes(kitchen.own)
    dishes = {**recipes_by_id(), **own}
    request = request_of(kitchen, own)
    places = {(meal.day, meal.position): meal.id for meal in meals}
    days, foods = standing_days(kitchen, request), load_catalogue().foods
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


def _require_day(menu: OpenMenu, date: datetime.date, today: datetime.date) -> None:
    if not 0 <= (date - menu.start_date).days < menu.days:
        raise Refused(f"Choose a day of this menu, which is for {date_range(menu.start_date, menu.days)}.", "day")
    if date < today:
        raise DayOver(date, "day")
