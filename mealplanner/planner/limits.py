"""How often things may recur in one week of a plan, relaxed exactly as far as the pool forces, and what breaks that.

A week keeps these: no main twice, breakfasts and snacks at most twice; lunch and dinner of a day with different main
proteins, none more than three times a week (five for vegans, and with meat or fish on most days); a cuisine at most
three times among the mains, those the person likes as often as their number calls for; no dish twice in a day; each
meal's energy within 40 % of its share; the day's cooking within the minutes of its meals; nothing that is begun the day
before on the first day. Where there are too few dishes to keep a rule, it is loosened one step at a time until the week
can be filled.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from mealplanner.planner.meat_or_fish import MOST
from mealplanner.planner.model import MAIN, PORTIONS, SNACK, PlanRequest, Slot
from mealplanner.planner.pool import Dish, rules
from mealplanner.planner.results import PlannedDay, PlannedMeal

WEEK: Final = 7
MAIN_TIMES: Final = 1
OTHER_TIMES: Final = 2
REPEATED_TIMES: Final = (OTHER_TIMES, OTHER_TIMES, 3, 5)
"""How often a breakfast or a snack may come, by how much it matters that they come again."""
PROTEIN_TIMES: Final = 3
MORE_PROTEIN_TIMES: Final = 5
CUISINE_TIMES: Final = 3
WINDOWS: Final = (0.4, 0.6, 0.8, math.inf)
"""How far a meal's energy may lie from its share of the target, as a fraction of it; wider ones for thin pools."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one week may hold. All counts are servings a week."""

    dishes: Mapping[str, int]
    """By slug."""
    protein: int
    """Mains with the same main protein."""
    cuisines: Mapping[str, int]
    """Mains of each cuisine."""
    proteins_differ: bool
    """Whether the mains of a day have different main proteins."""
    dishes_differ: bool
    """Whether a day serves no dish twice."""
    windows: tuple[float, ...]
    """For each slot, how far its energy may lie from its share, as a fraction of it."""
    minutes: tuple[int, ...]
    """Each day's cooking."""
    barred: Mapping[str, Mapping[int, Sequence[str]]] = field(default_factory=dict)
    """By slug, the days, counted from the week's first, on which a dish is not served, and why."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Breach:
    """A limit that a week does not keep. `day` is counted from the week's first, or None for the whole week."""

    rule: str
    subject: str
    day: int | None = None


def usual_times(request: PlanRequest, kind: str) -> int:
    """Return how often a dish of `kind` may come in a week when the pool forces nothing."""
    return MAIN_TIMES if kind == MAIN else REPEATED_TIMES[request.habits.repeat]


def usual_protein_times(request: PlanRequest) -> int:
    """Return how often a main protein may come in a week when the pool forces nothing."""
    return MORE_PROTEIN_TIMES if "vegan" in rules(request) or request.meat_or_fish == MOST else PROTEIN_TIMES


def energy_gap(kcal: float, norm: float, portions: Sequence[float] = PORTIONS) -> float:
    """Return how far the nearest of the rising `portions` of a serving with `kcal` lies from `norm` kcal, as a fraction
    of `norm`."""
    above = bisect(portions, norm / kcal) if kcal > 0 else len(portions)
    return min([abs(kcal * portion - norm) for portion in portions[max(above - 1, 0) : above + 1]]) / norm


