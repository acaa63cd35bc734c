"""The best days at given prices, beside every day that there is."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from mealplanner.planner.day_prices import Day, Meal
from mealplanner.planner.scoring import Scoring
from mealplanner.planner.whole_days import best_days

SCORING = Scoring()


def random_day(seed: int) -> Day:
    """Three meals of nine options each, two of which can serve the same."""
    rng = np.random.default_rng(seed)
    none = np.full(9, -1)
    meals = []
    for place in range(3):
        twins = np.zeros((3, 9), np.bool_)
        meals.append(
            Meal(
                own=rng.uniform(-3, 12, 9),
                figures=rng.uniform(25, 40, (4, 9)).astype(np.float32),
                minutes=rng.choice([10, 30, 50], 9).astype(np.float32),
                dish=np.arange(9) if place else np.arange(20, 29),
                protein=rng.integers(0, 3, 9) if place else none,
                serving=np.arange(9) + 100 * place,
                twins=twins,
            )
        )
    return Day(meals=meals, lacking=np.full(4, 100, np.float32), minutes=100.0)


def every_day(day: Day) -> list[float]:
    """Return what each day costs that keeps the rules, the least first."""
    found = []
    for rows in product(range(9), repeat=3):
        chosen = list(zip(day.meals, rows, strict=True))
        proteins = [int(meal.protein[row]) for meal, row in chosen if meal.protein[row] >= 0]
        dishes = [int(meal.dish[row]) for meal, row in chosen]
        minutes = sum(float(meal.minutes[row]) for meal, row in chosen)
        if len(set(proteins)) == len(proteins) and len(set(dishes)) == 3 and minutes <= day.minutes:
            off = sum(meal.figures[:, row] for meal, row in chosen) - day.lacking
            found.append(sum(float(meal.own[row]) for meal, row in chosen) + float(SCORING.deviation(off[:, None])[0]))
    return sorted(found)


@pytest.mark.parametrize("seed", range(10))
def test_the_best_days_are_those_of_all_that_there_are(seed: int) -> None:
    day = random_day(seed)
    found = best_days(day, SCORING, limit=np.inf, most=5, width=1000)
    known = every_day(day)
    assert found.points == pytest.approx(known[: found.points.size], rel=1e-4, abs=1e-3)
    assert found.points.size >= 2
    assert found.bound <= known[found.points.size] + 1e-3


@pytest.mark.parametrize("seed", range(10))
def test_a_bound_holds_also_when_combinations_are_left_out(seed: int) -> None:
    day = random_day(seed)
    found = best_days(day, SCORING, limit=np.inf, most=5, width=4)
    best = min([found.bound, *found.points.tolist()])
    assert best <= every_day(day)[0] + 1e-3
