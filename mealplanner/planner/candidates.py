"""What may be worth changing when a plan is not what was asked for: candidates, which `remedies` computes.

Candidates of one sort are steps: the smallest change first, the next one for when that is not enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from statistics import median
from typing import Final

from mealplanner.planner.model import Nutrients, PlanRequest
from mealplanner.planner.pool import Dish
from mealplanner.planner.preference_changes import admitted, lifting, meal_times, safety, snacks
from mealplanner.planner.reach import energy_reach
from mealplanner.planner.results import Change, PlannedDay
from mealplanner.planner.targets import KCAL_PER_GRAM, MOST_SNACKS

Changes = tuple[Change, ...]
"""Changes that are made together."""

Split = tuple[int, int, int]
"""Whole percents of the energy from protein, carbohydrate and fat."""

_FILTERS: Final = 4
"""Filters that are worth trying: those that leave out the most dishes."""

_LEAST_KCAL, _MOST_KCAL, _KCAL_STEP = 800, 6000, 50
"""What the preferences accept, and the round figures that are proposed."""

_MEAL_TIMES: Final = {"lunch": "12:30", "dinner": "19:00", "breakfast": "08:00"}
"""Meals that can be added, the one that takes the most energy first, and when."""


def sizes(request: PlanRequest, catalogue: Sequence[Dish], planned: Sequence[PlannedDay]) -> Iterator[list[Changes]]:
    """Yield steps that let the meals of a day share the energy in another way: snacks, meals, kcal."""
    dishes = admitted(request, catalogue)
    times, count = meal_times(request), snacks(request)
    usual = sum(
        median(dish.serving.kcal for dish in dishes if slot.kind in dish.recipe.kinds) for slot in request.slots
    )
    if request.target.kcal > usual:
        yield [_snacks(more) for more in range(count + 1, MOST_SNACKS + 1)]
        missing = [meal for meal in _MEAL_TIMES if meal not in times]
        yield [
            _meals({**times, **{meal: _MEAL_TIMES[meal] for meal in missing[:added]}})
            for added in range(1, len(missing) + 1)
        ]
    else:
        yield [_snacks(fewer) for fewer in range(count - 1, -1 if times else 0, -1)]
        yield [
            _meals({name: time for name, time in times.items() if name != meal})
            for meal in ("breakfast", "lunch")
            if meal in times and len(request.slots) > 1
        ]
    yield list(_round_kcal(request, dishes, planned, less=request.target.kcal > usual))


def widening(request: PlanRequest, catalogue: Sequence[Dish], kinds: Collection[str]) -> list[Changes]:
    """Return the changes that let in the most dishes of `kinds`: single ones, and the best two wishes together.

    A diet is among them once; what may be an allergy only where there is nothing else.
    """
    blocked = sum(_blocked(request, catalogue, kinds).values(), Counter[Changes]())
    single = [changes for changes in blocked if len(changes) == 1]
    ranked: list[Changes] = sorted(single, key=lambda changes: (safety(changes), -blocked[changes], changes))
    slower = [changes for changes in ranked if changes[0].preference == "prep_complexity"]
    wishes = [changes for changes in ranked if safety(changes) == 0 and changes not in slower[1:]][:_FILTERS]
    ways = [changes for changes in ranked if safety(changes) == 1][:1]
    return [*wishes, *_best_pair(blocked), *ways] or ranked[:1]


def _best_pair(blocked: Counter[Changes]) -> list[Changes]:
    """Return the two wishes that let in the most dishes together, if some dish needs both."""
    pairs = Counter[Changes]()
    for changes, count in blocked.items():
        if len(changes) == 2 and not safety(changes):
            pairs[changes] = count + blocked[changes[:1]] + blocked[changes[1:]]
    return sorted(pairs, key=lambda pair: (-pairs[pair], pair))[:1]


def together(request: PlanRequest, catalogue: Sequence[Dish], lacking: Collection[str]) -> list[Changes]:
    """Return the fewest changes, allergies spared where possible, that give each of the kinds `lacking` a dish."""
    changes = frozenset[Change]()
    for _, counts in sorted(_blocked(request, catalogue, lacking).items()):
        ways = [
            (safety(found), len(set(found) - changes), -count, found)
            for found, count in counts.items()
            if not set(found) <= changes
        ]
        changes |= set(min(ways)[-1] if ways else ())
    return [tuple(sorted(changes))] if changes else []


def without(request: PlanRequest, lacking: Collection[str]) -> list[Changes]:
    """Return the change that leaves out the meals of the kinds `lacking`, if any meal is left then."""
    names = {slot.name for slot in request.slots if slot.kind in lacking}
    times = meal_times(request)
    kept = {meal: time for meal, time in times.items() if meal not in names}
    if "snack" in names and kept:
        return [(*_snacks(0), *(_meals(kept) if kept != times else ()))]
    return [_meals(kept)] if kept != times and (kept or snacks(request)) else []


def nearest_split(days: Sequence[PlannedDay], kcal: float) -> Split:
    """Return the whole percents of `kcal` that come nearest to the grams of `days`, taken to that energy.

    Foods give less energy than their macros at 4, 4 and 9 kcal per gram, so this is more than rounding: the largest
    deviation, relative to each macro's grams, is the least.
    """
    totals = sum((day.totals for day in days), Nutrients())
    energy = [
        getattr(totals, f"{macro}_g") * kcal / totals.kcal * factor / kcal * 100
        for macro, factor in KCAL_PER_GRAM.items()
    ]
    protein, carbohydrate = (round(100 * part / sum(energy)) for part in energy[:2])
    return min(
        (
            (first, second, 100 - first - second)
            for first in range(max(0, protein - 3), protein + 4)
            for second in range(max(0, carbohydrate - 3), carbohydrate + 4)
            if first + second <= 100
        ),
        key=lambda split: max(
            abs(part - percent) / max(percent, 0.1) for part, percent in zip(energy, split, strict=True)
        ),
    )


def usual_split(request: PlanRequest, dishes: Sequence[Dish]) -> Split:
    """Return the split of the middle dish of each slot, weighted by the slot's share of the energy."""
    shares = [0.0, 0.0, 0.0]
    for slot in request.slots:
        servings = [dish.serving for dish in dishes if slot.kind in dish.recipe.kinds and dish.serving.kcal]
        for place, (macro, factor) in enumerate(KCAL_PER_GRAM.items()):
            shares[place] += slot.share * median(getattr(one, f"{macro}_g") * factor / one.kcal for one in servings)
    return _whole(share / sum(shares) for share in shares)


