"""Which dishes a request admits, and what each of its filters leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mealplanner.planner.model import MAIN, SNACK, PlanRequest
from mealplanner.planner.nutrition import nutrients
from mealplanner.planner.pool import Filter, open_pool
from mealplanner.planner.restrictions import refusal

Ask = Callable[..., PlanRequest]


@pytest.mark.parametrize("diet", ["vegan", "vegetarian", "gluten-free", "kosher", "paleo", "keto"])
def test_every_admitted_dish_is_proven(kitchen: Any, ask: Ask, diet: str) -> None:
    """What the pool admits is exactly what the proof lets through."""
    admitted = open_pool(ask(diet=diet), kitchen.recipes, kitchen.foods).admitted()
    proven = {recipe.slug for recipe in kitchen.recipes if refusal(recipe, kitchen.foods, [diet]) is None}
    assert {dish.recipe.slug for dish in admitted} == proven


def test_restrictions_add_to_the_diet(kitchen: Any, ask: Ask) -> None:
    """A restriction narrows what the diet leaves."""
    vegan = open_pool(ask(diet="vegan"), kitchen.recipes, kitchen.foods).admitted()
    both = open_pool(ask(diet="vegan", restrictions=frozenset({"soy"})), kitchen.recipes, kitchen.foods).admitted()
    assert set(both) < set(vegan) | set(both)
    assert not any(item.food_id == "tofu" for dish in both for item in dish.recipe.ingredients)


def test_a_disliked_food_is_nowhere(kitchen: Any, ask: Ask) -> None:
    """One disliked food is enough to leave a dish out."""
    pool = open_pool(ask(disliked_foods=frozenset({"rice"})), kitchen.recipes, kitchen.foods)
    with_rice = {r.slug for r in kitchen.recipes if "rice" in {item.food_id for item in r.ingredients}}
    assert with_rice
    assert not with_rice & {dish.recipe.slug for dish in pool.admitted()}


def test_every_needed_appliance_is_there(kitchen: Any, ask: Ask) -> None:
    """A dish is admitted when the kitchen has all it needs, and always when it needs nothing."""
    pool = open_pool(ask(appliances=frozenset({"stove"})), kitchen.recipes, kitchen.foods)
    needs = [dish.recipe.appliances for dish in pool.admitted()]
    assert frozenset() in needs
    assert set(needs) == {frozenset(), frozenset({"stove"})}


def test_no_dish_takes_too_long(kitchen: Any, ask: Ask) -> None:
    """A dish that takes just the minutes of a meal is admitted, a longer one is not."""
    pool = open_pool(ask(minutes_per_meal=30), kitchen.recipes, kitchen.foods)
    assert max(dish.recipe.minutes for dish in pool.admitted()) == 30


def test_only_wanted_kinds_are_looked_at(kitchen: Any, ask: Ask) -> None:
    """Without snacks on the plan no snack is in the pool."""
    pool = open_pool(ask(snacks=0), kitchen.recipes, kitchen.foods)
    assert pool.admitted(MAIN)
    assert pool.admitted(SNACK) == ()


def test_a_dish_of_unknown_food_is_never_served(kitchen: Any, ask: Ask) -> None:
    """A dish with a food that is not in the table has no known nutrients and is not even counted."""
    foods = {name: food for name, food in kitchen.foods.items() if name != "rice"}
    pool = open_pool(ask(), kitchen.recipes, foods)
    assert pool.dishes
    assert not any(item.food_id == "rice" for dish in pool.dishes for item in dish.recipe.ingredients)


def test_a_dish_remembers_the_filters_that_refuse_it(kitchen: Any, ask: Ask) -> None:
    """The dishes that one filter alone refuses are those that a second look without that filter finds more."""
    request = ask(disliked_foods=frozenset({"rice", "tofu"}), minutes_per_meal=30, restrictions=frozenset({"milk"}))
    pool = open_pool(request, kitchen.recipes, kitchen.foods)
    alone = Counter(dish.refused_by for dish in pool.dishes if MAIN in dish.recipe.kinds and len(dish.refused_by) == 1)
    assert frozenset().union(*alone) == {
        Filter("dislike", "rice"),
        Filter("dislike", "tofu"),
        Filter("minutes", "30"),
        Filter("restriction", "milk"),
    }
    again = open_pool(replace(request, disliked_foods=frozenset({"tofu"})), kitchen.recipes, kitchen.foods)
    more = len(again.admitted(MAIN)) - len(pool.admitted(MAIN))
    assert alone[frozenset({Filter("dislike", "rice")})] == more > 0


def test_the_order_of_the_catalogue_does_not_matter(kitchen: Any, ask: Ask) -> None:
    """A pool is in order of its slugs however the recipes come."""
    pools = [open_pool(ask(), recipes, kitchen.foods) for recipes in (kitchen.recipes, kitchen.recipes[::-1])]
    assert pools[0] == pools[1]


def test_servings_carry_their_nutrients(kitchen: Any, ask: Ask) -> None:
    """A dish knows what one serving provides."""
    dish = open_pool(ask(), kitchen.recipes, kitchen.foods).dishes[0]
    assert dish.serving == nutrients(dish.recipe, kitchen.foods)
