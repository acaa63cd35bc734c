"""The best portions of given dishes: every combination is weighed against the day's target."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

import numpy as np

from mealplanner.planner.model import PORTIONS, Nutrients, PlanRequest, Recipe
from mealplanner.planner.problem import as_percents, scale
from mealplanner.planner.results import PlannedMeal
from mealplanner.planner.scoring import Scoring
from mealplanner.planner.standing import StandingDay, cleared, own_target

_SCORING: Final = Scoring()


def best_portion(request: PlanRequest, day: StandingDay, slot: int, recipe: Recipe, serving: Nutrients) -> float:
    """Return the portion of `recipe`, which has `serving`, that suits `day` best at `slot`, whatever stands there now.

    Where none of its portions may be served, any may: the person chose it.
    """
    return _best(request, cleared(day, [slot]), [(serving, request.portions_of(recipe) or PORTIONS)])[0]


def reportioned(request: PlanRequest, day: StandingDay, slots: Collection[int]) -> Mapping[int, PlannedMeal]:
    """Return the meals at `slots` of `day` in the portions that bring the day nearest to its target.

    The dishes stay, and so do the meals at other slots.
    """
    free = {slot: day.meals[slot] for slot in sorted(slots) if slot in day.meals}
    servings = [meal.nutrients * (1 / meal.portion) for meal in free.values()]
    choices = [request.portions_of(meal.recipe) or (meal.portion,) for meal in free.values()]
    portions = _best(request, cleared(day, free), list(zip(servings, choices, strict=True)))
    return {
        slot: replace(meal, portion=portion, nutrients=serving * portion)
        for (slot, meal), portion, serving in zip(free.items(), portions, servings, strict=True)
    }


def _best(request: PlanRequest, rest: StandingDay, choices: Sequence[tuple[Nutrients, Sequence[float]]]) -> list[float]:
    """Return a portion for each serving, of those to choose from, to be eaten beside the meals of `rest`."""
    unit = scale(request.target)
    missing = as_percents(own_target(request, rest), unit) - as_percents(rest.totals, unit)
    combinations = np.array(list(product(*(portions for _, portions in choices))), np.float32)
    figures = np.array([as_percents(serving, unit) for serving, _ in choices], np.float32).reshape(-1, 4)
    points = _SCORING.deviation((combinations @ figures - missing).T)
    points += _SCORING.portion * np.abs(combinations - 1).sum(axis=1)
    return [float(portion) for portion in combinations[int(np.argmin(points))]]
