"""Random requests of every sort, each of whose plans has to keep every rule.

What would help those that cannot be met is tried elsewhere (`test_remedies.py`), since it takes many times what a plan
does.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mealplanner.planner.day_limits import recommended
from mealplanner.planner.limits import WEEK, breaches, week_limits
from mealplanner.planner.meat_or_fish import CHOICES, FLESH, NEVER
from mealplanner.planner.model import PORTIONS, TOLERANCE, PlanRequest
from mealplanner.planner.plan import NothingFits, plan
from mealplanner.planner.pool import open_pool, rules
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS, refusal
from mealplanner.planner.results import Plan

Ask = Callable[..., PlanRequest]
MEALS = {"breakfast": "07:30", "lunch": "12:00", "dinner": "18:30"}
ROUNDS = 20


@pytest.fixture(autouse=True)
def without_remedies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try no remedies."""
    monkeypatch.setattr("mealplanner.planner.advice.find_remedies", lambda *_: ())


def some(rng: random.Random, values: Any, most: int) -> frozenset[str]:
    ordered = sorted(values)
    return frozenset(rng.sample(ordered, rng.randint(0, min(most, len(ordered)))))


def random_request(rng: random.Random, ask: Ask, foods: Any) -> PlanRequest:
    protein, fat = rng.randint(10, 40), rng.randint(15, 45)
    meals = {name: time for name, time in MEALS.items() if rng.random() < 0.85} or {"dinner": "19:00"}
    return ask(
        kcal=rng.randint(1200, 3500),
        macros=(protein, 100 - protein - fat, fat),
        meals=meals,
        snacks=rng.randint(0, 4),
        days=rng.choice((1, 1, 1, 1, 2, 2, 3, 8)),
        seed=rng.randint(0, 999),
        diet=rng.choice((*DIETS, "omnivore", "vegan", "vegetarian")),
        restrictions=some(rng, RESTRICTIONS, 2),
        disliked_foods=some(rng, foods, 4),
        cuisines=some(rng, ("thai", "greek", "italian", "indian", "nordic"), 3),
        appliances=some(rng, ("stove", "oven", "blender"), 3) | {"stove"},
        minutes_per_meal=rng.choice((20, 30, 45, 60)),
    )


def hold(request: PlanRequest, made: Plan, kitchen: Any) -> None:
    """Everything that a plan promises, whatever was asked for."""
    assert len(made.days) == request.days
    missed = {(item.day, item.nutrient) for item in made.shortfalls}
    for number, day in enumerate(made.days):
        assert tuple(meal.slot for meal in day.meals) == request.slots
        for figure in ("kcal", "protein_g", "carbohydrate_g", "fat_g"):
            aim = getattr(request.target, figure)
            assert (abs(getattr(day.totals, figure) - aim) > TOLERANCE * aim) is ((number, figure) in missed)
        for meal in day.meals:
            recipe = meal.recipe
            assert refusal(recipe, kitchen.foods, rules(request)) is None
            assert not {item.food_id for item in recipe.ingredients} & request.disliked_foods
            assert request.meat_or_fish != NEVER or not any(
                FLESH & kitchen.foods[item.food_id].contains for item in recipe.ingredients
            )
            assert recipe.appliances <= request.appliances
            assert recipe.minutes <= request.minutes_per_meal
            assert meal.slot.kind in recipe.kinds
            assert meal.portion in PORTIONS
    if missed:
        assert made.advice


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_every_plan_keeps_every_rule(kitchen: Any, ask: Ask, round_number: int) -> None:
    """Restrictions, dislikes, appliances, minutes and the week's limits hold in every plan, however odd the request."""
    rng, wishes = random.Random(round_number), random.Random(ROUNDS + round_number)
    for _ in range(4):
        request = replace(
            random_request(rng, ask, kitchen.foods),
            meat_or_fish=wishes.choice(CHOICES),
            day_limits=wishes.choice(({}, recommended(2000))),
        )
        try:
            made = plan(request, kitchen.recipes, kitchen.foods)
        except NothingFits:
            lacking = open_pool(request, kitchen.recipes, kitchen.foods)
            assert not all(lacking.admitted(slot.kind) for slot in request.slots)
            continue
        hold(request, made, kitchen)
        dishes = open_pool(request, kitchen.recipes, kitchen.foods).admitted()
        for first in range(0, request.days, WEEK):
            week = made.days[first : first + WEEK]
            limits = week_limits(request, len(week), dishes)
            assert breaches(week, limits, request.target.kcal) == (), request


def test_a_pool_that_can_reach_the_target_does(kitchen: Any, ask: Ask) -> None:
    """Reasonable requests of the common diets meet all four figures on every day."""
    for diet, kcal, macros in (
        ("omnivore", 2000, (30, 40, 30)),
        ("vegetarian", 2200, (20, 50, 30)),
        ("vegan", 1800, (20, 55, 25)),
        ("gluten-free", 2000, (20, 50, 30)),
        ("omnivore", 3000, (25, 50, 25)),
    ):
        made = plan(ask(diet=diet, kcal=kcal, macros=macros), kitchen.recipes, kitchen.foods)
        assert made.shortfalls == (), (diet, kcal)
