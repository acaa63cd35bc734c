"""Why a usual meal is not on a menu, in sentences. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping

from mealplanner.food.suitability import unsuitable
from mealplanner.food.table import load_foods
from mealplanner.food.wording import inside_a_sentence
from mealplanner.menu.usual.values import WEEKDAYS, Usual
from mealplanner.planner.model import SNACK, PlanRequest, Recipe
from mealplanner.planner.preference_changes import listed
from mealplanner.planner.targets import MEALS
from mealplanner.presentation.formatting import label


def usual_notices(
    usual: Iterable[Usual], dates: Iterable[datetime.date], request: PlanRequest, dishes: Iterable[Recipe]
) -> list[str]:
    """Return a sentence for each usual meal that the menu of `request`, which is for `dates`, leaves out."""
    weekdays = {date.weekday() for date in dates}
    by_slug = {dish.slug: dish for dish in dishes}
    return [
        f"Your usual {inside_a_sentence(when(meal.slot, meal.weekdays & weekdays))} is not on this menu"
        f"{f' (“{by_slug[meal.slug].title}”)' if meal.slug in by_slug else ''}. {reason}"
        for meal in usual
        if meal.weekdays & weekdays and (reason := refusal(meal.slot, by_slug.get(meal.slug), request))
    ]


def refusal(slot: str, dish: Recipe | None, request: PlanRequest) -> str | None:
    """Return why `request` does not serve `dish` in `slot`, as a sentence; None when it does."""
    if dish is None:
        return "The dish is neither in the catalogue nor among yours any more."
    if slot not in {place.name for place in request.slots}:
        return f"You have no {slot} in your day."
    if MEALS.get(slot, SNACK) not in dish.kinds:
        return f"It is no {slot} any more."
    found = unsuitable(dish, request, load_foods())
    return found.reason if found is not None else None


def when(slot: str, weekdays: Collection[int]) -> str:
    """Return `Breakfast on Tuesday and Thursday`, `Breakfast every weekday`, and the like."""
    days = sorted(weekdays)
    return f"{label(slot)} {_NAMED.get(tuple(days)) or 'on ' + listed([label(WEEKDAYS[day]) for day in days])}"


_NAMED: Mapping[tuple[int, ...], str] = {
    tuple(range(7)): "every day",
    tuple(range(5)): "every weekday",
    (5, 6): "at the weekend",
}
