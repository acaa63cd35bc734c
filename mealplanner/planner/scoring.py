"""What the search minimises: points for missing a target, and for what people like less.

Where a new term goes depends on what it looks at, since a week is searched as a choice among whole days:

- one dish: into `liking.own_points`, or `Options.points` where the portion matters;
- one day: a figure of its own beside the four of `model.FIGURES`, as a limit of the day is, or, as the rules of a day,
  into `columns.Columns._points` with a filter in `whole_days._together`;
- the whole week: a group in `columns.Columns` whose members cost more the more often it is served (as those of a
  protein or a cuisine do), and the same in `week.Week.own_points`. What costs less with each further serving, like a
  pack that is opened once, is no such group: it belongs to `sharing.Sharing`, for which `connecting` searches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mealplanner.planner.model import FIGURES

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.intp]

_ROUNDING: Final = 1e-3
"""Percents that single precision may lose."""

MEMORY_DAYS: Final = 28
"""For how many days a meal is remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """Points of a plan; fewer are better. Deviations are counted in percent of the target.

    A deviation costs its square up to `edge`, and a straight, steep wall beyond it, a little inside the tolerance.
    The wall of energy is higher than those of the three macros together, so that energy still holds where a macro is
    out of reach. A breached limit costs more than any deviation can.
    """

    kcal: float = 5.0
    """For a squared percent of energy."""
    macro: float = 0.6
    """For a squared percent of a macro."""
    edge: float = 4.5
    """Where the wall begins, in percent."""
    kcal_wall: float = 600.0
    """For each percent beyond the edge."""
    macro_wall: float = 40.0
    breach: float = 100_000.0
    """For each limit that is broken."""
    taste: float = 12.0
    """The most that the seed's liking of a dish is worth."""
    cuisine: tuple[float, ...] = (10.0, 20.0, 30.0, 40.0)
    """For a dish of another cuisine than those the person likes best. By how much it matters that foods are used up,
    which would otherwise count for more than what is liked."""
    liking: tuple[float, ...] = (10.0, 20.0, 30.0, 40.0)
    """Off a favourite, in the same way."""
    too_long: float = 10.0
    """For a dish that the person finds too long."""
    meat_or_fish: float = 40.0
    """For each meal of a week with, or main without, that is more than the person asked for."""
    favour: tuple[float, ...] = (40.0, 60.0, 80.0, 100.0)
    """Off a favoured dish that the plan has not served yet, in the same way."""
    staying: float = 20.0
    """Off a dish that stands where a menu is planned again."""
    limit: float = 0.006
    """For a squared percent beyond a limit of a day."""
    limit_edge: float = 50.0
    """Where that becomes a straight slope, in percent; it stays as steep as it is there, far below a target's wall."""
    recency: float = 20.0
    """For a dish of yesterday; nothing after `MEMORY_DAYS`, evenly between."""
    variety: float = 1.0
    """For each earlier main of the week with the same protein, and as much for its cuisine."""
    portion: float = 1.0
    """For each serving that a portion lies away from one."""

    bought: tuple[float, ...] = (0.0, 2.0, 4.0, 6.0)
    """For each food that a week buys, by how much it matters that foods are used up."""
    once: tuple[float, ...] = (0.0, 2.0, 4.0, 6.0)
    """For each of these that spoils and that one meal uses alone, beside that."""
    repeat: tuple[float, ...] = (0.0, 3.0, 6.0, 12.0)
    """For each dish that is served at all and is no main, by how much it matters that such dishes come again."""
    piece: tuple[float, ...] = (0.0, 4.0, 8.0, 16.0)
    """For each food of a meal that is counted and not whole, by how much that matters."""
    serving: tuple[float, ...] = (0.0, 1.0, 2.0, 4.0)
    """For a meal that is not one serving."""
    minute: tuple[float, ...] = (0.0, 0.2, 0.4, 0.8)
    """For each minute in the kitchen."""

    def slopes(self, figures: int) -> Floats:
        """Return the cost of a squared percent for each of `model.FIGURES` and the limits after them."""
        return self._each((self.kcal, self.macro, self.macro, self.macro), self.limit, figures)

    def walls(self, figures: int) -> Floats:
        """Return the cost of a percent beyond the edge for each figure."""
        limit = 2 * self.limit * self.limit_edge
        return self._each((self.kcal_wall, self.macro_wall, self.macro_wall, self.macro_wall), limit, figures)

    def least_prices(self, figures: int) -> Doubles:
        """Return the lowest price of each figure at which some deviation is the best; the highest are the walls."""
        lows: Doubles = -self.walls(figures).astype(np.float64)
        lows[len(FIGURES) :] = 0.0
        return lows

    def staleness(self, days_ago: int | None) -> float:
        """Return the points for a dish that was eaten `days_ago`, or never as far as is remembered."""
        if days_ago is None:
            return 0.0
        return self.recency * max(0.0, 1 - max(0, days_ago - 1) / MEMORY_DAYS)

    def deviation(self, off: Floats) -> Floats:
        """Return the points of deviations `off` in percent, shape (4, n), figures in the order of `model.FIGURES`."""
        off = np.abs(off)
        near = np.minimum(off, np.float32(self.edge))
        points: Floats = self.slopes(len(FIGURES)) @ (near * near) + self.walls(len(FIGURES)) @ (off - near)
        return points

    def excess(self, off: Floats) -> Floats:
        """Return the points of what lies beyond limits by `off` percent, shape (limits, n); below nothing is free."""
        off = np.maximum(off, np.float32(0))
        near = np.minimum(off, np.float32(self.limit_edge))
        slope, wall = np.float32(self.limit), np.float32(2 * self.limit * self.limit_edge)
        points: Floats = (slope * near * near + wall * (off - near)).sum(axis=0)
        return points

    def day_points(self, off: Floats) -> Floats:
        """Return the points of `off`, whose rows are deviations first and then what lies beyond limits."""
        return self.deviation(off[: len(FIGURES)]) + self.excess(off[len(FIGURES) :])

    def nearest(self, prices: Doubles) -> Doubles:
        """Return the deviation of each figure that costs least when a percent of it earns its price."""
        edges = self.edges(prices.size)
        points: Doubles = np.clip(prices / (2 * self.bends(prices.size)), -edges, edges)
        return points

    def priced_least(self, prices: Doubles) -> Doubles:
        """Return what that deviation costs less what it earns, for each figure."""
        near = self.nearest(prices)
        points: Doubles = self.bends(prices.size) * near * near - prices * near
        return points

    def priced_within(self, prices: Doubles, budget: float) -> tuple[Floats, Floats]:
        """Return between what each figure may deviate, so that it costs at most `budget` more than the least."""
        slopes, walls = self.bends(prices.size), self.walls(prices.size).astype(np.float64)
        edges = self.edges(prices.size)
        most = self.priced_least(prices) + budget
        root = np.sqrt(np.maximum(prices**2 + 4 * slopes * most, 0))
        ends = []
        for sign in (-1, 1):
            at_edge = slopes * edges**2 - sign * prices * edges
            beyond = edges + (most - at_edge) / np.maximum(walls - sign * prices, 1e-6)
            end = np.where(most > at_edge, sign * beyond, (prices + sign * root) / (2 * slopes))
            ends.append((end + sign * _ROUNDING).astype(np.float32))
        # What lies within a limit costs nothing but its price.
        within = -np.maximum(most, 0) / np.maximum(prices, 1e-6)
        ends[0][len(FIGURES) :] = np.minimum(ends[0], within - _ROUNDING)[len(FIGURES) :]
        return ends[0], ends[1]

    def edges(self, figures: int) -> Floats:
        """Return where the wall of each figure begins."""
        return self._each((self.edge,) * len(FIGURES), self.limit_edge, figures)

    def bends(self, figures: int) -> Doubles:
        """Return the slopes, never quite nothing, so that they can be divided by."""
        return np.maximum(self.slopes(figures).astype(np.float64), 1e-6)

    def _each(self, exact: tuple[float, ...], limit: float, figures: int) -> Floats:
        return np.array([*exact, *[limit] * (figures - len(exact))], np.float32)