def week_limits(request: PlanRequest, days: int, dishes: Sequence[Dish], *, first: int = 0) -> Limits:
    """Return the limits of a week of `days` (1-7) that begins with the day `first` and can only serve `dishes`."""
    gaps = [_gaps(request, slot, dishes) for slot in request.slots]
    windows = tuple(_window(request, slot, days, known) for slot, known in zip(request.slots, gaps, strict=True))
    fitting = {dish.recipe.slug: _fitting(dish, gaps, windows) for dish in dishes}
    usable = [dish for dish in dishes if fitting[dish.recipe.slug]]
    differ = _enough_for_a_day(fitting, len(request.slots))
    times = _dish_times(request, days, fitting, days if differ else math.inf)
    mains = [dish for dish in usable if any(request.slots[slot].kind == MAIN for slot in fitting[dish.recipe.slug])]
    wanted = days * sum(slot.kind == MAIN for slot in request.slots)
    stock = _stock((dish.recipe.main_protein, times[dish.recipe.slug]) for dish in mains)
    proteins_differ = sum(min(count, days) for count in stock.values()) >= wanted
    return Limits(
        dishes=times,
        protein=_protein_times(request, stock, wanted, days if proteins_differ else wanted),
        cuisines=_cuisine_times(
            request, _stock((dish.recipe.cuisine, times[dish.recipe.slug]) for dish in mains), wanted
        ),
        proteins_differ=proteins_differ,
        dishes_differ=differ,
        windows=windows,
        minutes=_day_minutes(request, range(first, first + days), usable, fitting),
        barred={
            dish.recipe.slug: {day - first: why for day, why in barred.items()}
            for dish in dishes
            if (barred := request.barred_days(dish.recipe))
        },
    )


def breaches(week: Sequence[PlannedDay], limits: Limits, kcal: float) -> tuple[Breach, ...]:
    """Return every limit that `week` breaks, for a target of `kcal` a day."""
    meals = [meal for day in week for meal in day.meals]
    mains = [meal for meal in meals if meal.slot.kind == MAIN]
    return tuple(
        sorted(
            [
                *_overused("dish", (meal.recipe.slug for meal in meals), limits.dishes),
                *_overused("cuisine", (meal.recipe.cuisine for meal in mains), limits.cuisines),
                *_overused("protein", (meal.recipe.main_protein for meal in mains), None, limits.protein),
                *(breach for number, day in enumerate(week) for breach in _day_breaches(number, day, limits, kcal)),
            ],
            key=lambda breach: (breach.rule, breach.subject, -1 if breach.day is None else breach.day),
        )
    )


def demand(request: PlanRequest, kind: str, days: int) -> int:
    """Return how many different dishes of `kind` that a week wants when no rule is relaxed."""
    slots = sum(slot.kind == kind for slot in request.slots)
    return math.ceil(days * slots / (MAIN_TIMES if kind == MAIN else OTHER_TIMES))


def _gaps(request: PlanRequest, slot: Slot, dishes: Sequence[Dish]) -> dict[str, float]:
    """Return how far each of `dishes` that is of the kind of `slot` lies from its energy, by slug."""
    norm = request.target.kcal * slot.share
    return {
        dish.recipe.slug: energy_gap(dish.serving.kcal, norm, dish.portions)
        for dish in dishes
        if slot.kind in dish.recipe.kinds
    }


def _window(request: PlanRequest, slot: Slot, days: int, gaps: Mapping[str, float]) -> float:
    # Half of a thin pool is enough: one odd dish must not open the window for all the others.
    wanted = min(demand(request, slot.kind, days), math.ceil(len(gaps) / 2))
    return next(window for window in WINDOWS if sum(gap <= window for gap in gaps.values()) >= wanted)


def _fitting(dish: Dish, gaps: Sequence[Mapping[str, float]], windows: Sequence[float]) -> frozenset[int]:
    """Return the slots that some portion of `dish` can fill; the `gaps` of a slot are of the dishes of its kind."""
    slug = dish.recipe.slug
    return frozenset([at for at, window in enumerate(windows) if slug in gaps[at] and gaps[at][slug] <= window])


def _groups(slots: int) -> Iterator[frozenset[int]]:
    """Yield every set of slots, the smallest first."""
    for size in range(1, slots + 1):
        yield from map(frozenset, combinations(range(slots), size))


def _enough_for_a_day(fitting: Mapping[str, frozenset[int]], slots: int) -> bool:
    """Whether a day can be filled without serving a dish twice (Hall's marriage theorem)."""
    counts = Counter(fitting.values())
    return all(sum(count for fits, count in counts.items() if fits & group) >= len(group) for group in _groups(slots))


