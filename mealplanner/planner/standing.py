"""A menu as it stands: what its days serve now, which a change of some meals has to go around. Pure values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from mealplanner.planner.model import FIGURES, TOLERANCE, Nutrients, PlanRequest
from mealplanner.planner.results import PlannedMeal, Shortfall

Place = tuple[int, int]
"""A day and a slot of the day, both counted from zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingDay:
    """What one day serves. A slot of the request that is not in `meals` is skipped."""

    meals: Mapping[int, PlannedMeal] = field(default_factory=dict)
    """Slot -> its meal."""
    reserved: frozenset[int] = frozenset()
    """Skipped slots whose share of the day's target is eaten elsewhere, and so is not given to the other meals."""

    @property
    def totals(self) -> Nutrients:
        """What the meals hold together."""
        return sum((meal.nutrients for meal in self.meals.values()), Nutrients())


def cleared(day: StandingDay, slots: Collection[int]) -> StandingDay:
    """Return `day` with nothing at `slots`, where something is to be served."""
    meals = {slot: meal for slot, meal in day.meals.items() if slot not in slots}
    return StandingDay(meals=meals, reserved=day.reserved.difference(slots))


def elsewhere(request: PlanRequest, day: StandingDay) -> Nutrients:
    """Return what is counted for the meals of `day` that are eaten elsewhere."""
    return request.target * sum(request.slots[slot].share for slot in day.reserved)


def own_target(request: PlanRequest, day: StandingDay) -> Nutrients:
    """Return what the meals of `day` should add up to: the target without what is eaten elsewhere."""
    return request.target * (1 - sum(request.slots[slot].share for slot in day.reserved))


def shortfalls_of(request: PlanRequest, number: int, day: StandingDay) -> Iterator[Shortfall]:
    """Yield the figures of `day`, the `number`th, that lie outside the tolerance.

    The tolerance is that of the whole day's target, also where a part of it is eaten elsewhere.
    """
    totals, target = day.totals, own_target(request, day)
    for nutrient in FIGURES:
        aim, actual = getattr(target, nutrient), getattr(totals, nutrient)
        if abs(actual - aim) > TOLERANCE * getattr(request.target, nutrient):
            yield Shortfall(day=number, nutrient=nutrient, target=aim, actual=actual)
