"""The least and the most that a day can hold of energy and each macro: a bound, so what lies outside is impossible."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mealplanner.planner.limits import energy_gap
from mealplanner.planner.model import FIGURES, TOLERANCE, PlanRequest
from mealplanner.planner.pool import Dish


@dataclass(frozen=True, slots=True)
class Reach:
    """The least and the most of a figure that a day can hold: kcal, or grams in a day of the target's energy."""

    nutrient: str
    target: float
    least: float
    most: float

    @property
    def possible(self) -> bool:
        """Whether a day within the tolerance may exist; when False, none does."""
        # The energy has its own tolerance, so a day may hold that much more or less of each macro.
        slack = TOLERANCE if self.nutrient != "kcal" else 0.0
        low, high = self.least * (1 - slack), self.most * (1 + slack)
        return self.target * (1 + TOLERANCE) >= low and self.target * (1 - TOLERANCE) <= high


def energy_reach(request: PlanRequest, dishes: Sequence[Dish]) -> Reach:
    """Return the reach of a day's energy: the smallest portions of dishes, and the largest.

    No dish comes twice in a day, unless there are too few. Every slot needs a dish of its kind.
    """
    least = most = 0.0
    for kind, count in Counter(slot.kind for slot in request.slots).items():
        fitting = [dish for dish in dishes if kind in dish.recipe.kinds]
        smallest = sorted(dish.serving.kcal * min(dish.portions) for dish in fitting)
        largest = sorted(dish.serving.kcal * max(dish.portions) for dish in fitting)
        different = min(count, len(fitting))
        least += sum(smallest[:different]) * count / different
        most += sum(largest[-different:]) * count / different
    return Reach("kcal", request.target.kcal, least, most)


def macro_reaches(request: PlanRequest, dishes: Sequence[Dish], windows: Sequence[float]) -> tuple[Reach, ...]:
    """Return the reach of each macro, when every slot serves `dishes` within `windows` of its share of the energy.

    Every slot needs a dish that fits it; without one the reach is all nothing.
    """
    return tuple(
        Reach(
            nutrient,
            getattr(request.target, nutrient),
            -_most(request, [[-ratio for ratio in slot] for slot in ratios], windows),
            _most(request, ratios, windows),
        )
        for nutrient in FIGURES[1:]
        for ratios in (_ratios(request, dishes, windows, nutrient),)
    )


def macros_possible(request: PlanRequest, dishes: Sequence[Dish]) -> bool:
    """Whether no bound rules out that `dishes` meet the target's macros, however the meals share the energy."""
    anything = (math.inf,) * len(request.slots)
    return all(reach.possible for reach in macro_reaches(request, dishes, anything))


def _ratios(request: PlanRequest, dishes: Sequence[Dish], windows: Sequence[float], nutrient: str) -> list[list[float]]:
    """Return, for each slot, the grams per kcal of the dishes that fit it."""
    return [
        [
            getattr(dish.serving, nutrient) / dish.serving.kcal
            for dish in dishes
            if slot.kind in dish.recipe.kinds
            and dish.serving.kcal > 0
            and energy_gap(dish.serving.kcal, request.target.kcal * slot.share, dish.portions) <= window
        ]
        for slot, window in zip(request.slots, windows, strict=True)
    ]


def _most(request: PlanRequest, ratios: Sequence[Sequence[float]], windows: Sequence[float]) -> float:
    """Return the most grams: each slot at its least energy, the energy that is left where it gives the most."""
    kcal = request.target.kcal
    slots = [
        (max(values, default=0.0), kcal * slot.share, window)
        for values, slot, window in zip(ratios, request.slots, windows, strict=True)
    ]
    grams = sum(ratio * norm * (1 - min(window, 1.0)) for ratio, norm, window in slots)
    left = sum(norm * min(window, 1.0) for _, norm, window in slots)
    for ratio, norm, window in sorted(slots, reverse=True):
        added = min(left, norm * (min(window, 1.0) + window))
        grams += ratio * added
        left -= added
    return grams
