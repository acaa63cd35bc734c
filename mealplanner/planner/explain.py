"""Why a plan is not what was asked for, and what to change, in sentences for people: one a cause, one a remedy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from mealplanner.planner.limits import (
    CUISINE_TIMES,
    WEEK,
    WINDOWS,
    Breach,
    Limits,
    demand,
    usual_protein_times,
    usual_times,
)
from mealplanner.planner.model import FIGURES, MAIN, Nutrients, PlanRequest
from mealplanner.planner.pool import Dish
from mealplanner.planner.preference_changes import cuisine_name, in_words, listed
from mealplanner.planner.reach import Reach
from mealplanner.planner.results import PlannedDay, Remedy, Shortfall
from mealplanner.planner.targets import KCAL_PER_GRAM

_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "kcal": ("energy", "kcal"),
    "protein_g": ("protein", "g"),
    "carbohydrate_g": ("carbohydrate", "g"),
    "fat_g": ("fat", "g"),
}
"""Figure -> how people call it, and its unit."""


def describe(request: PlanRequest, shortfall: Shortfall) -> str:
    """Return one shortfall as a sentence."""
    name, unit = _NAMES[shortfall.nutrient]
    when = request.name_of(shortfall.day)
    return (
        f"{when[0].upper()}{when[1:]}: {name} is {shortfall.actual:,.0f} {unit}, {_off(shortfall)} the target of "
        f"{shortfall.target:,.0f} {unit}."
    )


def missed_sentences(
    request: PlanRequest, days: Sequence[PlannedDay], missed: Sequence[Shortfall], beyond: Sequence[Reach]
) -> list[str]:
    """Return why `days` miss what they miss.

    `beyond` are the figures that are proved to be out of reach; what only follows from them is not told again.
    """
    proved = {reach.nutrient for reach in beyond}
    told = [_beyond_sentence(request, days, reach) for reach in beyond]
    if "kcal" in proved:
        return told
    others = [shortfall for shortfall in missed if shortfall.nutrient not in proved]
    if len(others) <= len(FIGURES):
        return told + [describe(request, shortfall) for shortfall in others]
    return told + [
        _figure_sentence(request, nutrient, found)
        for nutrient in FIGURES
        if (found := [shortfall for shortfall in others if shortfall.nutrient == nutrient])
    ]


def variety_sentences(
    request: PlanRequest, dishes: Sequence[Dish], limits: Sequence[Limits], *, sizes: bool
) -> Iterator[str]:
    """Yield which rules of variety `dishes` are too few for; `limits` are those they force on each week.

    `sizes` says whether to tell what else follows from the sizes of the dishes.
    """
    short = short_kinds(request, dishes)
    for kind in short:
        slugs = [dish.recipe.slug for dish in dishes if kind in dish.recipe.kinds]
        most = max(week.dishes[slug] for week in limits for slug in slugs)
        yield (
            f"Only {len(slugs)} {_plural(kind, len(slugs))} suit{'s'[: len(slugs) == 1]} these preferences, so one may "
            f"come up to {most} times a week."
        )
    for kind, most in _repeated_for_size(request, dishes, limits).items():
        if kind not in short:
            yield f"Few {kind}s are of the right size, so one may come up to {most} times a week."
            short.append(kind)
    if not sizes:
        return
    if odd := _odd_sizes(request, limits):
        yield f"Few dishes are of the right size for {listed(odd)}, so some are much larger or smaller than usual."
    if MAIN in short:
        return  # the same dish over and over is the same protein and cuisine
    if not all(week.proteins_differ for week in limits):
        yield "The mains that suit share too few main proteins to differ at lunch and dinner of each day."
    if (most := max(week.protein for week in limits)) > usual_protein_times(request):
        yield f"The mains that suit share few main proteins, so one may come up to {most} times a week."
    strange = [times for week in limits for cuisine, times in week.cuisines.items() if cuisine not in request.cuisines]
    if (most := max(strange, default=0)) > CUISINE_TIMES:
        yield f"The mains that suit share few cuisines, so one may come up to {most} times a week."


def _kinds(request: PlanRequest) -> list[str]:
    """Return the kinds of meals that a day has."""
    return sorted({slot.kind for slot in request.slots})


def _repeated_for_size(request: PlanRequest, dishes: Sequence[Dish], limits: Sequence[Limits]) -> dict[str, int]:
    """Return how often a dish of a kind may come, where that is more often than usual."""
    usual = {kind: usual_times(request, kind) for kind in _kinds(request)}
    most = {
        kind: max(week.dishes[dish.recipe.slug] for week in limits for dish in dishes if kind in dish.recipe.kinds)
        for kind in usual
    }
    return {kind: times for kind, times in most.items() if times > usual[kind]}


def short_kinds(request: PlanRequest, dishes: Sequence[Dish]) -> list[str]:
    """Return the kinds of which there are too few `dishes` for a week without more repeats than usual."""
    days = min(request.days, WEEK)
    return [
        kind
        for kind in _kinds(request)
        if sum(kind in dish.recipe.kinds for dish in dishes) < demand(request, kind, days)
    ]


def breach_sentence(request: PlanRequest, week: int, breach: Breach, titles: Mapping[str, str]) -> str:
    """Return a limit that a week does not keep as a sentence. `titles` maps the slugs of dishes to their titles."""
    when = f"week {week + 1}" if breach.day is None else request.name_of(WEEK * week + breach.day)
    wording = {
        "dish": f"{titles.get(breach.subject)} comes more often than it should in {when}.",
        "cuisine": f"{cuisine_name(breach.subject)} dishes come more often than they should in {when}.",
        "protein": f"Mains with {breach.subject} come more often than they should in {when}.",
        "dish in a day": f"{titles.get(breach.subject)} comes twice on {when}.",
        "protein in a day": f"There are two mains with {breach.subject} on {when}.",
        "barred": f"{breach.subject} comes on {when}, on which you do not want it.",
        "too long": f"{breach.subject} comes on {when}, and takes longer than you have on that day.",
        "unprepared": f"{breach.subject} comes on {when}, and has to be begun the day before.",
        "minutes": f"Cooking takes {breach.subject} minutes on {when}, more than was asked for.",
        "share": f"The {breach.subject} of {when} is much larger or smaller than usual.",
    }
    return f"Too few dishes suit to keep every rule: {wording[breach.rule]}"


def lacking_sentences(kinds: Collection[str], catalogue: Sequence[Dish]) -> Iterator[str]:
    """Yield that no dish of `kinds` suits; `catalogue` are all dishes, suiting or not."""
    for kind in kinds:
        refused = sum(kind in dish.recipe.kinds for dish in catalogue)
        if refused:
            yield f"None of the {refused} {_plural(kind, refused)} of the catalogue suits these preferences."
        else:
            yield f"The catalogue has no {kind} at all."


def remedy_sentence(request: PlanRequest, remedy: Remedy, names: Mapping[str, str]) -> str:
    """Return `remedy` as a sentence with what it brings. `names` maps food ids to names."""
    changes = " and ".join(_changes(request, remedy, names))
    more = [
        f"{count} more {_plural(kind, count)}" + (_wished(remedy) if kind == MAIN else "")
        for kind, count in remedy.gained.items()
    ]
    brings = f"there would be {listed(more)}" if more else ""
    if remedy.days_met:
        met = _met(request, remedy)
        brings = f"{met}, and {brings}" if brings else met
    comma = "" if changes.endswith(",") else ","
    return f"{changes[0].upper()}{changes[1:]}{comma} {brings}."


def _wished(remedy: Remedy) -> str:
    """Return how many of the mains that `remedy` brings are what there was too little of."""
    counts = {
        "of your favourite cuisines": remedy.favourites,
        "with meat or fish": remedy.with_meat_or_fish,
        "without meat or fish": remedy.without_meat_or_fish,
    }
    wishes = [f"{count} {words}" for words, count in counts.items() if count]
    return f" ({listed(wishes)})" if wishes else ""


def _changes(request: PlanRequest, remedy: Remedy, names: Mapping[str, str]) -> list[str]:
    """Return the changes of `remedy` as parts of a sentence, all dislikes in one of them."""
    disliked = [change for change in remedy.changes if change.preference == "disliked_ingredients"]
    if len(disliked) < 2:
        return [in_words(request, change, names) for change in remedy.changes]
    foods = listed([names.get(str(change.value), str(change.value)).lower() for change in disliked])
    others = [in_words(request, change, names) for change in remedy.changes if change not in disliked]
    return [*others, f"without the dislikes of {foods}"]


def nearest_sentence(days: Sequence[PlannedDay]) -> str:
    """Return what `days` come to on average, where nothing that was tried meets the targets."""
    mean = sum((day.totals for day in days), Nutrients()) * (1 / len(days))
    return (
        f"No change that was tried meets your targets every day. These days come to {mean.kcal:,.0f} kcal with "
        f"{mean.protein_g:.0f} g of protein, {mean.carbohydrate_g:.0f} g of carbohydrate and {mean.fat_g:.0f} g of fat "
        "on average."
    )


def _met(request: PlanRequest, remedy: Remedy) -> str:
    if remedy.days_met < remedy.days_tried:
        return f"{remedy.days_met} of {remedy.days_tried} days meet{'s'[: remedy.days_met == 1]} your targets"
    return "every day meets your targets" if request.days > 1 else "the day meets your targets"


def _off(shortfall: Shortfall) -> str:
    side = "above" if shortfall.actual > shortfall.target else "below"
    if not shortfall.target:
        return side
    return f"{abs(shortfall.actual / shortfall.target - 1):.0%} {side}"


def _figure_sentence(request: PlanRequest, nutrient: str, found: Sequence[Shortfall]) -> str:
    name, unit = _NAMES[nutrient]
    worst = max(found, key=lambda shortfall: abs(shortfall.actual - shortfall.target))
    days = "every day" if len(found) == request.days else f"{len(found)} of {request.days} days"
    return (
        f"{name.capitalize()} misses its target of {worst.target:,.0f} {unit} on {days}: the worst is "
        f"{worst.actual:,.0f} {unit}, {_off(worst)}, on {request.name_of(worst.day)}."
    )


def _beyond_sentence(request: PlanRequest, days: Sequence[PlannedDay], reach: Reach) -> str:
    low = reach.most < reach.target
    bound = reach.most if low else reach.least
    if reach.nutrient != "kcal":
        name, _ = _NAMES[reach.nutrient]
        share = KCAL_PER_GRAM[name.removesuffix("_g")] / request.target.kcal
        return (
            f"The dishes that suit give at {'most' if low else 'least'} {bound:.0f} g of {name} in "
            f"{request.target.kcal:,.0f} kcal ({bound * share:.0%} of the energy), so {reach.target:.0f} g "
            f"({reach.target * share:.0%}) is out of reach."
        )
    eaten = [day.totals.kcal for day in days]
    span = f"{min(eaten):,.0f} to {max(eaten):,.0f}" if round(min(eaten)) < round(max(eaten)) else f"{eaten[0]:,.0f}"
    whom = "these meals" if request.slots[1:] else "one meal a day"
    return (
        f"The {'largest' if low else 'smallest'} portions of suitable dishes for {_meals(request)} give {bound:,.0f} "
        f"kcal, so {reach.target:,.0f} kcal is out of reach of {whom}; these days come to {span} kcal."
    )


def _meals(request: PlanRequest) -> str:
    """Return the meals of a day: "breakfast, lunch, dinner and two snacks"."""
    names = [slot.name for slot in request.slots if slot.name != "snack"]
    snacks = len(request.slots) - len(names)
    counts = ["a snack", "two snacks", "three snacks", "four snacks"]
    return listed([*names, *counts[snacks - 1 : snacks]] if snacks else names)


def _odd_sizes(request: PlanRequest, limits: Sequence[Limits]) -> list[str]:
    """Return the slots whose meals may be of another size than usual, each once."""
    return list(
        dict.fromkeys(
            slot.name
            for week in limits
            for slot, window in zip(request.slots, week.windows, strict=True)
            if window > WINDOWS[0]
        )
    )


def _plural(kind: str, count: int) -> str:
    return kind if count == 1 else f"{kind}s"
