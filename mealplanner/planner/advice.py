"""The advice of a plan: causes first, then remedies, each in a sentence, and the remedies as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from mealplanner.planner.explain import (
    breach_sentence,
    lacking_sentences,
    missed_sentences,
    nearest_sentence,
    remedy_sentence,
    short_kinds,
    variety_sentences,
)
from mealplanner.planner.favourites import too_few_favourites
from mealplanner.planner.limits import WEEK, Breach, Limits, week_limits
from mealplanner.planner.model import KINDS, Food, PlanRequest, Recipe, Slot
from mealplanner.planner.pool import Dish, open_pool
from mealplanner.planner.preference_changes import admitted
from mealplanner.planner.reach import Reach, energy_reach, macro_reaches
from mealplanner.planner.remedies import find_remedies
from mealplanner.planner.results import PlannedDay, Remedy
from mealplanner.planner.weeks import shortfalls
from mealplanner.planner.wishes import (
    favourites_sentence,
    limit_sentences,
    meat_or_fish_sentence,
    same_day_sentences,
    snack_minutes_sentence,
)

Advice = tuple[tuple[str, ...], tuple[Remedy, ...]]

_EVERY_KIND: Final = tuple(Slot(name=kind, kind=kind, share=1 / len(KINDS), time="12:00") for kind in KINDS)


def advise(
    request: PlanRequest,
    recipes: Sequence[Recipe],
    foods: Mapping[str, Food],
    days: Sequence[PlannedDay],
    weeks: Sequence[tuple[Limits, Sequence[Breach]]],
    checkpoint: Callable[[], None],
) -> Advice:
    """Return what `days` miss, why, and what helps; nothing when the plan is all that was asked for.

    `weeks` holds the limits of each week, and those it breaks. `checkpoint` may raise to stop.
    """
    catalogue = _catalogue(request, recipes, foods)
    dishes = admitted(request, catalogue)
    limits = [week_limits(request, length, dishes) for length in _lengths(request.days)]
    titles = {meal.recipe.slug: meal.recipe.title for day in days for meal in day.meals}
    missed = shortfalls(days, request.target)
    beyond = _beyond(request, dishes, limits, weeks) if missed else []
    sized = not any(reach.nutrient == "kcal" for reach in beyond)
    causes = [
        *missed_sentences(request, days, missed, beyond),
        *variety_sentences(request, dishes, limits, sizes=sized),
        *([favourites_sentence(request, dishes, days)] if too_few_favourites(request, dishes) else ()),
        *same_day_sentences(request, days, [week for week, _ in weeks]),
        *filter(None, [snack_minutes_sentence(request, days, [week for week, _ in weeks])]),
        *limit_sentences(request, days, foods),
        *filter(None, [meat_or_fish_sentence(request, dishes, days)]),
        *(breach_sentence(request, week, breach, titles) for week, (_, found) in enumerate(weeks) for breach in found),
    ]
    if not causes:
        return (), ()
    remedies = _told(request, find_remedies(request, catalogue, days, short_kinds(request, dishes), checkpoint), foods)
    sentences = [*causes, *(remedy.text for remedy in remedies)]
    if missed and not any(remedy.days_tried and remedy.days_met == remedy.days_tried for remedy in remedies):
        sentences.append(nearest_sentence(days))
    return tuple(sentences), remedies


def advise_empty(
    request: PlanRequest,
    recipes: Sequence[Recipe],
    foods: Mapping[str, Food],
    kinds: Sequence[str],
    checkpoint: Callable[[], None],
) -> Advice:
    """Return what to change when no dish of `kinds` suits. `checkpoint` may raise to stop."""
    catalogue = _catalogue(request, recipes, foods)
    remedies = _told(request, find_remedies(request, catalogue, (), kinds, checkpoint), foods)
    return (*lacking_sentences(kinds, catalogue), *(remedy.text for remedy in remedies)), remedies


def _catalogue(request: PlanRequest, recipes: Sequence[Recipe], foods: Mapping[str, Food]) -> tuple[Dish, ...]:
    """Return the dishes of every kind, since a remedy may add a meal."""
    return open_pool(replace(request, slots=_EVERY_KIND), recipes, foods).dishes


def _lengths(days: int) -> list[int]:
    """Return the lengths of the weeks of a plan, each once."""
    return [WEEK] * (days >= WEEK) + [days % WEEK] * (days % WEEK > 0)


def _beyond(
    request: PlanRequest,
    dishes: Sequence[Dish],
    limits: Sequence[Limits],
    weeks: Sequence[tuple[Limits, Sequence[Breach]]],
) -> list[Reach]:
    """Return the figures that no day of `dishes` can meet, whatever the size of its meals in `limits` or `weeks`."""
    windows = [
        max(slot) for slot in zip(*(week.windows for week in (*limits, *(week for week, _ in weeks))), strict=True)
    ]
    reaches = (energy_reach(request, dishes), *macro_reaches(request, dishes, windows))
    return [reach for reach in reaches if not reach.possible]


def _told(request: PlanRequest, remedies: Sequence[Remedy], foods: Mapping[str, Food]) -> tuple[Remedy, ...]:
    names = {food_id: food.name for food_id, food in foods.items()}
    return tuple(replace(remedy, text=remedy_sentence(request, remedy, names)) for remedy in remedies)
