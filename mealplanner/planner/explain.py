"""Why a plan is not what was asked for, in sentences for people, and what to relax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from mealplanner.planner.limits import (
    CUISINE_TIMES,
    MAIN_TIMES,
    OTHER_TIMES,
    WINDOWS,
    Breach,
    Limits,
    usual_protein_times,
)
from mealplanner.planner.model import FIGURES, MAIN, TOLERANCE, Food, Nutrients, PlannedDay, PlanRequest, Shortfall
from mealplanner.planner.pool import Filter, Pool
from mealplanner.planner.reach import Reach, reaches
from mealplanner.planner.restrictions import RESTRICTIONS

_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "kcal": ("energy", "kcal"),
    "protein_g": ("protein", "g"),
    "carbohydrate_g": ("carbohydrate", "g"),
    "fat_g": ("fat", "g"),
}
"""Figure -> how people call it, and its unit."""

_EASIEST: Final = ("minutes", "appliance", "rating", "dislike", "restriction", "diet")
"""Filters in the order in which people can relax them: nobody is told to eat what they are allergic to."""

_MOST_FILTERS: Final = 4


def shortfalls(days: Sequence[PlannedDay], target: Nutrients) -> tuple[Shortfall, ...]:
    """The figures of `days` that lie outside the tolerance, in order of the days."""
    return tuple(
        Shortfall(day=number, nutrient=nutrient, target=aim, actual=actual)
        for number, day in enumerate(days)
        for totals in (day.totals,)
        for nutrient in FIGURES
        for aim, actual in ((getattr(target, nutrient), getattr(totals, nutrient)),)
        if abs(actual - aim) > TOLERANCE * aim
    )


def describe(shortfall: Shortfall) -> str:
    """One shortfall as a sentence."""
    name, unit = _NAMES[shortfall.nutrient]
    return (
        f"Day {shortfall.day + 1}: {name} is {shortfall.actual:.0f} {unit}, {_off(shortfall)} the target of "
        f"{shortfall.target:.0f} {unit}."
    )


def advise(
    request: PlanRequest,
    pool: Pool,
    foods: Mapping[str, Food],
    days: Sequence[PlannedDay],
    weeks: Sequence[tuple[Limits, Sequence[Breach]]],
) -> tuple[str, ...]:
    """What `days` miss, why, and which filters to relax; nothing when the plan is all that was asked for.

    `weeks` holds the limits of each week, and those it breaks.
    """
    missed = shortfalls(days, request.target)
    relaxed = _relaxed_sentences(request, pool, [limits for limits, _ in weeks])
    broken = [_breach_sentence(week, breach) for week, (_, found) in enumerate(weeks) for breach in found]
    sentences = [*_missed_sentences(missed), *relaxed, *broken]
    if missed:
        impossible = _reach_sentences(request, pool, foods, weeks[0][0].windows)
        sentences += impossible or _split_sentences(request, days, missed)
    if sentences:
        sentences += _filter_sentences(request, pool, foods)
    return tuple(sentences)


def advise_empty(pool: Pool, foods: Mapping[str, Food], kinds: Sequence[str]) -> tuple[str, ...]:
    """What to relax when no dish of `kinds` suits: the filters that alone leave dishes out, or that none does."""
    sentences = [f"No {kind} suits these preferences." for kind in kinds]
    for kind in kinds:
        gains = pool.gains(kind)
        sentences += [_filter_sentence(name, {kind: count}, foods) for name, count in sorted(gains, key=_ease)]
        if not gains:
            refused = sum(kind in dish.recipe.kinds for dish in pool.dishes)
            sentences.append(
                f"Several filters together refuse all {refused} {kind}s of the catalogue; relax more than one."
                if refused
                else f"The catalogue has no {kind} at all."
            )
    return tuple(sentences)


def _off(shortfall: Shortfall) -> str:
    side = "above" if shortfall.actual > shortfall.target else "below"
    if not shortfall.target:
        return side
    return f"{abs(shortfall.actual / shortfall.target - 1):.0%} {side}"


def _missed_sentences(missed: Sequence[Shortfall]) -> list[str]:
    """A sentence for each day that misses something, or for each figure when they are many."""
    if len(missed) <= len(FIGURES):
        return [describe(shortfall) for shortfall in missed]
    return [
        _figure_sentence(nutrient, found)
        for nutrient in FIGURES
        if (found := [shortfall for shortfall in missed if shortfall.nutrient == nutrient])
    ]


def _figure_sentence(nutrient: str, found: Sequence[Shortfall]) -> str:
    name, unit = _NAMES[nutrient]
    worst = max(found, key=lambda shortfall: abs(shortfall.actual - shortfall.target))
    days = _listed([str(shortfall.day + 1) for shortfall in found])
    return (
        f"{name.capitalize()} misses its target of {worst.target:.0f} {unit} on day{'s'[: len(found) > 1]} {days}: "
        f"the worst is {worst.actual:.0f} {unit}, {_off(worst)}, on day {worst.day + 1}."
    )


def _relaxed_sentences(request: PlanRequest, pool: Pool, limits: Sequence[Limits]) -> list[str]:
    """Which rules of variety the pool was too thin for."""
    sentences = []
    for kind in sorted({slot.kind for slot in request.slots}):
        slugs = [dish.recipe.slug for dish in pool.admitted(kind)]
        usual = MAIN_TIMES if kind == MAIN else OTHER_TIMES
        if (most := max(week.dishes.get(slug, 0) for week in limits for slug in slugs)) > usual:
            sentences.append(
                f"Only {len(slugs)} {_plural(kind, len(slugs))} suit{'s'[: len(slugs) == 1]} these preferences, so one "
                f"may come up to {most} times a week."
            )
    if not all(week.proteins_differ for week in limits):
        sentences.append("The mains that suit share too few main proteins to differ at lunch and dinner of each day.")
    if (most := max(week.protein for week in limits)) > usual_protein_times(request):
        sentences.append(f"The mains that suit share few main proteins, so one may come up to {most} times a week.")
    strange = [times for week in limits for cuisine, times in week.cuisines.items() if cuisine not in request.cuisines]
    if (most := max(strange, default=0)) > CUISINE_TIMES:
        sentences.append(f"The mains that suit share few cuisines, so one may come up to {most} times a week.")
    if any(window > WINDOWS[0] for week in limits for window in week.windows):
        sentences.append("Few dishes are of the right size, so some meals are much larger or smaller than usual.")
    return sentences


def _breach_sentence(week: int, breach: Breach) -> str:
    when = f"week {week + 1}" if breach.day is None else f"day {7 * week + breach.day + 1}"
    wording = {
        "dish": f"{breach.subject} comes more often than it should in {when}.",
        "cuisine": f"{breach.subject.capitalize()} dishes come more often than they should in {when}.",
        "protein": f"Mains with {breach.subject} come more often than they should in {when}.",
        "dish in a day": f"{breach.subject} comes twice on {when}.",
        "protein in a day": f"Two mains with {breach.subject} stand on {when}.",
        "minutes": f"Cooking takes {breach.subject} minutes on {when}, more than was asked for.",
        "share": f"The {breach.subject} of {when} is much larger or smaller than usual.",
    }
    return f"Too few dishes suit to keep every rule: {wording[breach.rule]}"


def _reach_sentences(
    request: PlanRequest, pool: Pool, foods: Mapping[str, Food], windows: Sequence[float]
) -> list[str]:
    return [
        sentence
        for reach in reaches(request, pool.admitted(), windows)
        if not reach.possible
        for sentence in (
            _out_of_reach(request, reach),
            *_into_reach(request, pool, foods, windows, reach.nutrient),
        )
    ]


def _split_sentences(request: PlanRequest, days: Sequence[PlannedDay], missed: Sequence[Shortfall]) -> list[str]:
    """The split that the dishes come nearest to, when most days miss the one that was asked for."""
    if 2 * len({shortfall.day for shortfall in missed}) <= len(days):
        return []
    totals = sum((day.totals for day in days), Nutrients())
    wanted, reached = ("/".join(f"{share:.0f}" for share in _split(figures)) for figures in (request.target, totals))
    return [
        f"The dishes that suit hardly mix to {wanted} percent of energy from protein, carbohydrate and fat: these days "
        f"come to {reached}, so a split nearer to that fits better."
    ]


def _split(figures: Nutrients) -> tuple[float, float, float]:
    """Percent of the macros' energy from protein, carbohydrate and fat."""
    energy = (4 * figures.protein_g, 4 * figures.carbohydrate_g, 9 * figures.fat_g)
    whole = sum(energy) or 1.0
    return energy[0] / whole * 100, energy[1] / whole * 100, energy[2] / whole * 100


