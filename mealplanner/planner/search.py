"""Fill a week by local search: exact moves of one meal and of two meals at once, annealed.

A move lifts one or two meals from the week and weighs everything that could stand there instead, every dish in every
portion, then puts down the best. While the week is warm, each option's points are shaken by noise of that size, which
draws options as a Gibbs sampler does; a cold week settles into the nearest plan that no such move improves. The search
counts moves and never looks at a clock, so that the same generator gives the same plan on a slow machine too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, groupby
from operator import itemgetter
from typing import Final

import numpy as np
from numpy.random import Generator

from mealplanner.planner.problem import Problem
from mealplanner.planner.scoring import Floats, Ints
from mealplanner.planner.standing import Place
from mealplanner.planner.week import Choice, Week, cost

_HOT: Final = 3.0
_COLD: Final = 0.1
"""The noise of the first and of the last warm move, in points."""

_WITHIN_A_DAY: Final = 0.6
_ACROSS_DAYS: Final = 0.2
"""How many of the warm moves are of two meals; the others are of one."""

_MOST_ROUNDS: Final = 10
"""Rounds of cold moves at most; each of them can only improve the week."""

_GAIN: Final = 1e-2
"""Points below which a cold move is not worth making: float32 tells no finer beside a breach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to search."""

    moves_per_meal: int = 32
    """Warm moves for each meal of the week."""
    chunks: int = 8
    """In how many pieces they come; between two of them a search can be stopped."""


def search(
    problem: Problem,
    rng: Generator,
    *,
    start: Choice | None = None,
    effort: Effort = Effort(),
    checkpoint: Callable[[], None] = lambda: None,
) -> Choice:
    """Return the best week found from `start`, or from a quick first plan when there is none.

    `checkpoint` is called `effort.chunks` times, and stops the search when it raises.
    """
    begun = start or first_plan(problem)
    week = Week(problem, begun)
    moves = _Moves(week)
    warm = effort.moves_per_meal * len(moves.places)
    heats = np.geomspace(_HOT, _COLD, warm)
    for chunk in np.array_split(heats, effort.chunks):
        checkpoint()
        for heat in chunk.tolist():
            moves.warm(heat, rng)
    moves.settle(rng)
    return min(week.frozen(), begun, key=lambda choice: cost(problem, choice))


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


class _Moves:
    """The moves of a week."""

    def __init__(self, week: Week) -> None:
        self.week = week
        problem = week.problem
        slots = range(len(problem.slots))
        self.shared = {
            (a, b): bool(np.intersect1d(problem.slots[a].dish, problem.slots[b].dish).size)
            for a in slots
            for b in slots
        }
        self.places = problem.places
        pairs = list(combinations(self.places, 2))
        self.within = [(a, b) for a, b in pairs if a[0] == b[0]]
        self.across = [(a, b) for a, b in pairs if a[0] != b[0] and self.shared[a[1], b[1]]]
        largest = max(options.dish.size for options in problem.slots)
        self.scratch = np.empty((3, largest * largest), np.float32)

    def warm(self, heat: float, rng: Generator) -> None:
        """One move of a random sort at a random place."""
        sort = rng.random()
        if sort < _WITHIN_A_DAY and self.within:
            self._two(self.within[rng.integers(len(self.within))], heat, rng)
        elif sort < _WITHIN_A_DAY + _ACROSS_DAYS and self.across:
            self._two(self.across[rng.integers(len(self.across))], heat, rng)
        else:
            self._one(self.places[rng.integers(len(self.places))], heat, rng)

    def settle(self, rng: Generator) -> None:
        """Make every cold move, in random order, until none of them improves the week."""
        pairs = self.within + self.across
        for _ in range(_MOST_ROUNDS):
            changes = [self._one(place, 0.0, rng) for place in self.places]
            changes += [self._two(pairs[index], 0.0, rng) for index in rng.permutation(len(pairs))]
            if not any(changes):
                return

    def _one(self, place: Place, heat: float, rng: Generator) -> bool:
        week = self.week
        before = week.lift(place)
        points = week.own_points(place) + week.day_points(place)
        if heat:
            after = int(np.argmin(points + _noise(heat, points.size, rng)))
        else:
            after = int(np.argmin(points))
            after = after if points[after] < points[before] - _GAIN else before
        week.put(place, after)
        return after != before

    def _two(self, places: tuple[Place, Place], heat: float, rng: Generator) -> bool:
        week, (one, two) = self.week, places
        before = week.lift(one), week.lift(two)
        rows, row_points = self._sensible(one, before[0])
        columns, column_points = self._sensible(two, before[1])
        if heat:
            row_points += _noise(heat, rows.size, rng)
            column_points += _noise(heat, columns.size, rng)
        points, spare, near = (part[: rows.size * columns.size].reshape(rows.size, -1) for part in self.scratch)
        np.add(row_points[:, None], column_points, out=points)
        if one[0] == two[0]:
            self._add_day(points, one, two, rows, columns, spare, near)
        else:
            points += week.day_points(one)[rows, None]
            points += week.day_points(two)[columns]
        if self.shared[one[1], two[1]]:
            self._add_repeats(points, one, two, rows, columns)
        row, column = divmod(int(np.argmin(points)), columns.size)
        after = int(rows[row]), int(columns[column])
        if not heat:
            stayed = points[np.searchsorted(rows, before[0]), np.searchsorted(columns, before[1])]
            after = after if points[row, column] < stayed - _GAIN else before
        week.put(one, after[0])
        week.put(two, after[1])
        return after != before

    def _sensible(self, place: Place, before: int) -> tuple[Ints, Floats]:
        """The options of an empty place that break no limit by themselves, if there are such, and what stood there."""
        points = self.week.own_points(place)
        kept = points < self.week.problem.scoring.breach
        if not kept.any():
            kept[:] = True
        kept[before] = True
        options = np.flatnonzero(kept)
        return options, points[options]

    def _add_day(
        self, points: Floats, one: Place, two: Place, rows: Ints, columns: Ints, spare: Floats, near: Floats
    ) -> None:
        """Add what the figures and minutes of the day cost with each pair of options, in place."""
        week, problem = self.week, self.week.problem
        scoring, day = problem.scoring, one[0]
        first, second = problem.slots[one[1]], problem.slots[two[1]]
        rest = (week.totals[day] - problem.goal).astype(np.float32)
        edge = np.float32(scoring.edge)
        for figure, (slope, wall) in enumerate(zip(scoring.slopes, scoring.walls, strict=True)):
            np.add(first.figures[figure, rows, None] + rest[figure], second.figures[figure, columns], out=spare)
            np.abs(spare, out=spare)
            np.minimum(spare, edge, out=near)
            spare -= near
            spare *= wall
            points += spare
            near *= near
            near *= slope
            points += near
        most = first.minutes[rows].max() + second.minutes[columns].max()
        if week.minutes[day] + most > problem.minutes[day]:
            points += week.overtime(day, first.minutes[rows, None] + second.minutes[columns])

    def _add_repeats(self, points: Floats, one: Place, two: Place, rows: Ints, columns: Ints) -> None:
        """Add what each pair of options costs because its dishes are the same, or alike, in place."""
        week, problem = self.week, self.week.problem
        first, second = problem.slots[one[1]].dish[rows], problem.slots[two[1]].dish[columns]
        same_day, variety = one[0] == two[0], problem.scoring.variety
        self._add_same(points, first, second, week.uses, problem.times, 0.0, same_day and problem.dishes_differ)
        if one[1] in problem.mains and two[1] in problem.mains:
            first_group, second_group = problem.protein[first], problem.protein[second]
            times = np.full(week.proteins.size, problem.protein_times)
            apart = same_day and problem.proteins_differ
            self._add_same(points, first_group, second_group, week.proteins, times, variety, apart)
            first_group, second_group = problem.cuisine[first], problem.cuisine[second]
            self._add_same(points, first_group, second_group, week.cuisines, problem.cuisine_times, variety, False)

    def _add_same(
        self, points: Floats, first: Ints, second: Ints, served: Ints, times: Ints, variety: float, apart: bool
    ) -> None:
        """Each alone may be the last that is allowed; then both together are one too many."""
        breach = self.week.problem.scoring.breach
        extra = ((served == times - 1) * breach + apart * breach + variety).astype(np.float32)
        if extra.any():
            points += (first[:, None] == second) * extra[first][:, None]


def _noise(heat: float, size: int, rng: Generator) -> Floats:
    """Gumbel noise: the least of points shaken by it is a draw with the probabilities of a Gibbs sampler."""
    drawn = np.maximum(rng.standard_exponential(size, np.float32), np.float32(1e-30))
    return np.float32(heat) * np.log(drawn)
