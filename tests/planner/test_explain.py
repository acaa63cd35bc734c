"""Why a plan is not what was asked for, in sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mealplanner.planner.explain import breach_sentence, describe
from mealplanner.planner.limits import Breach
from mealplanner.planner.model import Nutrients, PlanRequest
from mealplanner.planner.plan import plan
from mealplanner.planner.pool import open_pool
from mealplanner.planner.reach import Reach, energy_reach, macro_reaches
from mealplanner.planner.results import PlannedDay, PlannedMeal, Shortfall
from mealplanner.planner.weeks import shortfalls

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
            "Day 1: energy is 2,200 kcal, 10% above the target of 2,000 kcal.",
        ),
        (Shortfall(day=0, nutrient="fat_g", target=0, actual=9), "Day 1: fat is 9 g, above the target of 0 g."),
    ],
)
def test_a_shortfall_reads_as_a_sentence(ask: Ask, shortfall: Shortfall, sentence: str) -> None:
    """It says which day, which figure, and by how much."""
    request = ask(days=3)
    assert describe(request, shortfall) == sentence
    named = describe(replace(request, day_names=("Monday", "Tuesday", "Wednesday")), shortfall)
    assert named == sentence.replace("Day 3", "Wednesday").replace("Day 1", "Monday")


def test_a_macro_out_of_reach_is_named_once_with_its_bound(kitchen: Any, ask: Ask) -> None:
    advice = plan(ask(diet="vegan", macros=(70, 15, 15), days=2), kitchen.recipes, kitchen.foods).advice
    told = [sentence for sentence in advice if "protein" in sentence.lower() and "energy from protein" not in sentence]
    assert len(told) == 1
    assert told[0].startswith("The dishes that suit give at most ")
    assert told[0].endswith("so 350 g (70%) is out of reach.")


def test_energy_out_of_reach_is_named_alone(kitchen: Any, ask: Ask) -> None:
    """What follows from it, grams that fall short as well, is not told again."""
    request = ask(meals={"dinner": "19:00"}, snacks=0, kcal=5000, days=2)
    made = plan(request, kitchen.recipes, kitchen.foods)
    dishes = open_pool(request, kitchen.recipes, kitchen.foods).admitted()
    most = energy_reach(request, dishes).most
    assert most == max(max(dish.portions) * dish.serving.kcal for dish in dishes)
    assert made.advice[0].startswith(
        f"The largest portions of suitable dishes for dinner give {most:,.0f} kcal, so 5,000 kcal is out of reach "
    )
    assert not any("protein" in sentence for sentence in made.advice[: -len(made.remedies) - 1])


def test_reach_bounds_every_plan(kitchen: Any, ask: Ask) -> None:
    """No day that the planner finds lies beyond what is said to be reachable at most or at least."""
    request = ask(macros=(45, 20, 35), days=3)
    dishes = open_pool(request, kitchen.recipes, kitchen.foods).admitted()
    found = {reach.nutrient: reach for reach in macro_reaches(request, dishes, (0.4,) * len(request.slots))}
    for planned in plan(request, kitchen.recipes, kitchen.foods).days:
        stretch = planned.totals.kcal / request.target.kcal
        for nutrient, reach in found.items():
            grams = getattr(planned.totals, nutrient)
            assert reach.least * min(1, stretch) * 0.98 <= grams <= reach.most * max(1, stretch) * 1.02


@pytest.mark.parametrize(("target", "possible"), [(100, True), (55, True), (54, False), (165, True), (166, False)])
def test_reach_allows_for_the_tolerances(target: float, possible: bool) -> None:
    """Energy and macro may both lie five percent off before a target counts as out of reach."""
    assert Reach("protein_g", target, least=60, most=150).possible is possible


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


def test_a_dish_that_comes_again_for_want_of_others_of_its_size_is_told(kitchen: Any, ask: Ask) -> None:
    """Two mains are enough for two lunches, but one of them is a mouthful."""
    main, other = kitchen.only(main=2).recipes
    mouthful = replace(other, ingredients=tuple(replace(item, grams=item.grams / 50) for item in other.ingredients))
    made = plan(ask(kcal=700, meals={"lunch": "12:30"}, snacks=0, days=2), (main, mouthful), kitchen.foods)
    assert [meal.recipe for day in made.days for meal in day.meals] == [main, main]
    assert "Few mains are of the right size, so one may come up to 2 times a week." in made.advice


@pytest.mark.parametrize(
    ("breach", "sentence"),
    [
        (Breach(rule="dish", subject="dal-1"), "Dal of the house comes more often than it should in week 2."),
        (Breach(rule="dish in a day", subject="dal-1", day=0), "Dal of the house comes twice on Monday."),
    ],
)
def test_a_dish_is_told_by_its_title(ask: Ask, breach: Breach, sentence: str) -> None:
    request = ask(days=14, day_names=tuple(["Monday"] * 14))
    assert breach_sentence(request, 1, breach, {"dal-1": "Dal of the house"}).endswith(f": {sentence}")