def target_split(target: Nutrients) -> Split:
    """Return the split that `target` asks for."""
    return _whole(getattr(target, f"{macro}_g") * factor / target.kcal for macro, factor in KCAL_PER_GRAM.items())


def between(one: Split, other: Split, part: float) -> Split:
    """Return the split that lies `part` of the way from `one` to `other`."""
    return _whole((a + part * (b - a)) / 100 for a, b in zip(one, other, strict=True))


def split_changes(split: Split) -> Changes:
    """Return the change that asks for `split`."""
    return (Change("set", "macros", split),)


def _whole(shares: Iterable[float]) -> Split:
    protein, carbohydrate, _ = (round(100 * share) for share in shares)
    return protein, carbohydrate, 100 - protein - carbohydrate


def _round_kcal(
    request: PlanRequest, dishes: Sequence[Dish], planned: Sequence[PlannedDay], *, less: bool
) -> Iterator[Changes]:
    """Yield round figures from the target, or from what is within reach, downwards or upwards."""
    target, reach = request.target.kcal, energy_reach(request, dishes)
    eaten = [day.totals.kcal for day in planned]
    bound = min(target, reach.most, max(eaten)) if less else max(target, reach.least, min(eaten))
    last = target
    for percent in (100, 95, 90, 80, 70, 60) if less else (100, 105, 110, 125, 150):
        steps = bound * percent / 100 / _KCAL_STEP
        kcal = _KCAL_STEP * (int(steps) if less else -int(-steps // 1))
        if _LEAST_KCAL <= kcal <= _MOST_KCAL and kcal != last and (kcal < target) is less:
            yield (Change("set", "calorie_goal", kcal),)
            last = kcal


def _blocked(request: PlanRequest, catalogue: Sequence[Dish], kinds: Collection[str]) -> dict[str, Counter[Changes]]:
    """Return, for each of `kinds`, how many dishes are missing for want of which changes."""
    blocked = {kind: Counter[Changes]() for kind in kinds}
    for dish in catalogue:
        lifts = [lifting(request, name, dish) for name in dish.refused_by]
        changes = tuple(sorted({change for change in lifts if change}))
        if changes and None not in lifts:
            for kind in dish.recipe.kinds & blocked.keys():
                blocked[kind][changes] += 1
    return blocked


def _snacks(count: int) -> Changes:
    return (Change("set", "snacks_per_day", count),)


def _meals(times: dict[str, str]) -> Changes:
    return (Change("set", "meal_times", tuple(sorted(times.items(), key=lambda item: item[1]))),)
