"""A day to be filled, and the prices of its figures that show best what it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mealplanner.planner.scoring import Doubles, Floats, Ints, Scoring

_HEATS: Final = (256.0, 32.0, 4.0, 1.0, 0.25)
"""How soft the choice of an option is while prices are sought, in points."""

_LAST_HEATS: Final = 2
"""How many of them are enough where similar prices are known."""

_STEPS: Final = 8
"""Newton steps at each heat at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meal:
    """What can be served at one place of a day, one column for each option."""

    own: Doubles
    """What each costs by itself."""
    figures: Floats
    """Shape (figures, options)."""
    minutes: Floats
    dish: Ints
    """Two meals of a day do not serve the same; a negative number goes with all. So with `protein`."""
    protein: Ints
    serving: Ints
    """A number for each dish and portion."""
    twins: NDArray[np.bool_]
    """Shape (meals, options): whether the same serving could stand at each other meal. Of two days that are the same
    but for their order, only one is looked at."""

    def only(self, rows: Ints) -> Meal:
        """Return the meal with those options alone."""
        return Meal(
            own=self.own[rows],
            figures=self.figures[:, rows],
            minutes=self.minutes[rows],
            dish=self.dish[rows],
            protein=self.protein[rows],
            serving=self.serving[rows],
            twins=self.twins[:, rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day to be filled."""

    meals: Sequence[Meal]
    lacking: Floats
    """What it lacks of each figure."""
    minutes: float
    """What is left of its cooking."""


def best_prices(day: Day, scoring: Scoring, start: Doubles | None = None) -> Doubles:
    """Return the prices of the figures that show best what a day needs: about those with the highest bound.

    The minimum over a meal's options is softened, ever less, so that Newton's method finds the prices. `start` is
    where it begins, prices of a similar day.
    """
    figures = day.lacking.size
    low, high = scoring.least_prices(figures), scoring.walls(figures).astype(np.float64)
    prices, heats = (np.zeros(figures), _HEATS) if start is None else (start, _HEATS[-_LAST_HEATS:])
    for heat in heats:
        value, slope, bend = _softened(day, scoring, prices, heat)
        for _ in range(_STEPS):
            # Most limits do not bind, so that their price would fall below nothing.
            free = (prices > 0) | (slope > 0) | (low < 0)
            step = np.zeros(figures)
            step[free] = np.linalg.solve(bend[np.ix_(free, free)], slope[free])
            tried = np.clip(prices + step, low, high)
            after = _softened(day, scoring, tried, heat)
            while after[0] < value and np.abs(step).max() > 1e-3:
                step /= 4
                tried = np.clip(prices + step, low, high)
                after = _softened(day, scoring, tried, heat)
            if after[0] < value + 0.02:
                break
            prices, (value, slope, bend) = tried, after
    return prices


def _softened(day: Day, scoring: Scoring, prices: Doubles, heat: float) -> tuple[float, Doubles, Doubles]:
    """Return the softened bound at `prices`, its slope, and how it bends."""
    nearest = scoring.nearest(prices)
    value = float(scoring.priced_least(prices).sum() - prices @ day.lacking)
    slope: Doubles = -day.lacking.astype(np.float64) - nearest
    count = prices.size
    bend = np.diag(np.where(np.abs(nearest) < scoring.edges(count), 0.5 / scoring.bends(count), 1e-4))
    for meal in day.meals:
        dear = meal.own + prices @ meal.figures
        low = dear.min()
        near = np.flatnonzero(dear < low + 30 * heat)
        weight = np.exp((low - dear[near]) / heat)
        whole = weight.sum()
        weight /= whole
        figures = meal.figures[:, near].astype(np.float64)
        mean = figures @ weight
        value += float(low - heat * np.log(whole))
        slope += mean
        off = figures - mean[:, None]
        bend += (off * weight) @ off.T / heat
    return value, slope, bend
