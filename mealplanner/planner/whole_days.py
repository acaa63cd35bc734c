"""Find the best whole days out of all options: every meal of a day at once, exactly.

The points of a day are those of its meals and those of `z`, how far what they hold together lies from what the day
lacks: `sum(own) + D(z)`. Prices `m` on the figures move points between the two, since `z` is `sum(F)` less what is
lacking: `sum(own + m F) + (D(z) - m z)` differs by a constant. At the best prices most options are seen to be too dear
for any good day, and few are left: those whose excess over the cheapest one is small. The day is then cut into two
halves, the options of each half are combined, and halves are matched whose figures add up to what the day lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import product
from typing import Final

import numpy as np

from mealplanner.planner.day_prices import Day, Meal, best_prices
from mealplanner.planner.half_days import Half, combined, together
from mealplanner.planner.model import FIGURES
from mealplanner.planner.near import pairs_near
from mealplanner.planner.scoring import Doubles, Floats, Ints, Scoring

_FEW: Final = 6_000
"""Combinations of half a day that are looked at in the first trial, about."""

_LEAST: Final = 0.25
"""The least excess of a trial, in points."""

_MORE: Final = 1.7
"""How many times the excess of a trial that found too few days is allowed in the next."""

_ENOUGH: Final = 0.4
"""With this part of the days that were asked for, no larger excess is tried."""

_PATIENCE: Final = 3
"""How many more trials are made while nothing is found, although combinations were left out."""

_PLENTY: Final = 20
"""With so many times the days that were asked for, a trial ends early."""

_PAIRS: Final = 8
"""A trial ends early too when so many times its width of pairs were weighed."""

_TARGETS: Final = len(FIGURES)
"""The first figures have a target, the others a limit."""

_PARTS: Final = 4
"""In how many parts of rising excess one half is matched with the other: the more, the narrower the windows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What a search came to."""

    prices: Doubles
    """Of the figures."""
    excess: float
    """How far above the bound of these prices it went."""

    def within(self, most: float) -> Hint:
        """Return the hint with no more excess than `most`."""
        return replace(self, excess=min(self.excess, most))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Days, the best first."""

    picks: Ints
    """Shape (meals, days): the option of each meal."""
    points: Doubles
    """What each day costs."""
    bound: float
    """No day that is not among these costs less."""
    hint: Hint
    """For a similar search."""


@dataclass(frozen=True, slots=True)
class _Trial:
    """The days with a small excess, in no order."""

    picks: Ints
    points: Doubles
    """Their excess."""
    bound: float
    """Below which excess they are all."""


@dataclass(frozen=True, slots=True)
class _Priced:
    """A day with prices on its figures; the `own` points of each meal are its excess, in order."""

    day: Day
    scoring: Scoring
    prices: Doubles
    base: float
    """What a day of meals without excess would cost, if its figures came out at the price."""

    def excess(self, off: Floats) -> Doubles:
        """Return what deviations cost above the least that any could at these prices."""
        return self.of_targets(off[:_TARGETS]) + self.of_limits(off[_TARGETS:])

    def of_targets(self, off: Floats) -> Doubles:
        """Return the part of `excess` that the figures with a target have."""
        points: Doubles = self.scoring.deviation(off) - self.prices[:_TARGETS] @ off
        return points - float(self.scoring.priced_least(self.prices)[:_TARGETS].sum())

    def of_limits(self, off: Floats) -> Doubles:
        """Return the part of `excess` that the limits have."""
        points: Doubles = self.scoring.excess(off) - self.prices[_TARGETS:] @ off
        return points - float(self.scoring.priced_least(self.prices)[_TARGETS:].sum())


