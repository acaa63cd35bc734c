"""The meals that a person usually eats: they stand before the others are planned, and no rule of variety binds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mealplanner.planner.limits import Breach
from mealplanner.planner.model import PlanRequest, Slot
from mealplanner.planner.pool import Dish
from mealplanner.planner.results import PlannedMeal
from mealplanner.planner.standing import Place, StandingDay


def usual_days(request: PlanRequest, dishes: Sequence[Dish], *, first: int, days: int) -> list[StandingDay]:
    """Return what stands on each of `days` days, the first of which is the day `first` of the plan.

    A usual meal whose dish is not among `dishes`, which are those that the request admits, does not stand.
    """
    by_slug = {dish.recipe.slug: dish for dish in dishes}
    slots = {name: place for place, name in reversed([*enumerate(slot.name for slot in request.slots)])}
    standing: list[dict[int, PlannedMeal]] = [{} for _ in range(days)]
    for (day, name), slug in request.usual.items():
        if first <= day < first + days and name in slots and slug in by_slug:
            slot = request.slots[slots[name]]
            if slot.kind in by_slug[slug].recipe.kinds:
                standing[day - first][slots[name]] = _served(by_slug[slug], slot, request.target.kcal)
    return [StandingDay(meals=meals) for meals in standing]


def open_places(request: PlanRequest, standing: Sequence[StandingDay]) -> list[Place]:
    """Return the places at which nothing stands."""
    slots = range(len(request.slots))
    return [(day, slot) for day, stands in enumerate(standing) for slot in slots if slot not in stands.meals]


def unexpected(found: Iterable[Breach], standing: Sequence[StandingDay]) -> tuple[Breach, ...]:
    """Return the breaches without those that come from a usual meal: one breakfast every day is what was wanted."""
    meals = [meal for day in standing for meal in day.meals.values()]
    wanted = {
        name
        for meal in meals
        for name in (
            *(meal.recipe.slug, meal.recipe.title, meal.recipe.main_protein),
            *(meal.recipe.cuisine, meal.slot.name),
        )
    }
    return tuple(
        breach
        for breach in found
        if breach.subject not in wanted
        and not (breach.rule == "minutes" and breach.day is not None and standing[breach.day].meals)
    )


def _served(dish: Dish, slot: Slot, kcal: float) -> PlannedMeal:
    """Return the dish in the portion that is nearest to the slot's share of the day."""
    norm = kcal * slot.share
    portion = min(dish.portions, key=lambda portion: (abs(dish.serving.kcal * portion - norm), portion))
    return PlannedMeal(slot=slot, recipe=dish.recipe, portion=portion, nutrients=dish.serving * portion)
