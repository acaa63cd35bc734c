"""What the search minimises: points for missing a target, and for what people like less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

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
    cuisine: float = 10.0
    """For a dish of another cuisine than those the person likes best."""
    liking: float = 10.0
    """Off a favourite."""
    too_long: float = 10.0
    """For a dish that the person finds too long."""
    favour: float = 40.0
    """Off a favoured dish that the plan has not served yet."""
    staying: float = 20.0
    """Off a dish that stands where a menu is planned again."""
    recency: float = 20.0
    """For a dish of yesterday; nothing after `MEMORY_DAYS`, evenly between."""
    variety: float = 1.0
    """For each earlier main of the week with the same protein, and as much for its cuisine."""
    portion: float = 1.0
    """For each serving that a portion lies away from one."""
    misfit: float = 0.2
    """For each percent that the macros of a dish lie from the target's, on average; only ranks the shortlist."""
    strict_misfit: float = 1.0
    """The same for the second shortlist, when a week made of the first misses a target."""

    @property
    def slopes(self) -> Floats:
        """The cost of a squared percent for each of `model.FIGURES`."""
        return np.array([self.kcal, self.macro, self.macro, self.macro], np.float32)

    @property
    def walls(self) -> Floats:
        """The cost of a percent beyond the edge for each of `model.FIGURES`."""
        return np.array([self.kcal_wall, self.macro_wall, self.macro_wall, self.macro_wall], np.float32)

    def staleness(self, days_ago: int | None) -> float:
        """Return the points for a dish that was eaten `days_ago`, or never as far as is remembered."""
        if days_ago is None:
            return 0.0
        return self.recency * max(0.0, 1 - max(0, days_ago - 1) / MEMORY_DAYS)

    def deviation(self, off: Floats) -> Floats:
        """Return the points of deviations `off` in percent, shape (4, n), figures in the order of `model.FIGURES`."""
        off = np.abs(off)
        near = np.minimum(off, np.float32(self.edge))
        points: Floats = self.slopes @ (near * near) + self.walls @ (off - near)
        return points