def best_days(day: Day, scoring: Scoring, *, limit: float, most: int, width: int, hint: Hint | None = None) -> Found:
    """Return the best days that cost less than `limit`, `most` at most.

    Only about the `width` best combinations of half a day are looked at. Trials are made with a small excess first, or
    with the one of a similar search as a `hint`.
    """
    prices = best_prices(day, scoring, hint.prices if hint else None)
    priced, origin, dearest = _priced(day, scoring, prices, limit, width)
    room = min(limit - priced.base, _most(priced))
    budget, found = (
        min(room, max(hint.excess, _LEAST)) if hint else _first_budget(priced.day.meals, room),
        _nothing(day),
    )
    cut = 0
    while room > 0:
        found = _within(priced, budget, width, _PLENTY * most, alike=False)
        if found.bound < budget and not found.points.size:
            # Where all that is cheap is the same few dishes, meals that can serve them belong in one half.
            found = _within(priced, budget, width, _PLENTY * most, alike=True)
        cut += found.bound < budget
        if found.points.size >= _ENOUGH * most or budget >= room or cut > _PATIENCE * (not found.points.size):
            break
        budget = min(_MORE * budget, room)
    complete = min(found.bound, dearest, limit - priced.base, budget if budget < room else np.inf)
    order = np.argsort(found.points, kind="stable")
    left_out = float(found.points[order[most]]) if order.size > most else np.inf
    picks = np.stack([rows[found.picks[place]] for place, rows in enumerate(origin)])
    return Found(
        picks=picks[:, order[:most]],
        points=found.points[order[:most]] + priced.base,
        bound=min(complete, left_out) + priced.base,
        hint=Hint(prices=prices, excess=min(budget, left_out)),
    )


def _priced(day: Day, scoring: Scoring, prices: Doubles, limit: float, width: int) -> tuple[_Priced, list[Ints], float]:
    """Return the day at `prices` without what is too dear for any day below `limit`, and which options it still has.

    The last value is the least excess of those beyond the `width` best of a meal, which are left out too.
    """
    dear = [meal.own + prices @ meal.figures for meal in day.meals]
    least = [float(points.min()) for points in dear]
    base = sum(least) - float(prices @ day.lacking) + float(scoring.priced_least(prices).sum())
    origin, meals, dearest = [], [], np.inf
    for meal, points, low in zip(day.meals, dear, least, strict=True):
        rows = np.flatnonzero(points - low <= max(limit - base, 0.0))
        rows = rows[np.argsort(points[rows], kind="stable")]
        if rows.size > width:
            dearest = min(dearest, float(points[rows[width]]) - low)
            rows = rows[:width]
        origin.append(rows)
        meals.append(replace(meal.only(rows), own=points[rows] - low))
    return _Priced(Day(meals=meals, lacking=day.lacking, minutes=day.minutes), scoring, prices, base), origin, dearest


def _most(priced: _Priced) -> float:
    """Return an excess that no day goes beyond."""
    meals, lacking = priced.day.meals, priced.day.lacking
    ends = [sum((end(meal.figures, axis=1) for meal in meals), -lacking) for end in (np.min, np.max)]
    # The points of a deviation are convex, so that the most of them come at one of the ends of each figure.
    corners = np.array(list(product(*zip(*ends, strict=True))), np.float32).T
    return sum(float(meal.own[-1]) for meal in meals) + float(priced.excess(corners).max()) + 1.0


def _first_budget(meals: Sequence[Meal], room: float) -> float:
    """Return an excess with which half a day has a few combinations."""
    budget = _LEAST
    while budget < room and max(_counts(meals, _halves(meals, budget), budget)) < _FEW:
        budget *= _MORE
    return min(budget, room)


def _counts(meals: Sequence[Meal], halves: Sequence[Sequence[int]], budget: float) -> list[int]:
    sizes = [int(np.searchsorted(meal.own, budget, side="right")) for meal in meals]
    return [reduce(lambda product, place: product * sizes[place], half, 1) for half in halves]


