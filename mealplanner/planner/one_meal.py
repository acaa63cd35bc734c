"""Change one meal: every dish in every portion is weighed for one place, and nothing else changes.

What counts is what counts in a search: the day's figures and minutes, the week's rules, what the person likes and
what they ate lately.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mealplanner.planner.liking import own_points, tastes
from mealplanner.planner.limits import WEEK, Limits, week_limits
from mealplanner.planner.model import Food, Nutrients, PlanRequest, Recipe
from mealplanner.planner.nutrition import nutrients
from mealplanner.planner.pool import Dish, open_pool
from mealplanner.planner.portions import best_portion
from mealplanner.planner.problem import state_problem
from mealplanner.planner.results import PlannedMeal, Shortfall
from mealplanner.planner.scoring import Scoring
from mealplanner.planner.standing import Place, StandingDay, cleared, shortfalls_of
from mealplanner.planner.week import Week

MOST: Final = 6
"""How many alternatives are offered at most."""

LEAST: Final = 3
"""With fewer dishes than these on target, those that miss it are offered too."""

_SCORING: Final = Scoring()

_NEAREST: Final = 240
"""Alternatives are chosen among so many dishes with the fewest points."""

_ALIKE: Final = 12.0
"""Points for each alternative already chosen with the same main protein, and as many for the same cuisine."""

_GOOD: Final = 15.0
"""How many points a surprise may cost more than the best dish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in a menu, with all that bears on what may be served there."""

    request: PlanRequest
    """What the days should be like, and what may be served at all."""
    days: Sequence[StandingDay]
    """All days of the menu."""
    place: Place
    foods: Mapping[str, Food]

    @property
    def day(self) -> StandingDay:
        """The day of the place."""
        return self.days[self.place[0]]

    @property
    def there(self) -> PlannedMeal | None:
        """The meal that stands at the place now."""
        return self.day.meals.get(self.place[1])

    @property
    def week(self) -> range:
        """The days that share the rules of a week with the place: each seven of the menu, from its first day."""
        first = self.place[0] // WEEK * WEEK
        return range(first, min(first + WEEK, len(self.days)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A dish that could stand at a place, in the portion with the fewest points."""

    points: float
    dish: Dish
    portion: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A dish and portion that could stand at a place, and what they do to the day."""

    recipe: Recipe
    portion: float
    nutrients: Nutrients
    """Of the portion."""
    day: Nutrients
    """What the day's meals hold together with it."""
    shortfalls: tuple[Shortfall, ...]
    """The day's figures that lie outside the tolerance with it; empty when the day is on target."""
    minutes: int
    """How many more than the meal that stands there; negative when it is quicker, all where nothing stands."""
    liked: bool
    """Whether it is a favourite."""
    shared: tuple[str, ...]
    """Ids of foods that spoil and are in other meals of the week too, the heaviest first."""


def weigh(spot: Spot, recipes: Sequence[Recipe]) -> tuple[Ranked, ...]:
    """Return every dish of `recipes` that the request admits and that could stand at `spot`, the best first.

    The dish that stands there is not among them. Nothing is returned that one of the request's filters refuses, or that
    would have had to be begun on a day that is over.
    """
    there = spot.there.recipe.slug if spot.there else None
    number, slot = spot.place
    dishes = [
        dish
        for dish in open_pool(spot.request, recipes, spot.foods).admitted()
        if dish.recipe.slug != there and not spot.request.is_late_for(dish.recipe, number)
    ]
    place = number - spot.week.start, slot
    week = [spot.days[day] for day in spot.week]
    problem = state_problem(
        spot.request,
        len(week),
        dishes,
        _any_size(week_limits(spot.request, len(week), dishes, first=spot.week.start), slot),
        points_beside(spot.request, dishes, spot.days, spot.week),
        _SCORING,
        standing=week,
        places=[place],
    )
    board, options = Week(problem), problem.slots[slot]
    points = board.own_points(place) + board.day_points(place) + board.shared_points(place)
    best: dict[int, int] = {}
    for option in np.argsort(points, kind="stable").tolist():
        best.setdefault(int(options.dish[option]), option)
    return tuple(
        Ranked(points=float(points[option]), dish=problem.dishes[dish], portion=float(options.portion[option]))
        for dish, option in best.items()
    )