def _dish_times(request: PlanRequest, days: int, fitting: Mapping[str, frozenset[int]], most: float) -> dict[str, int]:
    """Return how often each dish may be served, so that every set of slots finds enough servings."""
    main_slots = {index for index, slot in enumerate(request.slots) if slot.kind == MAIN}
    others = REPEATED_TIMES[request.habits.repeat]
    # Dishes that fit the same slots come equally often.
    counts = Counter(fitting.values())
    times = {fits: others if fits and not fits & main_slots else MAIN_TIMES for fits in counts}
    for group in _groups(len(request.slots)):
        serving = [fits for fits in counts if fits & group]
        while serving and sum(counts[fits] * min(times[fits], most) for fits in serving) < days * len(group):
            for fits in serving:
                times[fits] += 1
    return {slug: times[fits] for slug, fits in fitting.items()}


def _stock(servings: Iterable[tuple[str, int]]) -> Counter[str]:
    stock = Counter[str]()
    for name, count in servings:
        stock[name] += count
    return stock


def _protein_times(request: PlanRequest, stock: Mapping[str, int], wanted: int, most: int) -> int:
    usual = usual_protein_times(request)
    return next(
        times
        for times in range(usual, max(usual, wanted) + 1)
        if times >= wanted or sum(min(times, count, most) for count in stock.values()) >= wanted
    )


def _cuisine_times(request: PlanRequest, stock: Mapping[str, int], wanted: int) -> dict[str, int]:
    liked = request.cuisines & stock.keys()
    usual = {
        cuisine: max(CUISINE_TIMES, math.ceil(wanted / len(liked))) if cuisine in liked else CUISINE_TIMES
        for cuisine in stock
    }
    more = next(
        more
        for more in range(wanted + 1)
        if more == wanted or sum(min(usual[cuisine] + more, stock[cuisine]) for cuisine in stock) >= wanted
    )
    return {cuisine: times + more for cuisine, times in usual.items()}


def _day_minutes(
    request: PlanRequest, days: range, dishes: Sequence[Dish], fitting: Mapping[str, frozenset[int]]
) -> tuple[int, ...]:
    """Return the minutes of each day's meals, snacks included; where quick dishes are few, snacks have their own."""
    meals = sum(slot.kind != SNACK for slot in request.slots)
    needed = 0
    for index, slot in enumerate(request.slots):
        minutes = sorted(dish.recipe.minutes for dish in dishes if index in fitting[dish.recipe.slug])
        # Twice as many quick dishes as the week wants leave room for its other rules.
        enough = 2 * max(demand(request, slot.kind, len(days)), len(request.slots))
        needed += minutes[min(len(minutes), enough) - 1] if minutes else 0
    per_meal = [request.minutes_of_day(day) for day in days]
    return tuple(
        minutes * (meals if meals and needed <= minutes * meals else len(request.slots)) for minutes in per_meal
    )


def _overused(rule: str, names: Iterable[str], limits: Mapping[str, int] | None, limit: int = 0) -> Iterator[Breach]:
    for name, count in Counter(names).items():
        if count > (limit if limits is None else limits.get(name, 0)):
            yield Breach(rule=rule, subject=name)


def _day_breaches(number: int, day: PlannedDay, limits: Limits, kcal: float) -> Iterator[Breach]:
    if limits.dishes_differ:
        yield from _repeats(number, "dish in a day", [meal.recipe.slug for meal in day.meals])
    if limits.proteins_differ:
        mains = [meal.recipe.main_protein for meal in day.meals if meal.slot.kind == MAIN]
        yield from _repeats(number, "protein in a day", mains)
    if day.minutes > limits.minutes[number]:
        yield Breach(rule="minutes", subject=str(day.minutes), day=number)
    for meal in day.meals:
        for why in limits.barred.get(meal.recipe.slug, {}).get(number, ()):
            yield Breach(rule=why, subject=meal.recipe.title, day=number)
    for meal, window in zip(day.meals, limits.windows, strict=True):
        if _outside(meal, window, kcal):
            yield Breach(rule="share", subject=meal.slot.name, day=number)


def _repeats(number: int, rule: str, names: Sequence[str]) -> Iterator[Breach]:
    return (Breach(rule=rule, subject=name, day=number) for name, count in Counter(names).items() if count > 1)


def _outside(meal: PlannedMeal, window: float, kcal: float) -> bool:
    norm = kcal * meal.slot.share
    return abs(meal.nutrients.kcal - norm) > window * norm + 1e-6
