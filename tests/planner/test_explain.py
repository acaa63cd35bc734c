"""Why a plan is not what was asked for, in sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mealplanner.planner.explain import describe, shortfalls
from mealplanner.planner.model import Nutrients, PlannedDay, PlannedMeal, PlanRequest, Shortfall
from mealplanner.planner.plan import plan
from mealplanner.planner.pool import open_pool
from mealplanner.planner.reach import Reach, reaches

Ask = Callable[..., PlanRequest]


def day(kitchen: Any, ask: Ask, totals: Nutrients) -> PlannedDay:
    meal = PlannedMeal(slot=ask().slots[0], recipe=kitchen.recipes[0], portion=1.0, nutrients=totals)
    return PlannedDay(meals=(meal,))


def test_a_shortfall_is_what_lies_outside_the_tolerance(kitchen: Any, ask: Ask) -> None:
    """Five percent off is still within; a little more is a shortfall, with its day and both figures."""
    target = Nutrients(2000, 100, 250, 60)
    days = [day(kitchen, ask, Nutrients(2100, 95, 250, 60)), day(kitchen, ask, Nutrients(2000, 94.9, 250, 63.1))]
    assert shortfalls(days, target) == (
        Shortfall(day=1, nutrient="protein_g", target=100, actual=94.9),
        Shortfall(day=1, nutrient="fat_g", target=60, actual=63.1),
    )


@pytest.mark.parametrize(
    ("shortfall", "sentence"),
    [
        (
            Shortfall(day=2, nutrient="protein_g", target=90, actual=81),
            "Day 3: protein is 81 g, 10% below the target of 90 g.",
        ),
        (
            Shortfall(day=0, nutrient="kcal", target=2000, actual=2200),
            "Day 1: energy is 2200 kcal, 10% above the target of 2000 kcal.",
        ),
        (Shortfall(day=0, nutrient="fat_g", target=0, actual=9), "Day 1: fat is 9 g, above the target of 0 g."),
    ],
)
def test_a_shortfall_reads_as_a_sentence(shortfall: Shortfall, sentence: str) -> None:
    """It says which day, which figure, and by how much."""
    assert describe(shortfall) == sentence


def test_what_is_out_of_reach_is_said(kitchen: Any, ask: Ask) -> None:
    """A split that no dishes can make is named as such, with the most they can give."""
    request = ask(diet="vegan", macros=(70, 15, 15))
    made = plan(request, kitchen.recipes, kitchen.foods)
    hints = [sentence for sentence in made.advice if "out of reach" in sentence]
    assert any("350 g is out of reach: choose another share of protein" in hint for hint in hints)
    assert any(sentence.startswith("Protein misses its target of 350 g on days 1, 2,") for sentence in made.advice)
    assert any(sentence.startswith("Without the vegan diet there would be") for sentence in made.advice)


def test_the_filter_that_keeps_a_target_out_of_reach_is_named(kitchen: Any, ask: Ask) -> None:
    """When one filter alone stands between the person and the target, it is named."""
    meaty = tuple(
        recipe for recipe in kitchen.recipes if recipe.main_protein in {"chicken", "fish", "beans", "soy", "dairy"}
    )
    dislikes = frozenset({"chicken-breast", "cod", "salmon"})
    request = ask(macros=(36, 34, 30), snacks=0, disliked_foods=dislikes)
    pool = open_pool(request, meaty, kitchen.foods)
    wide = (0.4,) * len(request.slots)
    assert not next(
        reach for reach in reaches(request, pool.admitted(), wide) if reach.nutrient == "protein_g"
    ).possible
    made = plan(request, meaty, kitchen.foods)
    assert "Without the dislike of chicken breast it would be within reach." in made.advice


def test_reach_bounds_every_plan(kitchen: Any, ask: Ask) -> None:
    """No day that the planner finds lies beyond what is said to be reachable at most or at least."""
    request = ask(macros=(45, 20, 35), days=3)
    dishes = open_pool(request, kitchen.recipes, kitchen.foods).admitted()
    found = {reach.nutrient: reach for reach in reaches(request, dishes, (0.4,) * len(request.slots))}
    for planned in plan(request, kitchen.recipes, kitchen.foods).days:
        stretch = planned.totals.kcal / request.target.kcal
        for nutrient, reach in found.items():
            grams = getattr(planned.totals, nutrient)
            assert reach.least * min(1, stretch) * 0.98 <= grams <= reach.most * max(1, stretch) * 1.02


@pytest.mark.parametrize(("target", "possible"), [(100, True), (55, True), (54, False), (165, True), (166, False)])
def test_reach_allows_for_the_tolerances(target: float, possible: bool) -> None:
    """Energy and macro may both lie five percent off before a target counts as out of reach."""
    assert Reach("protein_g", target, least=60, most=150).possible is possible


def test_missing_appliances_are_offered(kitchen: Any, ask: Ask) -> None:
    """A thin pool is explained by what would widen it: more minutes, an appliance, a dislike less."""
    request = ask(appliances=frozenset(), minutes_per_meal=20, disliked_foods=frozenset({"tomatoes"}))
    advice = plan(request, kitchen.recipes, kitchen.foods).advice
    assert any(sentence.startswith("With more than 20 minutes a meal there would be") for sentence in advice)
    assert any(sentence.startswith("With the appliance oven there would be") for sentence in advice)


def test_a_split_that_hardly_mixes_is_told_with_a_nearer_one(kitchen: Any, ask: Ask) -> None:
    """When each macro alone is within reach and most days still miss, the split that the days come to is told."""
    advice = plan(ask(macros=(16, 22, 62)), kitchen.recipes, kitchen.foods).advice
    hint = next(sentence for sentence in advice if "hardly mix to 16/22/62 percent" in sentence)
    assert "so a split nearer to that fits better" in hint


def test_relaxed_rules_are_told(kitchen: Any, ask: Ask) -> None:
    """Where too few proteins or cuisines are left to vary them as usual, the plan says how often they may come."""
    plain = tuple(recipe for recipe in kitchen.recipes if recipe.main_protein in {"beans", "tofu", "fish", "chicken"})
    few = tuple(recipe for recipe in plain if recipe.cuisine in {"thai", "greek", "indian", "mexican"})
    rest = tuple(recipe for recipe in kitchen.recipes if "main" not in recipe.kinds)
    advice = plan(ask(snacks=0), few + rest, kitchen.foods).advice
    assert any(
        sentence.startswith("The mains that suit share few main proteins, so one may come") for sentence in advice
    )
    assert any(sentence.startswith("The mains that suit share few cuisines, so one may come") for sentence in advice)
