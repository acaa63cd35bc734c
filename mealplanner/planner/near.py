"""Pairs of points and windows in four dimensions, found by sorting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from mealplanner.planner.scoring import Floats, Ints

_BLOCK: Final = 400_000
"""Pairs of halves that are weighed at a time, about."""


def pairs_near(lows: Floats, highs: Floats, figures: Floats) -> Iterator[tuple[Ints, Ints]]:
    """Yield pairs of a window and a point, at least those where the point lies in the window.

    Points are sorted into cells of two macros, as wide as a window, and by energy within a cell; a window touches two
    cells each way.
    """
    widths = (highs - lows)[:, 0].astype(np.float64)
    origin = figures.min(axis=1).astype(np.float64)
    span = float(figures[0].max()) - origin[0] + 1.0
    cells = [np.floor((figures[axis] - origin[axis]) / widths[axis]).astype(np.int64) for axis in (1, 2)]
    counts = [int(cell.max()) + 1 for cell in cells]
    keys = (cells[0] * counts[1] + cells[1]) * span + (figures[0] - origin[0])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    corner = [np.floor((lows[axis] - origin[axis]) / widths[axis]).astype(np.int64) for axis in (1, 2)]
    bottom = np.clip(lows[0] - origin[0], 0, span)
    top = np.clip(highs[0] - origin[0], -1, span - 0.5)
    for x, y in ((corner[0] + a, corner[1] + b) for a in (0, 1) for b in (0, 1)):
        windows = np.flatnonzero((x >= 0) & (x < counts[0]) & (y >= 0) & (y < counts[1]) & (bottom <= top))
        cell = (x[windows] * counts[1] + y[windows]) * span
        starts = np.searchsorted(keys, cell + bottom[windows], side="left")
        sizes = np.maximum(np.searchsorted(keys, cell + top[windows], side="right") - starts, 0)
        for part in _blocks(sizes):
            yield np.repeat(windows[part], sizes[part]), order[counted(starts[part], sizes[part])]


def _blocks(sizes: Ints) -> Iterator[slice]:
    """Yield slices of `sizes` that sum to about `_BLOCK`."""
    sums = np.cumsum(sizes)
    begin = 0
    while begin < sizes.size:
        before = int(sums[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(sums, before + _BLOCK, side="right")))
        yield slice(begin, end)
        begin = end


def counted(starts: Ints, sizes: Ints) -> Ints:
    """Return start, start + 1 and so on for each start, as many as its size, one after the other."""
    ends = np.cumsum(sizes)
    return np.arange(int(ends[-1]) if ends.size else 0) + np.repeat(starts - ends + sizes, sizes)