def _halves(meals: Sequence[Meal], budget: float) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the meals in two groups that have about as many combinations with an excess of at most `budget`."""
    sizes = [int(np.searchsorted(meal.own, budget, side="right")) for meal in meals]
    groups: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
    counts = [1, 1]
    for place in sorted(range(len(sizes)), key=lambda place: -sizes[place]):
        smaller = int(counts[1] < counts[0])
        groups = (groups[0] + (place,) * (not smaller), groups[1] + (place,) * smaller)
        counts[smaller] *= sizes[place]
    return groups


def _alike_halves(meals: Sequence[Meal]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the meals in two groups, in one of them those that can serve the same as the meal with most options."""
    largest = max(range(len(meals)), key=lambda place: meals[place].own.size)
    alike = [bool(meals[largest].twins[place].any()) for place in range(len(meals))]
    return (
        tuple(place for place, same in enumerate(alike) if same),
        tuple(place for place, same in enumerate(alike) if not same),
    )


def _nothing(day: Day) -> _Trial:
    return _Trial(np.empty((len(day.meals), 0), np.intp), np.empty(0), np.inf)


def _within(priced: _Priced, budget: float, width: int, plenty: float, *, alike: bool) -> _Trial:
    """Return the days with an excess below `budget`."""
    day = priced.day
    (one, first_cut), (two, second_cut) = (
        combined(day.meals, places, budget, width)
        for places in (_alike_halves(day.meals) if alike else _halves(day.meals, budget))
    )
    complete, found, points = min(first_cut, second_cut), [], []
    weighed = 0
    for low, pairs, left, right, excess in _matched(priced, one, two, budget):
        weighed += pairs
        kept = one.minutes[left] + two.minutes[right] <= day.minutes
        for a, here in enumerate(one.places):
            for b, there in enumerate(two.places):
                kept &= together(day.meals, here, one.rows[a, left], there, two.rows[b, right])
        picks = np.empty((len(day.meals), int(np.count_nonzero(kept))), np.intp)
        picks[list(one.places)] = one.rows[:, left[kept]]
        picks[list(two.places)] = two.rows[:, right[kept]]
        found.append(picks)
        points.append(excess[kept])
        if sum(part.size for part in points) > plenty or weighed > _PAIRS * width:
            complete = min(complete, low)
            break
    nothing = _nothing(day)
    return _Trial(np.concatenate([nothing.picks, *found], axis=1), np.concatenate([nothing.points, *points]), complete)


def _matched(priced: _Priced, one: Half, two: Half, budget: float) -> Iterator[tuple[float, int, Ints, Ints, Doubles]]:
    """Yield pairs of combinations with an excess below `budget`, and what it is; before them, what all that follow have
    at least, and how many were weighed."""
    edges = np.searchsorted(one.excess, np.linspace(0, budget, _PARTS + 1)[:-1], side="left").tolist()
    for begin, end in zip(edges, [*edges[1:], one.excess.size], strict=True):
        if begin == end:
            continue
        room = budget - float(one.excess[begin])
        near = two.figures[:, : np.searchsorted(two.excess, room, side="right")]
        if not near.size:
            continue
        lows, highs = priced.scoring.priced_within(priced.prices, room)
        wanted = priced.day.lacking[:, None] - one.figures[:, begin:end]
        for left, right in pairs_near(wanted + lows[:, None], wanted + highs[:, None], near):
            excess, weighed = one.excess[begin + left] + two.excess[right], left.size
            kept = np.flatnonzero(excess < budget)
            left, right, excess = left[kept], right[kept], excess[kept]
            excess += priced.of_targets(near[:_TARGETS, right] - wanted[:_TARGETS, left])
            kept = np.flatnonzero(excess < budget)
            if near.shape[0] > _TARGETS:
                left, right, excess = left[kept], right[kept], excess[kept]
                excess += priced.of_limits(near[_TARGETS:, right] - wanted[_TARGETS:, left])
                kept = np.flatnonzero(excess < budget)
            yield float(one.excess[begin]), weighed, begin + left[kept], right[kept], excess[kept]
