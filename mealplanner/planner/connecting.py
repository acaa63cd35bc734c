"""Fill a week whose meals share foods and breakfasts, by searches in which every dish has a price of its own.

What is bought for several meals costs less for each of them, so the points of a week are no sum over its days. Two
sorts of prices come near: every meal pays its part of what is bought, by how many use it (`Sharing.shared`), which is
good for a week that does not stand yet; or a day pays what it adds to the other days (`Sharing.marginal`), which is
exact but sees one day alone. The first are tried with whole searches, then day after day is replaced by the best one
beside the others until none gets better. What counts is always `week.cost`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from mealplanner.planner.columns import Columns
from mealplanner.planner.problem import Problem
from mealplanner.planner.scoring import Doubles
from mealplanner.planner.search import Effort, first_plan, search
from mealplanner.planner.week import Choice, Week, cost

_ROUNDS: Final = (8, 4)
"""Of the searches with shared prices, at most: each knows from the one before it what the week uses."""

_SWEEPS: Final = 4
"""How often each day is replaced at most."""

_NARROW: Final = 4
"""A day alone is looked for among so many times fewer combinations."""

_MOST: Final = 8
"""So many of the best days are looked at, since two meals of a day may share what is bought for them alone."""

_BETTER: Final = 1e-6


def connect(
    problem: Problem,
    *,
    start: Choice | None = None,
    effort: Effort,
    checkpoint: Callable[[], None] = lambda: None,
) -> Choice:
    """Return the best week found, no worse than `start`, as `search.search` does where the meals share nothing."""
    if problem.sharing is None:
        return search(problem, start=start, effort=effort, checkpoint=checkpoint)
    best, times = start, _expected(problem)
    for rounds in _ROUNDS:
        priced = _priced(problem, problem.sharing.shared(times))
        found = search(
            priced,
            start=best,
            effort=replace(effort, rounds=min(rounds, effort.rounds), far=np.inf),
            checkpoint=checkpoint,
        )
        best = found if best is None else min(best, found, key=lambda choice: cost(problem, choice))
        times = Week(problem, best).uses.astype(np.float64)
    return _day_by_day(problem, best or first_plan(problem), effort, checkpoint)


def _expected(problem: Problem) -> Doubles:
    """Return how often each dish is served in a week that draws among all of them."""
    times = Week(problem).uses.astype(np.float64)
    for _, slot in problem.places:
        dishes = np.unique(problem.slots[slot].dish)
        times[dishes] += 1 / dishes.size
    return times


def _priced(problem: Problem, points: Doubles) -> Problem:
    """Return the problem with `points` more for each dish, and nothing shared."""
    slots = [
        replace(options, points=(options.points + points[options.dish]).astype(np.float32)) for options in problem.slots
    ]
    return replace(problem, slots=tuple(slots), sharing=None)


def _day_by_day(problem: Problem, choice: Choice, effort: Effort, checkpoint: Callable[[], None]) -> Choice:
    """Return the week after each day was replaced by the best one beside the others, again and again."""
    points, days = cost(problem, choice), sorted({day for day, _ in problem.places})
    since = 0
    for day in days * _SWEEPS:
        if since == len(days):
            break
        checkpoint()
        costs = [(cost(problem, other), other) for other in _others(problem, choice, day, effort)]
        least, better = min(costs, default=(points, choice))
        since += 1
        if least < points - _BETTER:
            points, choice, since = least, better, 0
    return choice


def _others(problem: Problem, choice: Choice, day: int, effort: Effort) -> Iterator[Choice]:
    """Yield `choice` with each of the best days for `day` beside its other days."""
    alone = _alone(problem, choice, day)
    columns = Columns(alone)
    (sort,) = columns.sorts
    limit = cost(alone, choice, [day])
    found = columns.best(sort, columns.first_prices, limit=limit, most=_MOST, width=max(1, effort.width // _NARROW))
    for column in found.picks.T:
        row = list(choice[day])
        for slot, options, place in zip(sort.slots, sort.options, column, strict=True):
            row[slot] = int(options[place])
        yield (*choice[:day], tuple(row), *choice[day + 1 :])


def _alone(problem: Problem, choice: Choice, day: int) -> Problem:
    """Return the problem of filling `day` while the other days stand as in `choice`."""
    assert problem.sharing is not None
    others = Week(problem, choice)
    places = [place for place in problem.places if place[0] == day]
    for place in places:
        others.lift(place)
    standing = {place: int(others.dish[place]) for place in problem.places if place[0] != day}
    return replace(
        _priced(problem, problem.sharing.marginal(others.uses)),
        places=tuple(places),
        kept=replace(problem.kept, meals={**problem.kept.meals, **standing}),
    )
