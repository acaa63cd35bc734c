"""Plans with changed preferences, made to see what the changes bring.

Changes are sketched for one day and for three, and when each of them meets its targets, a week is planned as it would
be for the changed request. The number of trials is bounded and the request's seed drives them: equal requests get equal
trials.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Final

from mealplanner.planner.candidates import (
    Changes,
    Split,
    between,
    nearest_split,
    split_changes,
    target_split,
    usual_split,
)
from mealplanner.planner.limits import WEEK
from mealplanner.planner.model import PlanRequest
from mealplanner.planner.pool import Dish
from mealplanner.planner.preference_changes import admitted, applied
from mealplanner.planner.reach import energy_reach, macros_possible
from mealplanner.planner.results import PlannedDay
from mealplanner.planner.weeks import plan_weeks, shortfalls, sketch

_MOST: Final = 40
"""Trials for one request at most."""

_SKETCHED_DAYS: Final = (1, 3)
"""How many days are sketched, one after the other, until a day misses a target."""

_STEPS: Final = 6
"""Trials for candidates of one sort at most."""

_TOWARDS_USUAL: Final = (0.0, 0.0, 0.2, 0.4, 0.7, 1.0)
"""How far each try of a split moves from what the days came to towards the usual split of the dishes."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Changes, and the days that were planned with them."""

    changes: Changes
    request: PlanRequest
    days: Sequence[PlannedDay]

    @property
    def met(self) -> int:
        return days_met(self.days, self.request)

    @property
    def succeeds(self) -> bool:
        return self.met == len(self.days)

    @property
    def meets_energy(self) -> bool:
        return not any(item.nutrient == "kcal" for item in shortfalls(self.days, self.request.target))


def days_met(days: Sequence[PlannedDay], request: PlanRequest) -> int:
    """Return how many of `days` meet every target of `request`."""
    return len(days) - len({item.day for item in shortfalls(days, request.target)})


class Trials:
    """The trials for one request; there are at most `_MOST`.

    `catalogue` holds all dishes of every kind as the request's filters see them. `checkpoint` may raise to stop.
    """

    def __init__(self, request: PlanRequest, catalogue: Sequence[Dish], checkpoint: Callable[[], None]) -> None:
        self.request = request
        self.catalogue = catalogue
        self.checkpoint = checkpoint
        self._left = _MOST

    def first_success(self, steps: Iterable[Changes], *, for_energy: bool = False) -> Trial | None:
        """Return a trial of the first of `steps` that meets every target, else of the best.

        With `for_energy`, only the target of energy has to be met.
        """
        best: Trial | None = None
        trials = (trial for step in steps for trial in [self._trial(step, for_energy=for_energy)] if trial)
        for _, trial in zip(range(_STEPS), trials, strict=False):
            if trial.succeeds or (for_energy and trial.meets_energy):
                return trial
            if best is None or trial.met > best.met:
                best = trial
        return None if for_energy else best

    def split(self, base: Changes, days: Sequence[PlannedDay]) -> Trial | None:
        """Return a trial of `base` with the split that lies nearest to the one asked for, in whole percents.

        The search begins at what `days` come to and moves towards the usual split of the dishes until one succeeds,
        then back towards the one that was asked for.
        """
        request, dishes = self.changed(base)
        wanted, usual = target_split(request.target), usual_split(request, dishes)
        far = nearest_split(days, request.target.kcal)
        found: Trial | None = None
        tried = {wanted}
        for part in _TOWARDS_USUAL:
            far = between(far, usual, part)
            if far in tried:
                continue
            tried.add(far)
            trial = self._trial((*base, *split_changes(far)))
            if trial and (found is None or trial.met > found.met):
                found = trial
            if trial and trial.succeeds:
                return self._back(base, trial, wanted, far)
            if trial and not part:
                far = nearest_split(trial.days, request.target.kcal)
        return found

    def week(self, request: PlanRequest, dishes: Sequence[Dish]) -> Sequence[PlannedDay]:
        """Return the days of a week that is planned with the usual effort."""
        week = replace(request, days=min(request.days, WEEK))
        return plan_weeks(week, dishes, lambda _step, _steps: self.checkpoint())[0]

    def changed(self, changes: Changes) -> tuple[PlanRequest, tuple[Dish, ...]]:
        """Return the request with `changes`, and the dishes that it admits."""
        request = reduce(applied, changes, self.request)
        return request, admitted(request, self.catalogue)

    def _back(self, base: Changes, found: Trial, near: Split, far: Split) -> Trial:
        """Return the success nearest to `near` that halving its distance to `far`, where `found` is, comes to."""
        for _ in range(2):
            middle = between(near, far, 0.5)
            if middle in (near, far):
                break
            if (trial := self._trial((*base, *split_changes(middle)))) and trial.succeeds:
                found, far = trial, middle
            else:
                near = middle
        return found

    def _trial(self, changes: Changes, *, for_energy: bool = False) -> Trial | None:
        """Return a plan with `changes`; None when a bound rules it out, or when no trial is left.

        With `for_energy`, the bounds of the macros do not count, and one day is enough.
        """
        request, dishes = self.changed(changes)
        kinds = {kind for dish in dishes for kind in dish.recipe.kinds}
        if not self._left or not {slot.kind for slot in request.slots} <= kinds:
            return None
        if not energy_reach(request, dishes).possible or not (for_energy or macros_possible(request, dishes)):
            return None
        self._left -= 1
        days = min(request.days, WEEK)
        for sketched in _SKETCHED_DAYS[: 1 if for_energy else None]:
            trial = Trial(changes, request, sketch(request, dishes, min(sketched, days), self.checkpoint))
            if for_energy or not trial.succeeds:
                return trial
        return Trial(changes, request, self.week(request, dishes))
