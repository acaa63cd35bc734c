"""Dishes that are begun the day before stand on no day before which nothing can be prepared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mealplanner.planner.model import MAIN, PlanRequest
from mealplanner.planner.one_meal import Spot, weigh
from mealplanner.planner.plan import plan
from mealplanner.planner.replanning import replan_around
from mealplanner.planner.results import PlannedMeal
from mealplanner.planner.standing import StandingDay

Ask = Callable[..., PlanRequest]


@pytest.fixture(scope="module")
def soaking(kitchen: Any) -> Any:
    """The kitchen, with every other dish begun the day before."""
    recipes = tuple(
        replace(recipe, day_before="Soak it in plenty of cold water." if number % 2 else "")
        for number, recipe in enumerate(kitchen.recipes)
    )
    return replace(kitchen, recipes=recipes)


def begun_before(kitchen: Any, request: PlanRequest) -> set[int]:
    """The days of a plan on which a dish is eaten that is begun the day before."""
    made = plan(request, kitchen.recipes, kitchen.foods)
    assert made.advice == ()
    return {day for day, one in enumerate(made.days) for meal in one.meals if meal.recipe.day_before}


def as_it_stands(kitchen: Any, request: PlanRequest) -> list[StandingDay]:
    made = plan(request, kitchen.recipes, kitchen.foods)
    return [StandingDay(meals=dict(enumerate(day.meals))) for day in made.days]


@pytest.mark.parametrize("seed", range(3))
def test_none_is_served_on_the_first_day(soaking: Any, ask: Ask, seed: int) -> None:
    found = begun_before(soaking, ask(seed=seed))
    assert 0 not in found
    assert len(found) >= 4


def test_the_second_week_has_a_day_before(soaking: Any, ask: Ask) -> None:
    assert 7 in begun_before(soaking, ask(days=14))


def test_one_that_was_asked_for_is_served_where_there_is_no_other_day(soaking: Any, ask: Ask) -> None:
    wanted = next(recipe.slug for recipe in soaking.recipes if recipe.day_before and MAIN in recipe.kinds)
    made = plan(ask(days=1, favoured=frozenset({wanted})), soaking.recipes, soaking.foods)
    assert wanted in {meal.recipe.slug for meal in made.days[0].meals}
    assert made.advice == ()


def test_one_that_must_be_served_is_named(soaking: Any, ask: Ask) -> None:
    few = soaking.only(main=110, breakfast=3, snack=3)
    (main, *_) = (recipe for recipe in few.recipes if recipe.day_before and MAIN in recipe.kinds)
    recipes = [recipe for recipe in few.recipes if recipe == main or MAIN not in recipe.kinds]
    request = ask(meals={"breakfast": "08:00", "dinner": "19:00"}, days=1)
    advice = plan(request, recipes, few.foods).advice
    assert any(f"{main.title} comes on day 1, and has to be begun the day before." in sentence for sentence in advice)


@pytest.mark.parametrize(("unprepared", "offered"), [({0, 1, 2}, False), ({0, 1}, True)])
def test_alternatives_can_still_be_begun(soaking: Any, ask: Ask, unprepared: set[int], offered: bool) -> None:
    """A menu that is half over, and a dinner on its third day."""
    request = ask(unprepared=frozenset(unprepared))
    spot = Spot(request=request, days=as_it_stands(soaking, ask()), place=(2, 3), foods=soaking.foods)
    assert any(one.dish.recipe.day_before for one in weigh(spot, soaking.recipes)) is offered


def test_a_day_that_is_planned_again_has_none_that_would_have_to_be_begun(soaking: Any, ask: Ask) -> None:
    days = as_it_stands(soaking, ask())
    places = [(2, slot) for slot in range(4)]

    def planned(unprepared: set[int]) -> list[PlannedMeal]:
        request = ask(unprepared=frozenset(unprepared))
        return list(replan_around(request, days, places, soaking.recipes, soaking.foods).meals.values())

    assert not any(meal.recipe.day_before for meal in planned({0, 1, 2}))
    assert any(meal.recipe.day_before for meal in planned({0}))
