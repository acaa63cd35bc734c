"""From a person's preferences to a request for the planner, and for dishes from a model. Pure."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.goods import all_goods
from mealplanner.food.match import read_dislikes
from mealplanner.larder.soon import bonuses
from mealplanner.menu.generation.inputs import GenerationInputs
from mealplanner.menu.usual.values import usual_places
from mealplanner.planner.habits import LEVELS, Habits
from mealplanner.planner.limits import WEEK, demand
from mealplanner.planner.model import Food, PlanRequest, Recipe
from mealplanner.planner.targets import daily_target, day_slots, minutes_per_meal
from mealplanner.preferences.values import HABITS, Preferences
from mealplanner.presentation.formatting import weekday_name
from mealplanner.recipes.opinions.values import TOO_LONG, barred_days, with_opinion


def request_for(inputs: GenerationInputs, foods: Mapping[str, Food]) -> PlanRequest:
    """Return the request for the menu of `inputs`."""
    request = plan_request(
        inputs.preferences,
        foods,
        days=len(inputs.days),
        seed=inputs.seed,
        recent=inputs.recent,
        ratings=inputs.ratings,
    )
    usually = minutes_per_meal(inputs.preferences.prep_complexity)
    return replace(
        request,
        minutes_per_meal=usually,
        minutes_on=_minutes_on(inputs.preferences, inputs.dates),
        too_long=with_opinion(inputs.opinions, TOO_LONG),
        barred=barred_days(inputs.opinions, inputs.dates),
        usual=usual_places(inputs.usual, inputs.dates),
        bonus=bonuses(inputs.to_use, load_catalogue().recipes, servings=inputs.preferences.servings_per_meal),
        day_names=tuple(_day_names(inputs)),
    )


def _day_names(inputs: GenerationInputs) -> Iterator[str]:
    """Yield `Tuesday`, or `Tuesday of week 2` in a menu that is longer than a week."""
    for day, date in zip(inputs.days, inputs.dates, strict=True):
        week = f" of week {day // WEEK + 1}" if inputs.days[-1] >= WEEK else ""
        yield weekday_name(date) + week


def plan_request(
    preferences: Preferences,
    foods: Mapping[str, Food],
    *,
    days: int,
    seed: int,
    recent: Mapping[str, int],
    ratings: Mapping[str, int],
) -> PlanRequest:
    """Return the request for `days` days.

    `recent` maps the slug of a dish to how many days ago it was eaten, `ratings` to what the person thinks of it.
    The dates are not known, so a meal may take as long as on the weekday that has most time.
    """
    dislikes = read_dislikes(preferences.disliked_ingredients, foods)
    return PlanRequest(
        target=daily_target(preferences.calorie_goal, *macros(preferences)),
        slots=day_slots(preferences.meal_times, preferences.snacks_per_day),
        days=days,
        seed=seed,
        diet=preferences.diet_type,
        restrictions=frozenset(preferences.dietary_restrictions),
        disliked_foods=dislikes.foods,
        dislikes={part.text: frozenset(part.leaves_out) for part in dislikes.parts if part.understood},
        cuisines=frozenset(preferences.recipe_type),
        meat_or_fish=preferences.meat_or_fish,
        day_limits=preferences.limits_of_a_day(),
        appliances=frozenset(preferences.appliances),
        minutes_per_meal=max(
            minutes_per_meal(preferences.prep_complexity), *preferences.minutes_by_weekday.values(), 0
        ),
        servings=preferences.servings_per_meal,
        goods=all_goods(),
        habits=Habits(*(LEVELS.index(getattr(preferences, habit)) for habit in HABITS)),
        recent=recent,
        ratings=ratings,
    )


def _minutes_on(preferences: Preferences, dates: Sequence[datetime.date]) -> dict[int, int]:
    """Return the days whose meals may take longer or less long than usual, by their place in `dates`."""
    usually = minutes_per_meal(preferences.prep_complexity)
    minutes = {number: preferences.minutes_on(date) for number, date in enumerate(dates)}
    return {number: allowed for number, allowed in minutes.items() if allowed != usually}


def with_own_dishes(
    request: PlanRequest, own: Mapping[uuid.UUID, Recipe], *, favoured: Collection[uuid.UUID]
) -> PlanRequest:
    """Return `request` for a person who has dishes of their `own`, by id, of which the `favoured` are to be served.

    A dish of their own counts as liked until they rate it.
    """
    return replace(
        request,
        favoured=frozenset(own[id_].slug for id_ in favoured if id_ in own),
        ratings={**{dish.slug: 1 for dish in own.values()}, **request.ratings},
    )


def dishes_wanted(request: PlanRequest, most: int) -> dict[str, int]:
    """Return how many dishes of each kind to ask a model for, at most `most` in all.

    That is what the first week needs, or each kind's share of it.
    """
    kinds = sorted({slot.kind for slot in request.slots})
    needs = {kind: demand(request, kind, min(request.days, WEEK)) for kind in kinds}
    wanted = dict.fromkeys(kinds, 0)
    for _ in range(min(most, sum(needs.values()))):
        wanted[max(kinds, key=lambda kind: needs[kind] / (wanted[kind] + 1))] += 1
    return wanted


def macros(preferences: Preferences) -> tuple[int, int, int]:
    """Return protein, carbohydrate and fat in percent of energy."""
    return preferences.macro_protein, preferences.macro_carbs, preferences.macro_fat
