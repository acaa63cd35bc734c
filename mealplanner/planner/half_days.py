"""Combinations of the options of some meals of a day, the cheapest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mealplanner.planner.day_prices import Meal
from mealplanner.planner.near import counted
from mealplanner.planner.scoring import Doubles, Floats, Ints


@dataclass(frozen=True, slots=True)
class Half:
    """Combinations of the options of some meals, in order of `excess`."""

    places: tuple[int, ...]
    rows: Ints
    """Shape (places, combinations)."""
    excess: Doubles
    figures: Floats
    minutes: Floats


def together(meals: Sequence[Meal], here: int, rows: Ints, there: int, columns: Ints) -> NDArray[np.bool_]:
    """Return whether options of two meals may be served on one day, and in this order."""
    if here > there:
        return together(meals, there, columns, here, rows)
    one, two = meals[here], meals[there]
    dish, protein = one.dish[rows], one.protein[rows]
    kept: NDArray[np.bool_] = ((dish < 0) | (dish != two.dish[columns])) & (
        (protein < 0) | (protein != two.protein[columns])
    )
    turned = one.twins[there, rows] & two.twins[here, columns] & (one.serving[rows] > two.serving[columns])
    allowed: NDArray[np.bool_] = kept & ~turned
    return allowed


def combined(meals: Sequence[Meal], places: tuple[int, ...], budget: float, width: int) -> tuple[Half, float]:
    """Return about the `width` best combinations of options with an excess of at most `budget`, and below what excess
    they are all."""
    figures = meals[0].figures.shape[0]
    half = Half((), np.empty((0, 1), np.intp), np.zeros(1), np.zeros((figures, 1), np.float32), np.zeros(1, np.float32))
    complete = np.inf
    for place in places:
        meal, most = meals[place], budget
        # Both are in order, so that each combination goes with the first so many options.
        ends = np.searchsorted(meal.own, most - half.excess, side="right")
        while ends.sum() > 4 * width:
            most *= 0.9
            complete = min(complete, most)
            ends = np.searchsorted(meal.own, most - half.excess, side="right")
        left, right = np.repeat(np.arange(ends.size), ends), counted(np.zeros_like(ends), ends)
        kept = np.ones(left.size, np.bool_)
        for other, before in enumerate(half.places):
            kept &= together(meals, before, half.rows[other, left], place, right)
        left, right = left[kept], right[kept]
        excess = half.excess[left] + meal.own[right]
        if excess.size > width:
            edge = np.partition(excess, width)[width]
            complete = min(complete, float(edge))
            near = np.flatnonzero(excess <= edge)
            order = near[np.argsort(excess[near], kind="stable")[:width]]
        else:
            order = np.argsort(excess, kind="stable")
        left, right = left[order], right[order]
        half = Half(
            (*half.places, place),
            np.concatenate([half.rows[:, left], right[None]]),
            excess[order],
            half.figures[:, left] + meal.figures[:, right],
            half.minutes[left] + meal.minutes[right],
        )
    return half, complete
