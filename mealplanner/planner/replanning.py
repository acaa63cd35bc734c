"""Plan some places of a menu again while its other meals stand: the search of `weeks`, with fewer places to fill.

A dish that stands at one of the places stays in the menu unless the days come out better without it, so that as little
changes as the targets allow; often it is a portion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Final

import numpy as np

from mealplanner.planner.connecting import connect
from mealplanner.planner.limits import WEEK, week_limits
from mealplanner.planner.model import Food, PlanRequest, Recipe
from mealplanner.planner.one_meal import points_beside
from mealplanner.planner.plan import admitted_dishes, check, prove
from mealplanner.planner.pool import Dish
from mealplanner.planner.problem import Options, Problem, state_problem
from mealplanner.planner.results import PlannedMeal, Shortfall
from mealplanner.planner.scoring import Scoring
from mealplanner.planner.search import Effort
from mealplanner.planner.standing import Place, StandingDay, cleared, own_target, shortfalls_of
from mealplanner.planner.week import Choice

_SCORING: Final = Scoring()
_EFFORT: Final = Effort()

_SMALLEST, _LARGEST = 0.3, 3.0
"""How many times its usual size a meal may have where the day's other meals are much too large or too small."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """What became of the places that were planned again."""

    meals: Mapping[Place, PlannedMeal]
    shortfalls: tuple[Shortfall, ...]
    """The figures of their days that lie outside the tolerance afterwards."""


def replan_around(
    request: PlanRequest,
    days: Sequence[StandingDay],
    places: Collection[Place],
    recipes: Sequence[Recipe],
    foods: Mapping[str, Food],
    *,
    checkpoint: Callable[[int, int], None] = lambda _step, _steps: None,
) -> Replanned:
    """Plan `places` of a menu, whose days are `days`, again. Everything at other places stands and counts.

    Equal arguments give equal plans. `checkpoint(step, steps)` is called with a rising `step`, and may raise to stop.
    Raise `NothingFits` when a place has no dish at all.
    """
    check(request)
    dishes = admitted_dishes(request, recipes, foods, kinds={request.slots[slot].kind for _, slot in places})
    after, groups = tuple(days), _groups(request, days, places)
    for done, (size, group) in enumerate(groups):
        after = _fill(request, after, group, size, dishes, _counting(checkpoint, done, len(groups)))
    meals = {(day, slot): after[day].meals[slot] for day, slot in sorted(places)}
    prove(request, meals.values(), foods)
    touched = sorted({day for day, _ in places})
    missed = [shortfall for day in touched for shortfall in shortfalls_of(request, day, after[day])]
    return Replanned(meals=meals, shortfalls=tuple(missed))


def _groups(
    request: PlanRequest, days: Sequence[StandingDay], places: Collection[Place]
) -> list[tuple[float, list[Place]]]:
    """Return the places that are planned together, each group with the size of its meals in times their usual one.

    They are those of one week whose days leave about as much for each meal: a day on which dinner is skipped and given
    to the other meals wants larger ones than its neighbours.
    """
    groups = defaultdict[tuple[int, float], list[Place]](list)
    for day in sorted({day for day, _ in places}):
        slots = sorted(slot for at, slot in places if at == day)
        rest = cleared(days[day], slots)
        left = own_target(request, rest).kcal - rest.totals.kcal
        usual = request.target.kcal * sum(request.slots[slot].share for slot in slots)
        size = min(max(round(left / usual, 1), _SMALLEST), _LARGEST)
        groups[day // WEEK, size] += [(day, slot) for slot in slots]
    return [(size, group) for (_, size), group in sorted(groups.items(), key=lambda item: (item[0][0], -len(item[1])))]


def _counting(checkpoint: Callable[[int, int], None], done: int, groups: int) -> Callable[[], None]:
    """Count the steps of one group; one that is planned again stays at its last step."""
    steps = iter(range(done * _EFFORT.rounds, (done + 1) * _EFFORT.rounds))
    last = (done + 1) * _EFFORT.rounds - 1
    return lambda: checkpoint(next(steps, last), groups * _EFFORT.rounds)


def _fill(
    request: PlanRequest,
    days: Sequence[StandingDay],
    places: Sequence[Place],
    size: float,
    dishes: Sequence[Dish],
    checkpoint: Callable[[], None],
) -> tuple[StandingDay, ...]:
    """Return `days` with `places`, all of one week and with meals of `size`, planned again."""
    first = places[0][0] // WEEK * WEEK
    week = days[first : first + WEEK]
    sized = replace(request, slots=tuple(replace(slot, share=slot.share * size) for slot in request.slots))
    points = points_beside(request, dishes, days, range(first, first + len(week)))
    there = {meal.recipe.slug for day, slot in places if (meal := days[day].meals.get(slot))} & points.keys()
    staying = {slug: own - _SCORING.staying * (slug in there) for slug, own in points.items()}
    found = []
    limits = week_limits(sized, len(week), dishes, first=first)
    for own in (staying, points):
        problem = state_problem(
            sized,
            len(week),
            dishes,
            limits,
            own,
            _SCORING,
            standing=week,
            places=[(day - first, slot) for day, slot in places],
        )
        choice = connect(problem, start=_as_it_stands(problem, week), effort=_EFFORT, checkpoint=checkpoint)
        filled = [_with_meals(request, problem, choice, day, number) for number, day in enumerate(week)]
        missed = sum(len(list(shortfalls_of(request, number, day))) for number, day in enumerate(filled))
        found.append((missed, (*days[:first], *filled, *days[first + WEEK :])))
        if not missed:
            break
    return min(found, key=itemgetter(0))[1]


def _as_it_stands(problem: Problem, week: Sequence[StandingDay]) -> Choice | None:
    """Return what stands at the places of `problem` as a choice; None when a meal of it may not be chosen again."""
    choice = [[-1] * len(problem.slots) for _ in week]
    for day, slot in problem.places:
        meal = week[day].meals.get(slot)
        option = None if meal is None else _option_of(problem.slots[slot], problem, meal)
        if option is None:
            return None
        choice[day][slot] = option
    return tuple(map(tuple, choice))


def _option_of(options: Options, problem: Problem, meal: PlannedMeal) -> int | None:
    same = np.flatnonzero(options.portion == meal.portion).tolist()
    return next((option for option in same if problem.dishes[options.dish[option]].recipe == meal.recipe), None)


def _with_meals(request: PlanRequest, problem: Problem, choice: Choice, day: StandingDay, number: int) -> StandingDay:
    """Return `day`, the `number`th of the problem, with what is chosen for it."""
    meals = dict(day.meals)
    slots = [slot for at, slot in problem.places if at == number]
    for slot in slots:
        options, option = problem.slots[slot], choice[number][slot]
        dish, portion = problem.dishes[options.dish[option]], float(options.portion[option])
        meals[slot] = PlannedMeal(
            slot=request.slots[slot], recipe=dish.recipe, portion=portion, nutrients=dish.serving * portion
        )
    return StandingDay(meals=meals, reserved=day.reserved.difference(slots))
