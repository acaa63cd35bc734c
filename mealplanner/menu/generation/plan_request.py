"""From a person's preferences to what the planner is asked for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mealplanner.food.match import match_foods
from mealplanner.planner.limits import WEEK, demand
from mealplanner.planner.model import Food, PlanRequest
from mealplanner.planner.targets import daily_target, day_slots, minutes_per_meal
from mealplanner.preferences.values import Preferences


def plan_request(
    preferences: Preferences,
    foods: Mapping[str, Food],
    *,
    days: int,
    seed: int,
    recent: Mapping[str, int],
    ratings: Mapping[str, int],
    favoured: frozenset[str] = frozenset(),
) -> PlanRequest:
    """The request for `days` days; `recent` maps the slug of a recipe to how many days ago it was eaten, `ratings` to
    what the person thinks of it, and `favoured` are the slugs of those that are to be served."""
    return PlanRequest(
        target=daily_target(preferences.calorie_goal, *macros(preferences)),
        slots=day_slots(preferences.meal_times, preferences.snacks_per_day),
        days=days,
        seed=seed,
        diet=preferences.diet_type,
        restrictions=frozenset(preferences.dietary_restrictions),
        disliked_foods=_disliked(preferences.disliked_ingredients, foods),
        cuisines=frozenset(preferences.recipe_type),
        appliances=frozenset(preferences.appliances),
        minutes_per_meal=minutes_per_meal(preferences.prep_complexity),
        recent=recent,
        favoured=favoured,
        ratings=ratings,
    )


def dishes_wanted(request: PlanRequest, most: int) -> dict[str, int]:
    """How many dishes of each kind a model is asked for, `most` in all: what the first week needs, or each kind's share
    of that."""
    kinds = sorted({slot.kind for slot in request.slots})
    needs = {kind: demand(request, kind, min(request.days, WEEK)) for kind in kinds}
    wanted = dict.fromkeys(kinds, 0)
    for _ in range(min(most, sum(needs.values()))):
        wanted[max(kinds, key=lambda kind: needs[kind] / (wanted[kind] + 1))] += 1
    return wanted


def macros(preferences: Preferences) -> tuple[int, int, int]:
    """Protein, carbohydrate and fat in percent of energy."""
    return preferences.macro_protein, preferences.macro_carbs, preferences.macro_fat


def _disliked(texts: Iterable[str], foods: Mapping[str, Food]) -> frozenset[str]:
    return frozenset[str]().union(*(match_foods(text, foods) for text in texts))
