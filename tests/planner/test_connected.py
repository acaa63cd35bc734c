"""How connected a week is: what is bought, what spoils after one use, and what is used whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mealplanner.planner.connected import Connections, connections
from mealplanner.planner.habits import Goods, is_whole
from mealplanner.planner.model import MAIN, Ingredient, Nutrients, Recipe, Slot
from mealplanner.planner.results import PlannedDay, PlannedMeal

SLOT = Slot(name="dinner", kind=MAIN, share=1.0, time="19:00")
GOODS = {
    "rice-cooked": Goods(bought="rice"),
    "water": Goods(bought=""),
    "spinach": Goods(bought="spinach", spoils=True),
    "egg": Goods(bought="egg", piece=50),
    "beans": Goods(bought="beans", tin=240),
}


def dish(slug: str, minutes: int = 20, **foods: float) -> Recipe:
    return Recipe(
        slug=slug,
        title=slug,
        kinds=frozenset({MAIN}),
        cuisine="thai",
        main_protein="tofu",
        minutes=minutes,
        appliances=frozenset(),
        ingredients=tuple(Ingredient(food_id=name.replace("_", "-"), grams=grams) for name, grams in foods.items()),
        steps=(),
    )


def week(*days: list[tuple[Recipe, float]], people: int = 1) -> Connections:
    meals = [
        [PlannedMeal(slot=SLOT, recipe=one, portion=size, nutrients=Nutrients()) for one, size in day] for day in days
    ]
    return connections([PlannedDay(meals=tuple(day)) for day in meals], GOODS, people)


def test_what_is_bought_as_one_food_is_counted_once() -> None:
    """Cooked rice is rice, water is not bought, and what is not known is bought as itself."""
    found = week([(dish("a", rice_cooked=100, water=200), 1), (dish("b", rice=50, kale=80), 1)])
    assert (found.foods, found.dishes, found.meals) == (2, 2, 2)


def test_what_spoils_is_bought_for_one_use_until_another_meal_uses_it() -> None:
    green, other = dish("a", spinach=100, rice=50), dish("b", spinach=50)
    assert week([(green, 1)]).single_use == 1
    assert week([(green, 1)], [(other, 1)]).single_use == 0


@pytest.mark.parametrize(("keeps", "minutes"), [(0, 20), (1, 10)])
def test_a_batch_is_cooked_once_while_it_keeps(keeps: int, minutes: float) -> None:
    batch = replace(dish("a"), makes=2, keeps_days=keeps)
    assert week([(batch, 1)], [(batch, 1)]).minutes == minutes


def test_a_batch_that_is_eaten_up_is_cooked_again() -> None:
    batch = replace(dish("a"), makes=2, keeps_days=3)
    assert week([(batch, 1.5)], [(batch, 1)]).minutes == 20


@pytest.mark.parametrize(("portion", "people", "whole"), [(1, 1, 0), (2, 1, 1), (1, 2, 1), (1.5, 2, 0)])
def test_eggs_are_counted_for_all_who_eat(portion: float, people: int, whole: int) -> None:
    found = week([(dish("a", egg=25), portion)], people=people)
    assert (found.counted, found.whole) == (1, whole)


def test_a_tin_is_whole_when_the_week_empties_it() -> None:
    half = dish("a", beans=120)
    assert week([(half, 1)]).whole == 0
    assert week([(half, 1)], [(half, 1)]).whole == 2


@pytest.mark.parametrize(("count", "whole"), [(1, True), (0.95, True), (3.08, True), (0.5, False), (0.04, False)])
def test_nearly_whole_is_whole_but_nothing_is_not(count: float, whole: Any) -> None:
    assert is_whole(count) == whole
