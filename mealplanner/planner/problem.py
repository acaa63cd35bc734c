"""One week as arrays: what can be served in each slot, in percent of the day's target, and the limits in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mealplanner.planner.details import DETAILS
from mealplanner.planner.estimated import as_limit_percents
from mealplanner.planner.habits import is_whole
from mealplanner.planner.limits import Limits
from mealplanner.planner.meat_or_fish import wanted
from mealplanner.planner.model import FIGURES, MAIN, PORTIONS, Nutrients, PlanRequest, Slot
from mealplanner.planner.pool import Dish
from mealplanner.planner.scoring import Floats, Ints, Scoring
from mealplanner.planner.sharing import Sharing, state_sharing
from mealplanner.planner.standing import Place, StandingDay, cleared, elsewhere

_LEAST_TARGET: Final = 0.05
"""A macro's target counts as at least the grams that give this fraction of the energy: percent of nothing is none."""

_FIGURES_OF: Final = attrgetter(*FIGURES)

_PORTIONS: Final[Floats] = np.array(PORTIONS, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Everything that can be served in one slot: one column for each dish and portion."""

    dish: Ints
    """Index into `Problem.dishes`."""
    portion: Floats
    figures: Floats
    """Shape (figures, options), in percent of the day's target, in the order of `model.FIGURES`, then of its limits."""
    points: Floats
    """What each option costs by itself."""
    minutes: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a week holds before it is filled, and will hold afterwards."""

    meals: Mapping[Place, int] = field(default_factory=dict)
    """Index into `Problem.dishes` of what is served where."""
    totals: Mapping[int, Floats] = field(default_factory=dict)
    """Day -> shape (figures,): what it holds already, in percent of the day's target and limits."""
    minutes: Mapping[int, float] = field(default_factory=dict)
    """Day -> the minutes of its meals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A week to be filled. Dishes and groups of dishes are numbers here."""

    days: int
    places: tuple[Place, ...]
    """The places to be filled, in order."""
    kept: Kept
    dishes: tuple[Dish, ...]
    slots: tuple[Options, ...]
    shares: tuple[float, ...]
    """Of the day's target, for each slot."""
    goal: Floats
    """Shape (figures,): the day's target and limits in the percents of `Options.figures`."""
    mains: frozenset[int]
    """The slots that take a main."""
    times: Ints
    """How often each dish may be served."""
    protein: Ints
    """The main protein of each dish."""
    protein_times: int
    cuisine: Ints
    """The cuisine of each dish."""
    cuisine_times: Ints
    """How often each cuisine may be served among the mains."""
    meat_or_fish: Ints
    """Of each dish, 1 with meat or fish and 0 without: a row of `meat_or_fish_times`."""
    meat_or_fish_times: tuple[int, int]
    """How many mains without, and meals with meat or fish the person wants at most."""
    proteins_differ: bool
    dishes_differ: bool
    minutes: Floats
    """Shape (days,): what each day's cooking may take."""
    barred: NDArray[np.bool_]
    """Shape (days, dishes): whether a dish is not served on a day."""
    scoring: Scoring
    sharing: Sharing | None = None
    """What the meals of the week share, where that counts."""


def state_problem(
    request: PlanRequest,
    days: int,
    dishes: Sequence[Dish],
    limits: Limits,
    points: Mapping[str, float],
    scoring: Scoring,
    *,
    standing: Sequence[StandingDay] = (),
    places: Sequence[Place] | None = None,
) -> Problem:
    """Return the week of `days` that serves `dishes` within `limits`. `points` maps slugs to what a dish costs.

    Only `places` are filled, all of them when None; at the others stays what `standing` says of each day.
    """
    if places is None:
        places = [(day, slot) for day in range(days) for slot in range(len(request.slots))]
    stays = [cleared(stands, [slot for at, slot in places if at == day]) for day, stands in enumerate(standing)]
    known = {dish.recipe.slug for dish in dishes}
    others = {meal.recipe.slug: Dish(meal.recipe, Nutrients()) for day in stays for meal in day.meals.values()}
    portions = portion_points(request, dishes, scoring)
    eligible, dishes = dishes, [*dishes, *(dish for slug, dish in others.items() if slug not in known)]
    least, most = wanted(request, days)
    proteins = sorted({dish.recipe.main_protein for dish in dishes})
    cuisines = sorted({dish.recipe.cuisine for dish in dishes})
    return Problem(
        days=days,
        places=tuple(sorted(places)),
        kept=_kept(request, stays, dishes),
        dishes=tuple(dishes),
        slots=tuple(
            _options(request, slot, window, eligible, points, portions)
            for slot, window in zip(request.slots, limits.windows, strict=True)
        ),
        shares=tuple(slot.share for slot in request.slots),
        goal=np.append(as_percents(request.target, scale(request.target)), _limits_reached(request, 1.0)),
        mains=frozenset(index for index, slot in enumerate(request.slots) if slot.kind == MAIN),
        times=_numbers(limits.dishes.get(dish.recipe.slug, 0) for dish in dishes),
        protein=_numbers(proteins.index(dish.recipe.main_protein) for dish in dishes),
        protein_times=limits.protein,
        cuisine=_numbers(cuisines.index(dish.recipe.cuisine) for dish in dishes),
        cuisine_times=_numbers(limits.cuisines.get(cuisine, 0) for cuisine in cuisines),
        meat_or_fish=_numbers(dish.has_meat_or_fish for dish in dishes),
        meat_or_fish_times=(days * sum(slot.kind == MAIN for slot in request.slots) - least, most),
        proteins_differ=limits.proteins_differ,
        dishes_differ=limits.dishes_differ,
        minutes=np.array(limits.minutes, np.float32),
        barred=np.array(
            [[day in limits.barred.get(dish.recipe.slug, ()) for dish in dishes] for day in range(days)], np.bool_
        ),
        scoring=scoring,
        sharing=state_sharing(request, dishes, scoring),
    )


def scale(target: Nutrients) -> NDArray[np.float64]:
    """Return what one percent of each figure of `target` is, in its own unit."""
    least = _LEAST_TARGET * target.kcal
    figures = [getattr(target, name) for name in FIGURES]
    return np.maximum(figures, [least / per_gram for per_gram in (1, 4, 4, 9)]) / 100


def as_percents(nutrients: Nutrients, unit: NDArray[np.float64]) -> Floats:
    """Return `nutrients` as multiples of `unit`, shape (4,), in the order of `FIGURES`."""
    return np.array([getattr(nutrients, name) for name in FIGURES] / unit, np.float32)


def portion_points(request: PlanRequest, dishes: Sequence[Dish], scoring: Scoring) -> Floats:
    """Return what each of `dishes` costs in each of `PORTIONS` for being served in that portion."""
    matters = request.habits.whole
    points = scoring.portion * np.abs(_PORTIONS - 1) + scoring.serving[matters] * (_PORTIONS != 1)
    found = np.repeat(points[None], len(dishes), axis=0).astype(np.float32)
    if matters:
        counted = [
            (at, request.servings * item.grams / unit)
            for at, dish in enumerate(dishes)
            for item in dish.recipe.ingredients
            if item.food_id in request.goods and (unit := request.goods[item.food_id].unit)
        ]
        counts = np.outer([count for _, count in counted], _PORTIONS)
        np.add.at(found, [at for at, _ in counted], scoring.piece[matters] * ~is_whole(counts))
    return found


def _kept(request: PlanRequest, stays: Sequence[StandingDay], dishes: Sequence[Dish]) -> Kept:
    unit = scale(request.target)
    index = {dish.recipe.slug: number for number, dish in enumerate(dishes)}
    days = dict(enumerate(stays))
    return Kept(
        meals={(at, slot): index[meal.recipe.slug] for at, day in days.items() for slot, meal in day.meals.items()},
        totals={
            at: np.append(
                as_percents(day.totals + elsewhere(request, day), unit), _limited(request, day, dishes, index)
            )
            for at, day in days.items()
        },
        minutes={at: float(sum(meal.recipe.minutes for meal in day.meals.values())) for at, day in days.items()},
    )


def _limited(request: PlanRequest, day: StandingDay, dishes: Sequence[Dish], index: Mapping[str, int]) -> Floats:
    """Return what `day` holds of its limits; what is not known of a dish, or is eaten elsewhere, keeps to its share."""
    held = _limits_reached(request, sum(request.slots[slot].share for slot in day.reserved))
    for meal in day.meals.values():
        if details := dishes[index[meal.recipe.slug]].details:
            held = held + as_limit_percents(request, np.array(details)) * np.float32(meal.portion)
        else:
            held = held + _limits_reached(request, meal.nutrients.kcal / request.target.kcal)
    return held


def _limits_reached(request: PlanRequest, part: float) -> Floats:
    """Return a `part` of each of the day's limits."""
    limits = request.day_limits
    return as_limit_percents(request, np.array([part * limits.get(name, 0.0) for name in DETAILS]))


def _options(
    request: PlanRequest,
    slot: Slot,
    window: float,
    dishes: Sequence[Dish],
    points: Mapping[str, float],
    portions: Floats,
) -> Options:
    norm = request.target.kcal * slot.share
    fitting = [index for index, dish in enumerate(dishes) if slot.kind in dish.recipe.kinds]
    energy = np.outer([dishes[index].serving.kcal for index in fitting], _PORTIONS)
    allowed = {portions: [portion in portions for portion in PORTIONS] for portions in {d.portions for d in dishes}}
    served = np.array([allowed[dishes[index].portions] for index in fitting], np.bool_).reshape(energy.shape)
    fits = served & (np.abs(energy - norm) <= window * norm)
    rows = np.flatnonzero(fits.any(axis=1))
    fitting = [fitting[row] for row in rows.tolist()]
    row, column = np.nonzero(fits[rows])
    figures = np.array([_FIGURES_OF(dishes[index].serving) for index in fitting]).reshape(-1, len(FIGURES))
    servings = (figures / scale(request.target)).astype(np.float32).T
    if request.day_limits:
        grams = np.array([dishes[index].details for index in fitting]).reshape(-1, len(DETAILS))
        servings = np.concatenate([servings, as_limit_percents(request, grams).T])
    portion = _PORTIONS[column]
    own = np.array([points[dishes[index].recipe.slug] for index in fitting], np.float32)
    return Options(
        dish=_numbers(fitting)[row],
        portion=portion,
        figures=servings[:, row] * portion,
        points=own[row] + portions[_numbers(fitting)[row], column],
        minutes=np.array([dishes[index].recipe.minutes for index in fitting], np.float32)[row],
    )


def _numbers(values: Iterable[int]) -> Ints:
    return np.array(list(values), np.intp)
