"""What a day can reach at most and at least with the dishes there are: a bound, so what lies outside is impossible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mealplanner.planner.limits import energy_gap
from mealplanner.planner.model import FIGURES, TOLERANCE, PlanRequest
from mealplanner.planner.pool import Dish


@dataclass(frozen=True, slots=True)
class Reach:
    """The least and the most grams of a macro that a day of the target's energy can hold."""

    nutrient: str
    target: float
    least: float
    most: float

    @property
    def possible(self) -> bool:
        """Whether a day within the tolerance may exist; when False, none does."""
        # The energy has its own tolerance, so a day may hold that much more or less of everything.
        low, high = self.least * (1 - TOLERANCE), self.most * (1 + TOLERANCE)
        return self.target * (1 + TOLERANCE) >= low and self.target * (1 - TOLERANCE) <= high


def reaches(request: PlanRequest, dishes: Sequence[Dish], windows: Sequence[float]) -> tuple[Reach, ...]:
    """The reach of each macro, when every slot serves `dishes` within `windows` of its share of the energy.

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


def _ratios(request: PlanRequest, dishes: Sequence[Dish], windows: Sequence[float], nutrient: str) -> list[list[float]]:
    """For each slot, the grams per kcal of the dishes that fit it."""
    return [
        [
            getattr(dish.serving, nutrient) / dish.serving.kcal
            for dish in dishes
            if slot.kind in dish.recipe.kinds
            and dish.serving.kcal > 0
            and energy_gap(dish.serving.kcal, request.target.kcal * slot.share) <= window
        ]
        for slot, window in zip(request.slots, windows, strict=True)
    ]


def _most(request: PlanRequest, ratios: Sequence[Sequence[float]], windows: Sequence[float]) -> float:
    """The most grams: each slot at its least energy, the energy that is left where it gives the most."""
    kcal = request.target.kcal
    slots = [
        (max(values, default=0.0), kcal * slot.share, min(window, 1.0))
        for values, slot, window in zip(ratios, request.slots, windows, strict=True)
    ]
    grams = sum(ratio * norm * (1 - window) for ratio, norm, window in slots)
    left = sum(norm * window for _, norm, window in slots)
    for ratio, norm, window in sorted(slots, reverse=True):
        added = min(left, 2 * window * norm)
        grams += ratio * added
        left -= added
    return grams
