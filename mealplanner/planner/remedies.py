"""What to change when a plan is not what was asked for. Every proposal is computed before it is made.

Candidates are tried in the order in which they would be told, so three that succeed are enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from mealplanner.planner.candidates import Changes, sizes, together, widening, without
from mealplanner.planner.favourites import is_favourite, is_scarce, scarce, too_few_favourites
from mealplanner.planner.limits import WEEK
from mealplanner.planner.model import MAIN, PlanRequest
from mealplanner.planner.pool import Dish
from mealplanner.planner.preference_changes import admitted, safety
from mealplanner.planner.reach import energy_reach
from mealplanner.planner.results import PlannedDay, Remedy
from mealplanner.planner.trials import Trial, Trials, days_met

MOST: Final = 3
"""Remedies that are told."""

_ALLERGY: Final = 2
"""What `safety` says of a change that lifts what may be an allergy."""

_ORDER: Final = ("snacks_per_day", "meal_times", "calorie_goal", "macros")
"""Which of two remedies that bring the same is told first."""


def find_remedies(
    request: PlanRequest,
    catalogue: Sequence[Dish],
    planned: Sequence[PlannedDay],
    short: Collection[str],
    checkpoint: Callable[[], None],
) -> tuple[Remedy, ...]:
    """Return what helps `request`, the best first, at most `MOST`.

    `catalogue` holds all dishes of every kind as the request's filters see them. `planned` is what was planned, nothing
    when a kind has no dish. `short` names the kinds with too few dishes. `checkpoint` may raise to stop.
    """
    search = _Search(request, catalogue, planned, short, checkpoint)
    wider = widening(request, catalogue, short or {slot.kind for slot in request.slots})
    if not planned:
        candidates = list(dict.fromkeys([*wider, *together(request, catalogue, short), *without(request, short)]))
        tried = search.remedies(search.trials.first_success([changes]) for changes in candidates)
        if any(remedy.days_met for remedy in tried):
            return search.best(tried)
        counted = search.counted(candidates)
        return search.best([remedy for remedy in counted if set(short) <= remedy.gained.keys()] or counted)
    choice = search.best(search.counted(dict.fromkeys([*wider, *search.for_favourites(), *search.for_meat_or_fish()])))
    if search.met == len(search.planned):
        return choice
    found = search.best(search.remedies(search.for_targets(wider)))
    return found if any(map(search.widens, found)) else (*found[: MOST - 1], *choice[:1])


class _Search:
    """The search for what helps one request: what is tried, and how it compares with what was planned."""

    def __init__(
        self,
        request: PlanRequest,
        catalogue: Sequence[Dish],
        planned: Sequence[PlannedDay],
        short: Collection[str],
        checkpoint: Callable[[], None],
    ) -> None:
        self.request = request
        self.catalogue = catalogue
        self.planned = planned[:WEEK]
        self.short = short
        self.trials = Trials(request, catalogue, checkpoint)
        self.dishes = admitted(request, catalogue)
        self.met = days_met(self.planned, request)
        self.favourites = sum(is_favourite(request, dish) for dish in self.dishes)
        self.scarce = scarce(request, self.dishes)
        self.few_favourites = too_few_favourites(request, self.dishes)
        self.succeeded = 0

    def for_targets(self, wider: Sequence[Changes]) -> Iterator[Trial | None]:
        """Yield trials of what may help days to meet their targets: by itself first, then with another split.

        `wider` are the changes that let in more dishes.
        """
        resized = list(sizes(self.request, self.catalogue, self.planned))
        yield from (self.trials.first_success([changes]) for changes in wider if not safety(changes))
        yield from map(self.trials.first_success, resized)
        if energy_reach(self.request, self.dishes).possible:
            yield self.trials.split((), self.planned)
        yield from (self.trials.first_success([changes]) for changes in wider if safety(changes))
        for steps in resized if not self.succeeded else ():
            if fed := self.trials.first_success(steps, for_energy=True):
                yield self.trials.split(fed.changes, fed.days)

    def remedies(self, trials: Iterable[Trial | None]) -> list[Remedy]:
        """Return those of `trials` that succeed, as far as remedies are told, else the one that comes nearest."""
        tried: list[Trial] = []
        for trial in filter(None, trials):
            tried.append(trial)
            self.succeeded += trial.succeeds
            if self.succeeded == MOST:
                break
        if self.succeeded:
            return [self.remedy(one.changes, one.met, len(one.days)) for one in tried if one.succeeds]
        found = sorted((self.remedy(one.changes, one.met, len(one.days)) for one in tried), key=self.rank)
        # A part of the days is told as it will come out, so that takes the whole effort.
        return [self._in_earnest(remedy) for remedy in found[:1]]

    def for_favourites(self) -> list[Changes]:
        """Return the wishes without which there are the most mains of the favourite cuisines, if those are too few."""
        if not self.few_favourites:
            return []
        favourites = [dish for dish in self.catalogue if is_favourite(self.request, dish)]
        return [changes for changes in widening(self.request, favourites, {MAIN}) if not safety(changes)]

    def for_meat_or_fish(self) -> list[Changes]:
        """Return the changes that let in the most mains with meat or fish, or without, if those are too few."""
        if self.scarce is None:
            return []
        wanted = [dish for dish in self.catalogue if is_scarce(dish, self.scarce)]
        return [changes for changes in widening(self.request, wanted, {MAIN}) if safety(changes) < _ALLERGY]

    def counted(self, candidates: Iterable[Changes]) -> list[Remedy]:
        """Return `candidates` as remedies that only let in dishes."""
        return [self.remedy(changes, 0, 0) for changes in candidates]

    def remedy(self, changes: Changes, met: int, tried: int) -> Remedy:
        """Return `changes` as a remedy, after counting the dishes that they let in."""
        kinds = sorted({slot.kind for slot in self.request.slots})
        dishes = self.trials.changed(changes)[1]
        before, after = Counter(_kinds(self.dishes)), Counter(_kinds(dishes))
        gained = {kind: after[kind] - before[kind] for kind in kinds if after[kind] > before[kind]}
        favourites = sum(is_favourite(self.request, dish) for dish in dishes) - self.favourites
        more = self._scarce_among(dishes) - self._scarce_among(self.dishes)
        return Remedy(
            changes=changes,
            days_met=met,
            days_tried=tried,
            gained=gained,
            favourites=max(0, favourites),
            with_meat_or_fish=more if self.scarce is True else 0,
            without_meat_or_fish=more if self.scarce is False else 0,
        )

    def best(self, found: Iterable[Remedy]) -> tuple[Remedy, ...]:
        """Return those of `found` that help, the best first, at most `MOST`."""
        best: list[Remedy] = []
        for remedy in sorted(filter(self._helps, found), key=self.rank):
            parts = [one for one in best if set(one.changes) < set(remedy.changes)]
            if all(remedy.days_met > one.days_met or self.widens(remedy) > self.widens(one) for one in parts):
                best.append(remedy)
        return tuple(best[:MOST])

    def widens(self, remedy: Remedy) -> int:
        """Return how many more dishes there are of those that are too few: of a kind, a favourite cuisine, with meat or
        fish."""
        kinds = sum(remedy.gained.get(kind, 0) for kind in self.short)
        wishes = remedy.with_meat_or_fish + remedy.without_meat_or_fish
        return kinds + wishes + (remedy.favourites if self.few_favourites else 0)

    def _scarce_among(self, dishes: Sequence[Dish]) -> int:
        return sum(is_scarce(dish, self.scarce) for dish in dishes)

    def _helps(self, remedy: Remedy) -> bool:
        """Whether more days meet their targets, or as many with more dishes where there are too few."""
        better = remedy.days_met - (self.met if remedy.days_tried else 0)
        return better > 0 or (better == 0 and self.widens(remedy) > 0)

    def rank(self, remedy: Remedy) -> tuple[int, float, int, int, int, int, Changes]:
        """Return the place of `remedy`: wishes before diets and allergies, then by what it brings."""
        first = remedy.changes[0].preference
        return (
            safety(remedy.changes),
            -remedy.days_met / (remedy.days_tried or 1),
            len(remedy.changes),
            -self.widens(remedy),
            -sum(remedy.gained.values()),
            _ORDER.index(first) if first in _ORDER else len(_ORDER),
            remedy.changes,
        )

    def _in_earnest(self, remedy: Remedy) -> Remedy:
        """Return `remedy` with the days that meet their targets when a week is planned with the usual effort."""
        request, dishes = self.trials.changed(remedy.changes)
        days = self.trials.week(request, dishes)
        return replace(remedy, days_met=days_met(days, request), days_tried=len(days))


def _kinds(dishes: Sequence[Dish]) -> Iterator[str]:
    return (kind for dish in dishes for kind in dish.recipe.kinds)
