"""From a request to a plan: the planner's one entry point.

The order is what keeps people safe: first everything they ruled out is taken away, then the search runs on what is
left, and last every dish on the finished plan is proved again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from operator import itemgetter
from typing import Final

import numpy as np
from numpy.random import Generator

from mealplanner.planner.explain import advise, advise_empty, shortfalls
from mealplanner.planner.limits import WEEK, Breach, Limits, breaches, week_limits
from mealplanner.planner.model import Food, Plan, PlannedDay, PlannedMeal, PlanRequest, Recipe
from mealplanner.planner.pool import Dish, Pool, open_pool, rules
from mealplanner.planner.problem import Problem, shortlist, state_problem
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS, meal_refusal
from mealplanner.planner.scoring import Scoring
from mealplanner.planner.search import Effort, search
from mealplanner.planner.week import Choice

_SCORING: Final = Scoring()
_EFFORT: Final = Effort()


class NothingFits(ValueError):
    """There is no dish at all for some slot. `advice` says for which kind, and which filters to relax, with counts."""

    def __init__(self, advice: Sequence[str]) -> None:
        super().__init__(" ".join(advice))
        self.advice = tuple(advice)


def plan(
    request: PlanRequest,
    recipes: Sequence[Recipe],
    foods: Mapping[str, Food],
    *,
    checkpoint: Callable[[int, int], None] = lambda _step, _steps: None,
) -> Plan:
    """The plan for `request` out of `recipes`, whose ingredients are `foods`.

    The order of `recipes` does not matter, and equal arguments give equal plans. `checkpoint(step, steps)` is called
    several times a week of the plan with a rising `step`, and may raise to stop. Raises `NothingFits` when a slot has
    no dish at all, and `ValueError` for a request that asks for nothing sensible.
    """
    check(request)
    pool = open_pool(request, recipes, foods)
    if lacking := [kind for kind in sorted({slot.kind for slot in request.slots}) if not pool.admitted(kind)]:
        raise NothingFits(advise_empty(pool, foods, lacking))
    days, weeks = _plan_weeks(request, pool, checkpoint)
    _prove(request, days, foods)
    advice = advise(request, pool, foods, days, weeks)
    return Plan(days=days, shortfalls=shortfalls(days, request.target), advice=advice)


def check(request: PlanRequest) -> None:
    """Raises `ValueError`, saying what was expected, for a request that no plan can answer."""
    if request.days < 1:
        raise ValueError(f"expected at least one day, got {request.days}")
    if not request.slots:
        raise ValueError("expected at least one slot a day")
    if abs(sum(slot.share for slot in request.slots) - 1) > 1e-6:
        raise ValueError("expected the slots' shares to sum to one")
    if request.target.kcal <= 0:
        raise ValueError(f"expected a positive energy target, got {request.target.kcal:g} kcal")
    if request.seed < 0:
        raise ValueError(f"expected a seed that is not negative, got {request.seed}")
    if request.diet not in DIETS:
        raise ValueError(f"expected a diet among {', '.join(DIETS)}, got {request.diet!r}")
    if unknown := sorted(request.restrictions - RESTRICTIONS.keys() - DIETS.keys()):
        raise ValueError(f"expected restrictions among {', '.join(RESTRICTIONS)}, got {', '.join(unknown)}")


def _plan_weeks(
    request: PlanRequest, pool: Pool, checkpoint: Callable[[int, int], None]
) -> tuple[tuple[PlannedDay, ...], list[tuple[Limits, tuple[Breach, ...]]]]:
    rng = np.random.default_rng(request.seed)
    dishes = pool.admitted()
    taste = dict(zip((dish.recipe.slug for dish in dishes), rng.random(len(dishes)).tolist(), strict=True))
    eaten = {slug: -days_ago for slug, days_ago in request.recent.items()}
    days: list[PlannedDay] = []
    weeks: list[tuple[Limits, tuple[Breach, ...]]] = []
    steps = _EFFORT.chunks * -(-request.days // WEEK)
    while len(days) < request.days:
        length = min(WEEK, request.days - len(days))
        attempts = _attempts(request, dishes, taste, eaten, len(days))
        step = _counting(checkpoint, len(weeks) * _EFFORT.chunks, steps)
        week, limits = _plan_week(request, length, dishes, attempts, rng, step)
        weeks.append((limits, breaches(week, limits, request.target.kcal)))
        for number, day in enumerate(week, start=len(days)):
            eaten.update((meal.recipe.slug, number) for meal in day.meals)
        days += week
    return tuple(days), weeks


def _counting(checkpoint: Callable[[int, int], None], first: int, steps: int) -> Callable[[], None]:
    """Counts the steps of a week from `first`; one that needs a second look stays at its last."""
    numbers = count(first)
    last = first + _EFFORT.chunks - 1
    return lambda: checkpoint(min(next(numbers), last), steps)


def _plan_week(
    request: PlanRequest,
    days: int,
    dishes: Sequence[Dish],
    attempts: Sequence[tuple[float, Mapping[str, float]]],
    rng: Generator,
    checkpoint: Callable[[], None],
) -> tuple[list[PlannedDay], Limits]:
    found = []
    for weight, points in attempts:
        listed = shortlist(request, dishes, points, weight, rng)
        limits = week_limits(request, days, listed)
        problem = state_problem(request, days, listed, limits, points, _SCORING)
        week = _serve(request, problem, search(problem, rng, effort=_EFFORT, checkpoint=checkpoint))
        found.append((len(shortfalls(week, request.target)), week, limits))
        if not found[-1][0] or (len(listed) == len(dishes) and not request.favoured):
            break
    _, week, limits = min(found, key=itemgetter(0))
    return week, limits


def _attempts(
    request: PlanRequest, dishes: Sequence[Dish], taste: Mapping[str, float], eaten: Mapping[str, int], today: int
) -> list[tuple[float, Mapping[str, float]]]:
    """What a misfit weighs, and what each dish costs, each time that the week which begins `today` is planned.

    The next one is made when a week misses a target. Its shortlist fits better; in the last, favour gives way.
    """
    points = {dish.recipe.slug: _points(request, dish, taste, eaten, today) for dish in dishes}
    wanted = {slug for slug in request.favoured if eaten.get(slug, -1) < 0}
    keen = {slug: cost - _SCORING.favour * (slug in wanted) for slug, cost in points.items()}
    last = [(_SCORING.strict_misfit, points)] if wanted else []
    return [(_SCORING.misfit, keen), (_SCORING.strict_misfit, keen), *last]


def _points(
    request: PlanRequest, dish: Dish, taste: Mapping[str, float], eaten: Mapping[str, int], today: int
) -> float:
    """What a dish costs by itself in a week that begins `today`, favoured or not."""
    slug = dish.recipe.slug
    foreign = bool(request.cuisines) and dish.recipe.cuisine not in request.cuisines
    stale = _SCORING.staleness(today - eaten[slug] if slug in eaten else None)
    liked = request.ratings.get(slug, 0) > 0
    return taste[slug] * _SCORING.taste + foreign * _SCORING.cuisine + stale - liked * _SCORING.liking


def _serve(request: PlanRequest, problem: Problem, choice: Choice) -> list[PlannedDay]:
    return [
        PlannedDay(
            meals=tuple(
                PlannedMeal(slot=slot, recipe=dish.recipe, portion=portion, nutrients=dish.serving * portion)
                for slot, options, option in zip(request.slots, problem.slots, row, strict=True)
                for dish, portion in ((problem.dishes[options.dish[option]], float(options.portion[option])),)
            )
        )
        for row in choice
    ]


def _prove(request: PlanRequest, days: Sequence[PlannedDay], foods: Mapping[str, Food]) -> None:
    """The last gate: nothing leaves the planner that is not proven safe, whatever went wrong before."""
    for day in days:
        for meal in day.meals:
            if found := meal_refusal((meal.recipe,), foods, rules(request)):
                raise RuntimeError(f"{meal.recipe.slug} was planned against {found.rule}: {found.food_id}")