def _out_of_reach(request: PlanRequest, reach: Reach) -> str:
    name, _ = _NAMES[reach.nutrient]
    side, bound = ("most", reach.most) if reach.most < reach.target else ("least", reach.least)
    return (
        f"At {request.target.kcal:.0f} kcal the dishes that suit give at {side} {bound:.0f} g of {name} a day, so "
        f"{reach.target:.0f} g is out of reach: choose another share of {name}."
    )


def _into_reach(
    request: PlanRequest, pool: Pool, foods: Mapping[str, Food], windows: Sequence[float], nutrient: str
) -> list[str]:
    """The filters that alone keep a macro out of reach."""
    return [
        f"{_without(name, foods)} it would be within reach."
        for name in sorted(_filters(request, pool), key=lambda name: _ease((name, 0)))
        for reach in reaches(request, pool.admitted(without=name), windows)
        if reach.nutrient == nutrient and reach.possible
    ]


def _filters(request: PlanRequest, pool: Pool) -> dict[Filter, dict[str, int]]:
    """Each filter that alone leaves dishes out -> kind -> how many."""
    found: dict[Filter, dict[str, int]] = {}
    for kind in sorted({slot.kind for slot in request.slots}):
        for name, count in pool.gains(kind):
            found.setdefault(name, {})[kind] = count
    return found


