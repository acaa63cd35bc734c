"""The master of a week: which of the days at hand make the best week together, as a linear program."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np

# The class beneath `highspy.Highs`, which writes a banner to standard output when it is made: a report may be there.
from highspy._core import _Highs

from mealplanner.planner.scoring import Doubles, Ints

_INFINITY: Final = highspy.kHighsInf
_OPTIONS: Final[dict[str, bool | int | float | str]] = {
    "output_flag": False,
    "log_to_console": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 1,
    "solver": "simplex",
    "mip_lp_solver": "simplex",
    "mip_allow_restart": False,
    "mip_heuristic_effort": 0.0,
}

_FAR: Final = 0.02
"""The part of the best mixture's points that a day may add to them and be tried in a week of whole days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """The best mixture of the days at hand: parts of days that sum to a week."""

    points: float
    """What it costs: no week of these days costs less. Infinite while there is no mixture, since a sort has no day."""
    days: Doubles
    """For each sort of day, what the best mixture would pay for another one."""
    prices: Doubles
    """For each group, what one more costs."""


class Master:
    """A linear program that grows by days.

    Each day belongs to a sort, of which the week has so many, and its dishes to groups, each of which costs more the
    more often it is served.
    """

    def __init__(self, counts: Sequence[int], groups: int, costs: Callable[[int], Sequence[float]]) -> None:
        """`costs(group)` is what the first, the second and each further member costs, rising; the last holds for all
        that follow."""
        self._highs = _Highs()
        for name, value in _OPTIONS.items():
            self._highs.setOptionValue(name, value)
        self._costs = costs
        self._rows = np.full(groups, -1, np.int32)
        self._known: list[int] = []
        self._sorts = len(counts)
        self._days: list[int] = []
        self._columns = 0
        for count in counts:
            self._highs.addRow(count, count, 0, np.empty(0, np.int32), np.empty(0))

    def add(self, sort: int, points: Doubles, members: Ints) -> None:
        """Add days of a `sort`, which cost `points` by themselves.

        `members`, shape (n, days), are the groups that each day adds to, negative where there is none; one that comes
        twice counts twice.
        """
        for group in np.unique(members[members >= 0]).tolist():
            if self._rows[group] < 0:
                self._open(group)
        count = points.size
        row = np.sort(np.where(members >= 0, self._rows[members], -1), axis=0)
        row = np.concatenate([np.full((1, count), sort, np.int32), row.astype(np.int32)]).T
        new = np.ones(row.shape, np.bool_)
        new[:, 2:] = row[:, 2:] != row[:, 1:-1]
        new &= row >= 0
        flat, starts = row[new], np.concatenate([[0], np.cumsum(new.sum(axis=1))])
        column, place = np.nonzero(new)
        values = np.array([(row[c, 1:] == row[c, p]).sum() if p else 1 for c, p in zip(column, place, strict=True)])
        self._highs.addCols(
            count,
            points,
            np.zeros(count),
            np.full(count, _INFINITY),
            flat.size,
            starts.astype(np.int32),
            flat,
            values.astype(np.float64),
        )
        self._days.extend(range(self._columns, self._columns + count))
        self._columns += count

    def solve(self) -> Mixture:
        """Return the best mixture of the days at hand."""
        self._set_integrality(highspy.HighsVarType.kContinuous)
        self._highs.run()
        solution = self._highs.getSolution()
        duals = np.array(solution.row_dual)
        prices = np.zeros(self._rows.size)
        prices[self._known] = -duals[self._rows[self._known]]
        solved = self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return Mixture(
            points=float(self._highs.getObjectiveValue()) if solved else math.inf,
            days=duals[: self._sorts],
            prices=prices,
        )

    def whole(self, branches: int, near: float) -> Doubles:
        """Return how often each day is served in a week of whole days: the best one, when no more than `branches` are
        needed to find one that is proved to be as near as `near`.

        Days that add more than `_FAR` to the mixture are not tried.
        """
        points = self.solve().points
        days: Ints = np.array(self._days, np.intp)
        dear = days[np.array(self._highs.getSolution().col_dual)[days] > _FAR * abs(points)]
        self._set_most(dear, 0.0)
        self._set_integrality(highspy.HighsVarType.kInteger)
        self._highs.setOptionValue("mip_max_nodes", branches)
        self._highs.setOptionValue("mip_rel_gap", near)
        self._highs.run()
        counts = np.array(self._highs.getSolution().col_value)[days]
        self._set_most(dear, _INFINITY)
        return counts

    def _set_most(self, columns: Ints, most: float) -> None:
        self._highs.changeColsBounds(
            columns.size, columns.astype(np.int32), np.zeros(columns.size), np.full(columns.size, most)
        )

    def _set_integrality(self, kind: highspy.HighsVarType) -> None:
        count = len(self._days)
        self._highs.changeColsIntegrality(count, np.array(self._days, np.int32), np.full(count, int(kind), np.uint8))

    def _open(self, group: int) -> None:
        row = self._highs.getNumRow()
        self._highs.addRow(0.0, 0.0, 0, np.empty(0, np.int32), np.empty(0))
        costs = self._costs(group)
        for place, cost in enumerate(costs):
            most = 1.0 if place < len(costs) - 1 else _INFINITY
            self._highs.addCol(cost, 0.0, most, 1, np.array([row], np.int32), np.array([-1.0]))
        self._columns += len(costs)
        self._rows[group] = row
        self._known.append(group)
