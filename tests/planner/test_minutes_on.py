"""Days on which a meal may take longer, or less long, than usual."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mealplanner.planner.limits import week_limits
from mealplanner.planner.model import MAIN, PlanRequest
from mealplanner.planner.one_meal import Spot, weigh
from mealplanner.planner.plan import plan
from mealplanner.planner.pool import Filter, open_pool
from mealplanner.planner.standing import StandingDay

Ask = Callable[..., PlanRequest]


def longest(kitchen: Any, request: PlanRequest) -> list[int]:
    """The minutes of the slowest meal of each day."""
    made = plan(request, kitchen.recipes, kitchen.foods)
    assert made.advice == ()
    return [max(meal.recipe.minutes for meal in day.meals) for day in made.days]


@pytest.mark.parametrize("seed", range(2))
def test_no_meal_takes_longer_than_its_day_allows(kitchen: Any, ask: Ask, seed: int) -> None:
    """A short day among usual ones, in the first week and in the second."""
    found = longest(kitchen, ask(days=8, seed=seed, minutes_per_meal=40, minutes_on={1: 20, 7: 20}))
    assert max(found[1], found[7]) <= 20
    assert 20 < max(found) <= 40


def test_a_long_day_lets_slow_dishes_in(kitchen: Any, ask: Ask) -> None:
    """And only that day."""
    request = ask(minutes_per_meal=20, minutes_on={6: 60})
    slow = {recipe.slug: 1 for recipe in kitchen.recipes if recipe.minutes > 40}
    pool = open_pool(request, kitchen.recipes, kitchen.foods)
    assert not any(dish.refused_by & {Filter("minutes", "20")} for dish in pool.dishes)
    found = longest(kitchen, ask(minutes_per_meal=20, minutes_on={6: 60}, ratings=slow))
    assert found[6] > 40
    assert max(found[:6]) <= 20


def test_the_cooking_of_a_day_follows(kitchen: Any, ask: Ask) -> None:
    request = ask(minutes_per_meal=40, minutes_on={1: 20, 6: 60})
    dishes = open_pool(request, kitchen.recipes, kitchen.foods).admitted()
    assert week_limits(request, 7, dishes).minutes == (120, 60, 120, 120, 120, 120, 180)


def test_a_dish_that_must_be_served_on_too_short_a_day_is_named(kitchen: Any, ask: Ask) -> None:
    few = kitchen.only(main=110, breakfast=3, snack=3)
    main = next(recipe for recipe in few.recipes if MAIN in recipe.kinds and recipe.minutes == 40)
    recipes = [recipe for recipe in few.recipes if recipe == main or MAIN not in recipe.kinds]
    meals = {"breakfast": "08:00", "dinner": "19:00"}
    advice = plan(ask(meals=meals, days=2, minutes_on={0: 20}), recipes, few.foods).advice
    assert any(f"{main.title} comes on day 1, and takes longer than you have" in sentence for sentence in advice)


def test_what_is_offered_instead_fits_the_day(kitchen: Any, ask: Ask) -> None:
    made = plan(ask(minutes_per_meal=20), kitchen.recipes, kitchen.foods)
    days = [StandingDay(meals=dict(enumerate(day.meals))) for day in made.days]
    request = ask(minutes_per_meal=60, minutes_on={2: 20})
    ranked = weigh(Spot(request=request, days=days, place=(2, 3), foods=kitchen.foods), kitchen.recipes)
    assert ranked
    assert all(one.dish.recipe.minutes <= 20 for one in ranked if one.points < 100_000)


def test_a_dish_for_which_no_day_has_time_is_not_counted_as_one_that_suits(kitchen: Any, ask: Ask) -> None:
    quick = next(recipe for recipe in kitchen.recipes if MAIN in recipe.kinds and recipe.minutes <= 20)
    recipes = [one for one in kitchen.recipes if one == quick or one.minutes > 20 or MAIN not in one.kinds]
    advice = plan(ask(days=1, minutes_per_meal=60, minutes_on={0: 20}), recipes, kitchen.foods).advice
    assert "Only 1 main suits these preferences, so one may come up to 2 times a week." in advice
