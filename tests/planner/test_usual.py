"""Meals that a person usually eats: they stand, and the others are planned around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mealplanner.planner.model import BREAKFAST, MAIN, PORTIONS, PlanRequest
from mealplanner.planner.plan import plan
from mealplanner.planner.results import Plan

Ask = Callable[..., PlanRequest]


def slugs(kitchen: Any, kind: str) -> list[str]:
    """Return the dishes of a kind that take no longer than half an hour."""
    return [recipe.slug for recipe in kitchen.recipes if kind in recipe.kinds and recipe.minutes <= 30]


def served(made: Plan, slot: str) -> list[str]:
    """Return what stands in a slot, day by day."""
    return [next(meal.recipe.slug for meal in day.meals if meal.slot.name == slot) for day in made.days]


def planned(kitchen: Any, request: PlanRequest) -> Plan:
    return plan(request, kitchen.recipes, kitchen.foods)


@pytest.mark.parametrize("seed", range(3))
def test_usual_meals_stand_and_every_day_still_meets_its_targets(kitchen: Any, ask: Ask, seed: int) -> None:
    """One breakfast on all weekdays of two weeks, which no rule of variety forbids and no advice complains of."""
    breakfast = slugs(kitchen, BREAKFAST)[seed]
    usual = {(day, "breakfast"): breakfast for day in range(14) if day % 7 < 5}
    made = planned(kitchen, ask(days=14, seed=seed, usual=usual))
    stands = [slug == breakfast for slug in served(made, "breakfast")]
    assert all(stands[day] for day, _ in usual)
    assert (made.shortfalls, made.advice) == ((), ())


def test_a_usual_meal_is_served_in_a_portion_of_its_size(kitchen: Any, ask: Ask) -> None:
    """The one that comes nearest to the share of its slot."""
    request = ask(days=1, usual={(0, "lunch"): slugs(kitchen, MAIN)[0]})
    (lunch,) = [meal for meal in planned(kitchen, request).days[0].meals if meal.slot.name == "lunch"]
    norm, one = request.target.kcal * lunch.slot.share, lunch.nutrients.kcal / lunch.portion
    assert abs(lunch.nutrients.kcal - norm) == min(abs(one * portion - norm) for portion in PORTIONS)


def test_the_other_meals_differ_from_a_usual_one(kitchen: Any, ask: Ask) -> None:
    """Its dish and its protein do not come again on the same day, nor its dish in the same week."""
    lunch = next(recipe for recipe in kitchen.recipes if recipe.slug == slugs(kitchen, MAIN)[0])
    made = planned(kitchen, ask(usual={(2, "lunch"): lunch.slug}))
    mains = [meal.recipe for day in made.days for meal in day.meals if meal.slot.kind == MAIN]
    assert [main.slug for main in mains].count(lunch.slug) == 1
    (dinner,) = [meal.recipe for meal in made.days[2].meals if meal.slot.name == "dinner"]
    assert dinner.main_protein != lunch.main_protein


def test_a_whole_day_may_be_usual(kitchen: Any, ask: Ask) -> None:
    """Nothing is left to plan on it, and its shortfalls are told."""
    breakfast, main = slugs(kitchen, BREAKFAST)[0], slugs(kitchen, MAIN)
    usual = {(0, "breakfast"): breakfast, (0, "dinner"): main[0]}
    request = ask(days=1, meals={"breakfast": "08:00", "dinner": "19:00"}, snacks=0, usual=usual)
    made = planned(kitchen, request)
    assert [meal.recipe.slug for meal in made.days[0].meals] == [breakfast, main[0]]


@pytest.mark.parametrize("wish", ["never again", "diet", "dislike", "another kind"])
def test_a_usual_dish_that_is_not_admitted_does_not_stand(kitchen: Any, ask: Ask, wish: str) -> None:
    """What a person rules out is no matter of habit."""
    dish = next(recipe for recipe in kitchen.recipes if MAIN in recipe.kinds and recipe.main_protein == "chicken")
    wishes: dict[str, Any] = {
        "never again": {"ratings": {dish.slug: -1}},
        "diet": {"diet": "vegan"},
        "dislike": {"disliked_foods": frozenset({"chicken-breast"})},
        "another kind": {},
    }[wish]
    slot = "breakfast" if wish == "another kind" else "lunch"
    made = planned(kitchen, ask(days=2, usual={(0, slot): dish.slug, (1, slot): dish.slug}, **wishes))
    assert dish.slug not in served(made, slot)


def test_a_usual_dish_may_be_one_that_is_barred_on_its_day(kitchen: Any, ask: Ask) -> None:
    """A person who says both means the habit."""
    main = slugs(kitchen, MAIN)[0]
    made = planned(kitchen, ask(days=3, usual={(1, "dinner"): main}, barred={main: frozenset({0, 1, 2})}))
    assert served(made, "dinner")[1] == main
    assert made.advice == ()


def test_a_slot_that_the_day_does_not_have_changes_nothing(kitchen: Any, ask: Ask) -> None:
    """Nor does a day that is not in the plan."""
    plain = planned(kitchen, ask(days=2, snacks=0))
    usual = {(0, "snack"): slugs(kitchen, MAIN)[0], (9, "lunch"): slugs(kitchen, MAIN)[1]}
    assert planned(kitchen, ask(days=2, snacks=0, usual=usual)) == plain
