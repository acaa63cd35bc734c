"""Fill a week with the best days together: column generation, with a bound that tells how good the week can be.

A round solves the linear program that mixes the days found so far, takes its prices for one more serving of each dish,
protein and cuisine, and finds the days that are best at these prices out of everything that can be served. No week
costs less than the best days at any prices do, so that each round also gives a bound. When the mixture has come near
the bound, or stays where it is, whole days are chosen from those found. Effort is counted in rounds, days, combinations
and branches, never in seconds, so that the same problem gives the same week on a slow machine too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Final

import numpy as np

from mealplanner.planner.columns import Columns, Sort
from mealplanner.planner.problem import Problem
from mealplanner.planner.scoring import Doubles
from mealplanner.planner.week import Choice, Week, cost
from mealplanner.planner.whole_days import Found, Hint

_STEADY: Final = (0.8, 0.3)
"""How much of the best prices so far is kept in those of the first rounds, and of the others: prices of a few days
swing widely."""

_FIRST_ROUNDS: Final = 3

_UNLIKELY: Final = 0.9
"""As much after a round without days: its prices were far off."""

_STALLED: Final = (9, 4, 1.5e-3)
"""After so many rounds, the mixture has settled when the last few have bettered it by no more than this part."""

_ROUNDS_A_DAY: Final = 4
"""Rounds for each day that is filled, at most: what binds few days together is soon priced."""

_MANY_MEALS: Final = 5

_MOST_DRY: Final = 4
"""Rounds without new days, one after the other, that end a search."""

_SHARED: Final = 0.03
"""With this part of the days that are looked for, those of a wider sort are enough for a narrower one."""

_WIDER: Final = 1.4
"""How much farther than the last round a round may look at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to search."""

    rounds: int = 24
    """At most; between two of them a search can be stopped."""
    days: int = 30
    """That are looked for in a round, for each sort of days."""
    width: int = 20_000
    """Combinations of half a day that are looked at; half as many for each meal of the day beyond five."""
    branches: int = 20
    """Of the choice of whole days."""
    far: float = 0.01
    """The part of its points that a week may cost more than the mixture before more days are looked for."""
    near: float = 0.002
    """The part of its points that a week may cost more than the best one of the days found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A week, and how good it can be."""

    choice: Choice
    bound: float
    """No week costs less; far too low when `Effort.width` is small."""


def search(
    problem: Problem,
    *,
    start: Choice | None = None,
    effort: Effort = Effort(),
    checkpoint: Callable[[], None] = lambda: None,
) -> Choice:
    """Return the best week found: no worse than `start`, and with its days where they stand in `start`, as far as it
    goes.

    `checkpoint` is called before each round and each longer step after them, and stops the search when it raises.
    """
    return solve(problem, start=start, effort=effort, checkpoint=checkpoint).choice


def solve(
    problem: Problem,
    *,
    start: Choice | None = None,
    effort: Effort = Effort(),
    checkpoint: Callable[[], None] = lambda: None,
) -> Solution:
    """Return what `search` returns, with a bound."""
    begun = first_plan(problem) if start is None else start
    columns = Columns(problem)
    columns.add_choice(begun)
    rounds = _Rounds(columns, effort)
    for _ in range(min(effort.rounds, _ROUNDS_A_DAY * sum(len(sort.numbers) for sort in columns.sorts))):
        checkpoint()
        if rounds.another():
            break
    checkpoint()
    chosen = min(columns.choice(rounds.whole(), begun), begun, key=lambda choice: cost(problem, choice))
    gap = cost(problem, chosen) - rounds.points
    if gap > effort.far * abs(rounds.points) and rounds.spread(gap, checkpoint):
        chosen = min(columns.choice(rounds.whole(), begun), chosen, key=lambda choice: cost(problem, choice))
    return Solution(choice=chosen, bound=rounds.bound)


def first_plan(problem: Problem) -> Choice:
    """Return a plan within milliseconds: meal by meal the best option, the meals still missing taken at their share."""
    week = Week(problem)
    for day, places in groupby(problem.places, key=itemgetter(0)):
        slots = [slot for _, slot in places]
        missing = problem.goal - week.totals[day]
        week.totals[day] += missing
        whole = sum(problem.shares[slot] for slot in slots)
        for slot in slots:
            week.totals[day] -= problem.shares[slot] / whole * missing
            place = (day, slot)
            week.put(place, int(np.argmin(week.own_points(place) + week.day_points(place))))
    return week.frozen()


class _Rounds:
    """The rounds of a search."""

    def __init__(self, columns: Columns, effort: Effort) -> None:
        self.columns = columns
        self.effort = effort
        self.bound = -math.inf
        self.points = math.inf
        """Of the best mixture."""
        self._best: Doubles = columns.first_prices
        """The prices with the best bound."""
        self._keep = 1.0
        self._trail: list[float] = []
        self._dry = 0
        self._hints: list[Hint | None] = [None] * len(columns.sorts)

    def another(self) -> bool:
        """Make a round and return whether it was the last that is worth while."""
        mixture = self.columns.master.solve()
        self.points = mixture.points
        self._trail.append(mixture.points)
        prices = self._keep * self._best + (1 - self._keep) * mixture.prices
        best = self._best_days(prices)
        least = [min(found.bound, float(found.points[0]) if found.points.size else math.inf) for found in best]
        found_all = all(found.points.size for found in best)
        new = sum(self.columns.add(number, found.picks) for number, found in enumerate(best))
        bound = self.columns.bound(prices, least)
        if bound > self.bound:
            self.bound, self._best = bound, prices
        if math.isfinite(self.points) and (
            self.points - self.bound <= self.effort.near / 4 * abs(self.points) or self._stalled()
        ):
            return True
        self._dry = 0 if new else self._dry + 1
        if not found_all:
            self._keep = _UNLIKELY
        elif new:
            self._keep = _STEADY[len(self._trail) >= _FIRST_ROUNDS]
        else:
            self._keep = 0.0
            self._hints = [hint and replace(hint, excess=_WIDER * hint.excess) for hint in self._hints]
        return self._dry == _MOST_DRY

    def _best_days(self, prices: Doubles) -> list[Found]:
        """Return the best days of each sort at `prices`.

        Where enough of the best days of a wider sort are days of this one too, they are its best days.
        """
        best: dict[int, Found] = {}
        for number in sorted(range(len(self._hints)), key=lambda number: self.columns.wider[number] is not None):
            if (wider := self.columns.wider[number]) is not None and wider in best:
                best[number] = self.columns.narrowed(number, best[wider])
                if best[number].points.size >= _SHARED * self.effort.days:
                    continue
            sort, hint = self.columns.sorts[number], self._hints[number]
            found = self.columns.best(
                sort, prices, limit=math.inf, most=self.effort.days, width=self._width(sort), hint=hint
            )
            best[number] = found
            if found.points.size:
                self._hints[number] = found.hint.within(_WIDER * hint.excess) if hint else found.hint
        return [best[number] for number in range(len(self._hints))]

    def whole(self) -> Doubles:
        """Return how often each day is served in the best week found of whole days."""
        return self.columns.master.whole(self.effort.branches, self.effort.near / 2)

    def spread(self, gap: float, checkpoint: Callable[[], None]) -> int:
        """Add the days that a week within `gap` of the mixture can hold, and return how many are new."""
        mixture, new = self.columns.master.solve(), 0
        for number, sort in enumerate(self.columns.sorts):
            checkpoint()
            limit, most = float(mixture.days[number]) + gap, 10 * self.effort.days
            found = self.columns.best(sort, mixture.prices, limit=limit, most=most, width=self._width(sort))
            new += self.columns.add(number, found.picks)
        checkpoint()
        return new

    def _width(self, sort: Sort) -> int:
        return self.effort.width >> max(0, len(sort.slots) - _MANY_MEALS)

    def _stalled(self) -> bool:
        least, last, part = _STALLED
        if len(self._trail) <= least:
            return False
        return self._trail[-1 - last] - self._trail[-1] <= part * abs(self._trail[-1])