def alternatives(spot: Spot, ranked: Sequence[Ranked]) -> tuple[Alternative, ...]:
    """Return up to `MOST` of the `ranked` dishes, the best first, with main proteins and cuisines that vary.

    All of them keep the day on target and the week within its rules, unless fewer than `LEAST` dishes do.
    """
    left = [(one.points, offer(spot, one.dish.recipe, one.portion)) for one in ranked[:_NEAREST]]
    good = [(points, offered) for points, offered in left if points < _SCORING.breach and not offered.shortfalls]
    left = good if len(good) >= LEAST else left
    chosen: list[Alternative] = []
    proteins, cuisines = Counter[str](), Counter[str]()
    while left and len(chosen) < MOST:
        costs = [
            points + _ALIKE * (proteins[offered.recipe.main_protein] + cuisines[offered.recipe.cuisine])
            for points, offered in left
        ]
        _, offered = left.pop(costs.index(min(costs)))
        proteins[offered.recipe.main_protein] += 1
        cuisines[offered.recipe.cuisine] += 1
        chosen.append(offered)
    return tuple(chosen)


def surprise(spot: Spot, ranked: Sequence[Ranked], rng: random.Random) -> Alternative | None:
    """Draw one of the `ranked` dishes that are about as good as the best; None when there is none."""
    good = [one for one in ranked if one.points <= ranked[0].points + _GOOD]
    if not good:
        return None
    drawn = rng.choice(good)
    return offer(spot, drawn.dish.recipe, drawn.portion)


def offer(spot: Spot, recipe: Recipe, portion: float | None = None) -> Alternative:
    """Return what `recipe` does at `spot` in `portion`, or else in its best one, whether the request admits it or not.

    Raise `KeyError`, naming the food id, when one of its ingredients is not in the food table.
    """
    number, slot = spot.place
    serving = nutrients(recipe, spot.foods)
    if portion is None:
        portion = best_portion(spot.request, spot.day, slot, recipe, serving)
    meal = PlannedMeal(slot=spot.request.slots[slot], recipe=recipe, portion=portion, nutrients=serving * portion)
    others = cleared(spot.day, [slot])
    after = replace(others, meals={**others.meals, slot: meal})
    return Alternative(
        recipe=recipe,
        portion=portion,
        nutrients=meal.nutrients,
        day=after.totals,
        shortfalls=tuple(shortfalls_of(spot.request, number, after)),
        minutes=recipe.minutes - (spot.there.recipe.minutes if spot.there else 0),
        liked=spot.request.ratings.get(recipe.slug, 0) > 0,
        shared=_shared(spot, recipe),
    )


def points_beside(
    request: PlanRequest, dishes: Sequence[Dish], days: Sequence[StandingDay], week: range
) -> dict[str, float]:
    """Return what each dish costs by itself on the days of `week`, by slug; those before and after are remembered."""
    taste = tastes(dishes, np.random.default_rng(request.seed))
    apart = {slug: week.start + days_ago for slug, days_ago in request.recent.items()}
    for number, day in enumerate(days):
        if number not in week:
            distance = max(week.start - number, number - week[-1])
            for meal in day.meals.values():
                apart[meal.recipe.slug] = min(distance, apart.get(meal.recipe.slug, distance))
    return {
        slug: own_points(request, dish, taste=taste, days_ago=apart.get(slug), scoring=_SCORING)
        for dish in dishes
        for slug in (dish.recipe.slug,)
    }


def _any_size(limits: Limits, slot: int) -> Limits:
    """Let a meal at `slot` have any size: what the day's other meals leave decides, and not the slot's usual share."""
    windows = [math.inf if at == slot else window for at, window in enumerate(limits.windows)]
    return replace(limits, windows=tuple(windows))


def _shared(spot: Spot, recipe: Recipe) -> tuple[str, ...]:
    number, slot = spot.place
    others = {
        item.food_id
        for day in spot.week
        for at, meal in spot.days[day].meals.items()
        if (day, at) != (number, slot)
        for item in meal.recipe.ingredients
    }
    goods = spot.request.goods
    spoiling = [item for item in recipe.ingredients if item.food_id in goods and goods[item.food_id].spoils]
    shared = sorted((item for item in spoiling if item.food_id in others), key=lambda item: -item.grams)
    return tuple(dict.fromkeys(item.food_id for item in shared))