def _filter_sentences(request: PlanRequest, pool: Pool, foods: Mapping[str, Food]) -> list[str]:
    found = _filters(request, pool)
    ranked = sorted(found, key=lambda name: (_EASIEST.index(name.kind), -sum(found[name].values()), name))
    return [_filter_sentence(name, found[name], foods) for name in ranked[:_MOST_FILTERS]]


def _filter_sentence(name: Filter, gains: Mapping[str, int], foods: Mapping[str, Food]) -> str:
    more = _listed([f"{count} more {_plural(kind, count)}" for kind, count in gains.items()])
    return f"{_without(name, foods)} there would be {more}."


def _without(name: Filter, foods: Mapping[str, Food]) -> str:
    if name.kind == "minutes":
        return f"With more than {name.value} minutes a meal"
    if name.kind == "appliance":
        return f"With the appliance {name.value.replace('-', ' ')}"
    if name.kind == "rating":
        return f"With the dishes that you rated “{name.value}”"
    if name.kind == "dislike":
        food = foods.get(name.value)
        return f"Without the dislike of {food.name.lower() if food else name.value}"
    if name.kind == "diet":
        return f"Without the {name.value} diet"
    return f"Without the restriction “{RESTRICTIONS.get(name.value, name.value)}”"


def _ease(gain: tuple[Filter, int]) -> tuple[int, int, Filter]:
    return _EASIEST.index(gain[0].kind), -gain[1], gain[0]


def _plural(kind: str, count: int) -> str:
    return kind if count == 1 else f"{kind}s"


def _listed(items: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))
