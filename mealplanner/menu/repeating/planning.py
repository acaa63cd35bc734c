"""What is served once more: a week in a menu of its own, or a day on another day of its menu. Pure."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Mapping
from typing import Final

from mealplanner.food.catalogue import load_catalogue, recipes_by_id
from mealplanner.menu.editing.decisions import Serving
from mealplanner.menu.editing.errors import Refused
from mealplanner.menu.editing.proof import why_not
from mealplanner.menu.editing.values import Kitchen, OpenMenu, PlacedMeal
from mealplanner.menu.generation.content import MenuContent, menu_content
from mealplanner.menu.generation.plan_request import request_for, with_own_dishes
from mealplanner.planner.model import Nutrients, PlanRequest, Recipe
from mealplanner.planner.nutrition import nutrients
from mealplanner.planner.plan import NothingFits
from mealplanner.planner.portions import reportioned
from mealplanner.planner.replanning import replan_around
from mealplanner.planner.results import Plan, PlannedDay, PlannedMeal
from mealplanner.planner.standing import StandingDay, shortfalls_of
from mealplanner.presentation.formatting import date_range, day
from mealplanner.recipes.assembly import planner_dishes

WEEK: Final = 7
"""How many days of a menu are repeated at most: its last."""


def repeated_week(kitchen: Kitchen) -> MenuContent:
    """Return the content of a menu with the dishes of the last week of another one, by the preferences of now.

    A dish that does not suit any more is replaced and named. Where a day is not on target, as when the target has
    changed, its portions change. Raise `Refused` when no dish at all suits at some place.
    """
    catalogue, own = load_catalogue(), planner_dishes(kitchen.own)
    dishes = {**planner_dishes(kitchen.dishes), **recipes_by_id()}
    request = with_own_dishes(request_for(kitchen.inputs, catalogue.foods), own, favoured=())
    numbers = range(max(kitchen.menu.days - WEEK, 0), kitchen.menu.days)
    lost: dict[str, None] = {}
    served = [[meal for meal in kitchen.menu.meals.values() if meal.day == number] for number in numbers]
    days = [_on_target(request, _same_day(meals, at, request, dishes, lost)) for at, meals in enumerate(served)]
    gaps = [(at, slot) for at, one in enumerate(days) for slot in range(len(request.slots)) if slot not in one.meals]
    try:
        filled = replan_around(request, days, gaps, [*recipes_by_id().values(), *own.values()], catalogue.foods).meals
    except NothingFits as error:
        raise Refused(" ".join(error.advice)) from error
    planned = [
        PlannedDay(meals=tuple(one.meals.get(slot) or filled[at, slot] for slot in range(len(request.slots))))
        for at, one in enumerate(days)
    ]
    return menu_content(
        Plan(days=tuple(planned)),
        kitchen.inputs.preferences,
        catalogue,
        user_id=kitchen.menu.user_id,
        notices=[f"“{title}” does not suit you any more, so there is another dish in its place." for title in lost],
    )


def copied_day(menu: OpenMenu, *, source: datetime.date, to: datetime.date) -> Mapping[uuid.UUID, Serving]:
    """Return what to serve on the day `to`: at each place what stands there on `source`, in the same portion.

    A place that is skipped on either day stays as it is. Raise `Refused` for days that the menu does not have, or that
    are one and the same.
    """
    for name, date in (("from", source), ("to", to)):
        if not 0 <= (date - menu.start_date).days < menu.days:
            raise Refused(f"Choose a day of this menu, which is for {date_range(menu.start_date, menu.days)}.", name)
    if source == to:
        raise Refused(f"Choose another day than {day(source)} itself.", "to")
    places = {meal.position: meal for meal in menu.meals.values() if menu.date_of(meal) == source}
    return {
        meal.id: Serving(
            recipe_id=same.recipe_id,
            title=same.title,
            portion=same.portion,
            nutrients=Nutrients(same.kcal, same.protein_g, same.carbohydrate_g, same.fat_g),
        )
        for meal in menu.meals.values()
        if menu.date_of(meal) == to and meal.skipped is None
        for same in (places.get(meal.position),)
        if same is not None and same.skipped is None
    }


def _same_day(
    served: list[PlacedMeal], day: int, request: PlanRequest, dishes: Mapping[uuid.UUID, Recipe], lost: dict[str, None]
) -> StandingDay:
    """Return what was `served` and suits a day of the new menu, at the meals that the person has now.

    The titles of the other dishes go to `lost`.
    """
    return StandingDay(meals=dict(_same_meals(served, day, request, dishes, lost)))


def _same_meals(
    served: list[PlacedMeal], day: int, request: PlanRequest, dishes: Mapping[uuid.UUID, Recipe], lost: dict[str, None]
) -> Iterator[tuple[int, PlannedMeal]]:
    foods = load_catalogue().foods
    for at, slot in enumerate(request.slots):
        meal = next((meal for meal in served if meal.slot == slot.name), None)
        if meal is None:
            continue
        served.remove(meal)
        dish = dishes[meal.recipe_id]
        if why_not(dish, request, foods) or day in request.barred.get(dish.slug, ()):
            lost[meal.title] = None
        else:
            eaten = nutrients(dish, foods) * meal.portion
            yield at, PlannedMeal(slot=slot, recipe=dish, portion=meal.portion, nutrients=eaten)


def _on_target(request: PlanRequest, one: StandingDay) -> StandingDay:
    whole = len(one.meals) == len(request.slots)
    if not whole or not any(shortfalls_of(request, 0, one)):
        return one
    return StandingDay(meals=reportioned(request, one, one.meals))
