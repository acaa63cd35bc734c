"""From dishes to weeks: one search after the other, each with the memory of the weeks before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from operator import itemgetter
from typing import Final

import numpy as np

from mealplanner.planner.connecting import connect
from mealplanner.planner.liking import own_points, tastes
from mealplanner.planner.limits import WEEK, Breach, Limits, breaches, week_limits
from mealplanner.planner.model import FIGURES, TOLERANCE, Nutrients, PlanRequest
from mealplanner.planner.pool import Dish
from mealplanner.planner.problem import Problem, state_problem
from mealplanner.planner.results import PlannedDay, PlannedMeal, Shortfall
from mealplanner.planner.scoring import Scoring
from mealplanner.planner.search import Effort
from mealplanner.planner.standing import StandingDay
from mealplanner.planner.usual import open_places, unexpected, usual_days
from mealplanner.planner.week import Choice

_SCORING: Final = Scoring()
_EFFORT: Final = Effort()
_SKETCH: Final = Effort(rounds=4, days=12, width=2_000, branches=1)


def plan_weeks(
    request: PlanRequest, dishes: Sequence[Dish], checkpoint: Callable[[int, int], None]
) -> tuple[tuple[PlannedDay, ...], list[tuple[Limits, tuple[Breach, ...]]]]:
    """Plan the days of `request` out of `dishes`; return them with the limits of each week and those it breaks."""
    rng = np.random.default_rng(request.seed)
    taste, eaten = tastes(dishes, rng), _eaten(request)
    days: list[PlannedDay] = []
    weeks: list[tuple[Limits, tuple[Breach, ...]]] = []
    steps = _EFFORT.rounds * -(-request.days // WEEK)
    while len(days) < request.days:
        length = min(WEEK, request.days - len(days))
        attempts = _attempts(request, dishes, taste, eaten, len(days))
        step = _counting(checkpoint, len(weeks) * _EFFORT.rounds, steps)
        week, limits = _plan_week(request, len(days), length, dishes, attempts, step, _EFFORT)
        standing = usual_days(request, dishes, first=len(days), days=length)
        weeks.append((limits, unexpected(breaches(week, limits, request.target.kcal), standing)))
        for number, day in enumerate(week, start=len(days)):
            eaten.update((meal.recipe.slug, number) for meal in day.meals)
        days += week
    return tuple(days), weeks


def sketch(request: PlanRequest, dishes: Sequence[Dish], days: int, checkpoint: Callable[[], None]) -> list[PlannedDay]:
    """Plan `days` (1-7) once, with less effort than usual and nothing favoured.

    It answers whether a request can be met at a fraction of a plan's cost.
    """
    rng = np.random.default_rng(request.seed)
    attempts = _attempts(request, dishes, tastes(dishes, rng), _eaten(request), 0)
    return _plan_week(request, 0, days, dishes, attempts[-1:], checkpoint, _SKETCH)[0]


def week_problem(request: PlanRequest, dishes: Sequence[Dish]) -> Problem:
    """Return the problem that is the first week of `request`."""
    days = min(WEEK, request.days)
    points = _attempts(request, dishes, tastes(dishes, np.random.default_rng(request.seed)), _eaten(request), 0)[0]
    standing = usual_days(request, dishes, first=0, days=days)
    limits, places = week_limits(request, days, dishes), open_places(request, standing)
    return state_problem(request, days, dishes, limits, points, _SCORING, standing=standing, places=places)


def shortfalls(days: Sequence[PlannedDay], target: Nutrients) -> tuple[Shortfall, ...]:
    """Return the figures of `days` that lie outside the tolerance, in order of the days."""
    return tuple(
        Shortfall(day=number, nutrient=nutrient, target=aim, actual=actual)
        for number, day in enumerate(days)
        for totals in (day.totals,)
        for nutrient in FIGURES
        for aim, actual in ((getattr(target, nutrient), getattr(totals, nutrient)),)
        if abs(actual - aim) > TOLERANCE * aim
    )


def _eaten(request: PlanRequest) -> dict[str, int]:
    """Return the day on which each dish was eaten last, counted from the first day of the plan."""
    return {slug: -days_ago for slug, days_ago in request.recent.items()}


def _counting(checkpoint: Callable[[int, int], None], first: int, steps: int) -> Callable[[], None]:
    """Count the steps of a week from `first`; a week that is planned again stays at its last step."""
    numbers = count(first)
    last = first + _EFFORT.rounds - 1
    return lambda: checkpoint(min(next(numbers), last), steps)


def _plan_week(
    request: PlanRequest,
    first: int,
    days: int,
    dishes: Sequence[Dish],
    attempts: Sequence[Mapping[str, float]],
    checkpoint: Callable[[], None],
    effort: Effort,
) -> tuple[list[PlannedDay], Limits]:
    found = []
    standing = usual_days(request, dishes, first=first, days=days)
    places = open_places(request, standing)
    limits = week_limits(request, days, dishes, first=first)
    for points in attempts:
        problem = state_problem(request, days, dishes, limits, points, _SCORING, standing=standing, places=places)
        week = _serve(request, problem, standing, connect(problem, effort=effort, checkpoint=checkpoint))
        found.append((len(shortfalls(week, request.target)), week))
        if not found[-1][0]:
            break
    return min(found, key=itemgetter(0))[1], limits


def _attempts(
    request: PlanRequest, dishes: Sequence[Dish], taste: Mapping[str, float], eaten: Mapping[str, int], today: int
) -> list[Mapping[str, float]]:
    """Return what each dish costs, for each attempt at the week that begins `today`.

    Where the first week misses a target although a dish is favoured, favour gives way in a second.
    """
    points = {
        dish.recipe.slug: own_points(
            request,
            dish,
            taste=taste,
            days_ago=today - eaten[dish.recipe.slug] if dish.recipe.slug in eaten else None,
            scoring=_SCORING,
        )
        for dish in dishes
    }
    wanted = {slug for slug in request.favoured if eaten.get(slug, -1) < 0}
    keen = {slug: cost - _SCORING.favour[request.habits.use_up] * (slug in wanted) for slug, cost in points.items()}
    return [keen, points] if wanted else [points]


def _serve(request: PlanRequest, problem: Problem, standing: Sequence[StandingDay], choice: Choice) -> list[PlannedDay]:
    """Return the days with what stands there and what was chosen for the other places."""
    return [
        PlannedDay(
            meals=tuple(
                day.meals[place] if place in day.meals else _chosen(request, problem, place, option)
                for place, option in enumerate(row)
            )
        )
        for day, row in zip(standing, choice, strict=True)
    ]


def _chosen(request: PlanRequest, problem: Problem, place: int, option: int) -> PlannedMeal:
    options = problem.slots[place]
    dish, portion = problem.dishes[options.dish[option]], float(options.portion[option])
    return PlannedMeal(slot=request.slots[place], recipe=dish.recipe, portion=portion, nutrients=dish.serving * portion)
