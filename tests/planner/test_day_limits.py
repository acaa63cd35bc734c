"""Fibre at least, and salt, sugars and saturated fat at most: wishes of a day, to which the targets come first."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mealplanner.planner.day_limits import recommended, rescaled
from mealplanner.planner.details import DETAILS
from mealplanner.planner.estimated import estimated_details
from mealplanner.planner.model import Ingredient, PlanRequest
from mealplanner.planner.plan import plan
from mealplanner.planner.pool import open_pool
from mealplanner.planner.preference_changes import applied
from mealplanner.planner.results import Change
from mealplanner.planner.scoring import Scoring
from mealplanner.planner.search import Effort, solve
from mealplanner.planner.week import cost
from mealplanner.planner.weeks import week_problem

Ask = Callable[..., PlanRequest]
SALTY = {"soy-sauce": 15.0, "feta": 3.0, "bread": 1.2, "shrimp": 1.5}
FIBRE = {"lentils": 8.0, "black-beans": 8.0, "oats": 10.0, "broccoli": 3.0, "berries": 5.0, "bread": 7.0}


@pytest.fixture(scope="module")
def large(build_kitchen: Callable[..., Any]) -> Any:
    """A catalogue of 300 recipes, with some salt and fibre, half of the mains seasoned with soy sauce."""
    kitchen = build_kitchen(mains=200, breakfasts=50, snacks=50)
    foods = {
        name: replace(food, salt_g=SALTY.get(name, 0.1), fibre_g=FIBRE.get(name, 1.0))
        for name, food in kitchen.foods.items()
    }
    seasoned = tuple(
        replace(recipe, ingredients=(*recipe.ingredients, Ingredient(food_id="soy-sauce", grams=15)))
        if number % 2
        else recipe
        for number, recipe in enumerate(kitchen.recipes)
    )
    return replace(kitchen, foods=foods, recipes=seasoned)


def mean(kitchen: Any, request: PlanRequest) -> dict[str, float]:
    """What an average day of the plan provides, all of whose targets are met."""
    made = plan(request, kitchen.recipes, kitchen.foods)
    assert made.shortfalls == ()
    meals = [meal for day in made.days for meal in day.meals]
    grams = estimated_details([meal.recipe for meal in meals], kitchen.foods)
    whole = np.array([meal.portion for meal in meals]) @ grams / len(made.days)
    return dict(zip(DETAILS, whole.tolist(), strict=True))


@pytest.mark.parametrize(("name", "limit"), [("salt_g", 4.0), ("fibre_g", 35.0)])
def test_days_come_nearer_to_a_limit_than_without_it(large: Any, ask: Ask, name: str, limit: float) -> None:
    without, kept = (mean(large, ask(seed=3, day_limits=limits))[name] for limits in ({}, {name: limit}))
    assert abs(kept - limit) < 0.5 * abs(without - limit) or (kept <= limit < without)


def test_a_limit_out_of_reach_costs_no_target_and_is_told_with_numbers(large: Any, ask: Ask) -> None:
    made = plan(ask(day_limits={"salt_g": 0.1}), large.recipes, large.foods)
    assert made.shortfalls == ()
    (told,) = made.advice
    assert told.startswith("Salt comes to ")
    assert told.endswith(" g a day on average, above the 0.1 g that you aim at.")


def test_an_unknown_figure_is_no_advantage(large: Any) -> None:
    """It counts as the median of its aisle."""
    foods = {**large.foods, "feta": replace(large.foods["feta"], salt_g=math.nan)}
    dish = replace(large.recipes[0], ingredients=(Ingredient(food_id="feta", grams=100),))
    (grams,) = estimated_details([dish], foods)
    assert dict(zip(DETAILS, grams.tolist(), strict=True))["salt_g"] == pytest.approx(0.1)


def test_the_search_knows_no_week_that_is_better_than_its_bound(large: Any, ask: Ask) -> None:
    """With limits in the score the bound holds, and an exhaustive search comes near it."""
    request = ask(day_limits=recommended(2000))
    problem = week_problem(request, open_pool(request, large.recipes, large.foods).admitted())
    quick = solve(problem)
    thorough = solve(problem, start=quick.choice, effort=Effort(rounds=40, width=200_000, branches=100))
    assert thorough.bound <= cost(problem, thorough.choice) <= cost(problem, quick.choice)
    assert cost(problem, quick.choice) <= 1.05 * cost(problem, thorough.choice)


def test_only_what_lies_beyond_a_limit_costs_points() -> None:
    scoring = Scoring()
    off = np.array([[-50.0, 0.0, 10.0, scoring.limit_edge, scoring.limit_edge + 10]], np.float32)
    within, at, near, edge, far = scoring.excess(off).tolist()
    assert within == at == 0
    assert near == pytest.approx(100 * scoring.limit)
    assert far - edge == pytest.approx(20 * scoring.limit * scoring.limit_edge, rel=1e-5)


@pytest.mark.parametrize("price", [0.0, 0.1, 0.5])
def test_what_deviates_within_the_window_costs_no_more_than_its_budget(price: float) -> None:
    scoring = Scoring()
    prices, budget = np.array([0.0, 0.0, 0.0, 0.0, price]), 4.0
    lows, highs = scoring.priced_within(prices, budget)
    least = scoring.priced_least(prices)[4]
    for z in np.linspace(-200, 200, 801):
        points = float(scoring.excess(np.array([[z]], np.float32))[0]) - price * z - least
        assert (points <= budget - 1e-2) <= (lows[4] <= z <= highs[4])


def test_recommended_limits_follow_the_energy_and_own_ones_stay(ask: Ask) -> None:
    limits = {**recommended(2000), "salt_g": 4.0}
    changed = rescaled(limits, 2000, 3000)
    assert changed == {**recommended(3000), "salt_g": 4.0}
    request = ask(kcal=2000, day_limits=recommended(2000))
    assert applied(request, Change("set", "calorie_goal", 2500)).day_limits == pytest.approx(recommended(2500))
