"""How often there is meat or fish, as the person asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mealplanner.planner.meat_or_fish import FLESH, serves_meat_or_fish, wanted
from mealplanner.planner.model import MAIN, PlanRequest
from mealplanner.planner.plan import plan
from mealplanner.planner.preference_changes import applied
from mealplanner.planner.results import Change

Ask = Callable[..., PlanRequest]


@pytest.fixture(scope="module")
def large(build_kitchen: Callable[..., Any]) -> Any:
    """A catalogue of 300 recipes."""
    return build_kitchen(mains=200, breakfasts=50, snacks=50)


def counted(kitchen: Any, request: PlanRequest) -> tuple[int, int, int]:
    """How many mains, meals and days of the plan have meat or fish."""
    days = plan(request, kitchen.recipes, kitchen.foods).days
    has = [[serves_meat_or_fish(meal.recipe, kitchen.foods) for meal in day.meals] for day in days]
    mains = [
        served
        for day, row in zip(days, has, strict=True)
        for meal, served in zip(day.meals, row, strict=True)
        if meal.slot.kind == MAIN
    ]
    return sum(mains), sum(map(sum, has)), sum(map(any, has))


@pytest.mark.parametrize("seed", range(3))
def test_most_days_have_a_main_with_meat_or_fish(large: Any, ask: Ask, seed: int) -> None:
    mains, _, days = counted(large, ask(seed=seed, meat_or_fish="most"))
    assert mains >= 9
    assert days >= 5


@pytest.mark.parametrize("seed", range(3))
def test_some_days_have_meat_or_fish(large: Any, ask: Ask, seed: int) -> None:
    mains, meals, _ = counted(large, ask(seed=seed, meat_or_fish="some"))
    assert mains >= 3
    assert meals <= 4


def test_never_leaves_out_every_dish_with_meat_or_fish_in_it(large: Any, ask: Ask) -> None:
    made = plan(ask(meat_or_fish="never"), large.recipes, large.foods)
    served = {item.food_id for day in made.days for meal in day.meals for item in meal.recipe.ingredients}
    assert not any(FLESH & large.foods[food].contains for food in served)
    assert made.shortfalls == ()


def test_never_is_a_wish_and_not_the_proof_of_a_diet(large: Any, ask: Ask) -> None:
    """Feta, in which rennet may be hidden, is left out of a vegetarian's meals and not of these."""
    request = ask(meat_or_fish="never", days=14)
    dishes = {meal.recipe.slug for day in plan(request, large.recipes, large.foods).days for meal in day.meals}
    cheese = {recipe.slug for recipe in large.recipes if any(item.food_id == "feta" for item in recipe.ingredients)}
    assert dishes & cheese


@pytest.mark.parametrize(
    ("choice", "days", "meals", "expected"),
    [
        ("any", 7, {"lunch", "dinner"}, (0, 14)),
        ("most", 7, {"lunch", "dinner"}, (9, 14)),
        ("most", 7, {"dinner"}, (5, 7)),
        ("most", 1, {"dinner"}, (1, 1)),
        ("some", 7, {"lunch", "dinner"}, (3, 4)),
        ("some", 1, {"dinner"}, (0, 1)),
        ("some", 7, {"breakfast"}, (0, 4)),
    ],
)
def test_how_many_meals_are_wanted(
    ask: Ask, choice: str, days: int, meals: set[str], expected: tuple[int, int]
) -> None:
    times = {"breakfast": "08:00", "lunch": "12:00", "dinner": "19:00"}
    request = ask(meat_or_fish=choice, meals={name: times[name] for name in sorted(meals)}, snacks=0)
    assert wanted(request, days) == expected


def test_a_pool_with_too_little_of_it_is_told_with_numbers_and_what_would_help(large: Any, ask: Ask) -> None:
    request = ask(diet="vegan", meat_or_fish="most")
    made = plan(request, large.recipes, large.foods)
    assert (
        "Meat or fish on most days means at least 9 of these 14 mains, but no main with it suits these preferences, so "
        "none have it."
    ) in made.advice
    remedy = next(remedy for remedy in made.remedies if remedy.with_meat_or_fish)
    assert remedy.changes == (Change("set", "diet_type", "omnivore"),)
    assert f"{remedy.with_meat_or_fish} with meat or fish" in remedy.text
    changed = applied(request, remedy.changes[0])
    again = plan(changed, large.recipes, large.foods)
    assert not [sentence for sentence in again.advice if "Meat or fish" in sentence]


def test_never_gives_way_only_when_asked(ask: Ask, large: Any) -> None:
    """Where no other dish is left, the remedy is to have it as it comes."""
    meaty = [recipe for recipe in large.recipes if serves_meat_or_fish(recipe, large.foods) or MAIN not in recipe.kinds]
    with pytest.raises(Exception, match="With meat or fish as it comes") as caught:
        plan(ask(meat_or_fish="never"), meaty, large.foods)
    assert Change("set", "meat_or_fish", "any") in caught.value.remedies[0].changes  # type: ignore[attr-defined]


def test_too_few_dishes_without_it_are_told_too(ask: Ask, large: Any) -> None:
    plants = [
        recipe for recipe in large.recipes if not serves_meat_or_fish(recipe, large.foods) and MAIN in recipe.kinds
    ]
    fewer = [recipe for recipe in large.recipes if recipe not in plants[5:]]
    made = plan(ask(meat_or_fish="some"), fewer, large.foods)
    assert any("at most 4 of these 28 meals, but only 5 mains without it suit" in sentence for sentence in made.advice)
