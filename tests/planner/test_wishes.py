"""Dishes that are to be served, and dishes that the person has rated."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mealplanner.planner.limits import breaches, week_limits
from mealplanner.planner.model import BREAKFAST, MAIN, SNACK, Ingredient, PlanRequest
from mealplanner.planner.plan import NothingFits, plan
from mealplanner.planner.pool import Filter, open_pool

Ask = Callable[..., PlanRequest]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@pytest.fixture(scope="module")
def large(build_kitchen: Callable[..., Any]) -> Any:
    """A catalogue of 600 recipes."""
    return build_kitchen(mains=400, breakfasts=100, snacks=100)


def pick(kitchen: Any, seed: int) -> frozenset[str]:
    """Six mains and two breakfasts, whatever they are like."""
    rng = random.Random(seed)
    kinds = {kind: [recipe.slug for recipe in kitchen.recipes if kind in recipe.kinds] for kind in (MAIN, BREAKFAST)}
    return frozenset(rng.sample(kinds[MAIN], 6) + rng.sample(kinds[BREAKFAST], 2))


def served(kitchen: Any, request: PlanRequest) -> list[str]:
    """The slugs of a plan, meal by meal."""
    days = plan(request, kitchen.recipes, kitchen.foods).days
    return [meal.recipe.slug for day in days for meal in day.meals]


@pytest.mark.parametrize("seed", range(4))
def test_favoured_dishes_are_served_and_every_day_still_hits_its_targets(large: Any, ask: Ask, seed: int) -> None:
    """Six of eight among 600 at least, where hardly one would be by chance; no target missed, no rule broken."""
    favoured = pick(large, seed)
    request = ask(seed=seed, favoured=favoured)
    made = plan(request, large.recipes, large.foods)
    assert len(favoured & {meal.recipe.slug for day in made.days for meal in day.meals}) >= 6
    assert made.shortfalls == ()
    assert made.advice == ()
    dishes = open_pool(request, large.recipes, large.foods).admitted()
    assert breaches(made.days, week_limits(request, request.days, dishes), request.target.kcal) == ()
    assert len(favoured & set(served(large, replace(request, favoured=frozenset())))) <= 3


def test_a_favoured_dish_that_a_filter_refuses_is_not_served(large: Any, ask: Ask) -> None:
    """What a person rules out is no matter of points."""
    meaty = frozenset(recipe.slug for recipe in large.recipes if recipe.main_protein in {"chicken", "beef"})
    assert not meaty & set(served(large, ask(diet="vegan", favoured=meaty, days=3)))


def test_a_favoured_dish_makes_room_once_it_was_served(large: Any, ask: Ask) -> None:
    """The second week of a plan is not the first again."""
    favoured = pick(large, 1)
    slugs = served(large, ask(days=14, favoured=favoured))
    first, second = set(slugs[:28]), set(slugs[28:])
    assert len(favoured & first) >= 6
    assert len(favoured & first & second) <= 2


def test_favour_gives_way_to_targets(kitchen: Any, ask: Ask) -> None:
    """A favoured dish that misses a macro by a hair is left for one that is right, though favour weighs more."""
    request = ask(meals={"dinner": "19:00"}, snacks=0, days=1)
    right, off = request.target, replace(request.target, protein_g=request.target.protein_g * 0.9485)
    foods = {
        name: replace(kitchen.foods["rice"], id=name, per_100g=figures * 0.1)
        for name, figures in (("right", right), ("off", off))
    }
    recipes = [
        replace(
            kitchen.recipes[0], slug=name, appliances=frozenset(), ingredients=(Ingredient(food_id=name, grams=1000),)
        )
        for name in foods
    ]
    for seed in range(6):
        made = plan(replace(request, seed=seed, favoured=frozenset({"off"})), recipes, foods)
        assert [meal.recipe.slug for meal in made.days[0].meals] == ["right"]


def test_a_dish_wanted_more_often_is_served_more_often(large: Any, ask: Ask) -> None:
    """It is a liking, which memory can outweigh."""
    liked = sorted(pick(large, 2))
    plain, rated, eaten = (
        sum(len(set(liked) & set(served(large, ask(seed=seed, **wishes)))) for seed in range(4))
        for wishes in (
            {},
            {"ratings": dict.fromkeys(liked, 1)},
            {"ratings": dict.fromkeys(liked, 1), "recent": dict.fromkeys(liked, 1)},
        )
    )
    assert rated >= plain + 4
    assert eaten < rated


def test_a_dish_rated_never_again_is_never_served(kitchen: Any, ask: Ask) -> None:
    """Not even when it is favoured; and again and again, the plan finds others."""
    ratings: dict[str, int] = {}
    for _ in range(3):
        request = ask(days=3, ratings=ratings, favoured=frozenset(ratings))
        slugs = served(kitchen, request)
        assert not ratings.keys() & set(slugs)
        ratings = ratings | dict.fromkeys(slugs, -1)


def test_the_rating_is_a_filter_with_its_own_words(kitchen: Any, ask: Ask) -> None:
    """When it leaves nothing, the person learns that it was the rating."""
    mains = [recipe.slug for recipe in kitchen.recipes if MAIN in recipe.kinds]
    request = ask(ratings=dict.fromkeys(mains, -1))
    pool = open_pool(request, kitchen.recipes, kitchen.foods)
    refused = [dish.refused_by for dish in pool.dishes if MAIN in dish.recipe.kinds]
    assert refused == [frozenset({Filter("rating", "never again")})] * len(mains)
    with pytest.raises(NothingFits) as caught:
        plan(request, kitchen.recipes, kitchen.foods)
    assert caught.value.advice[1].startswith("With the dishes that you rated “never again”, ")
    assert caught.value.advice[1].endswith(f"there would be {len(mains)} more mains.")


def test_a_rating_of_nothing_changes_nothing(kitchen: Any, ask: Ask) -> None:
    """Neutral ratings, and those of dishes that are not there, plan as no rating does."""
    ratings = {kitchen.recipes[0].slug: 0, "a-dish-of-long-ago": -1}
    assert served(kitchen, ask(days=2, ratings=ratings)) == served(kitchen, ask(days=2))


def test_a_dish_barred_on_some_days_is_served_on_the_others(large: Any, ask: Ask) -> None:
    """In every week of a plan, and without missing a target."""
    liked = pick(large, 3)
    weekdays = frozenset(day for day in range(14) if day % 7 < 5)
    request = ask(days=14, ratings=dict.fromkeys(liked, 1), barred=dict.fromkeys(liked, weekdays))
    made = plan(request, large.recipes, large.foods)
    served_on = {day for day, meals in enumerate(made.days) if liked & {meal.recipe.slug for meal in meals.meals}}
    assert served_on
    assert not served_on & weekdays
    assert (made.shortfalls, made.advice) == ((), ())


def test_a_dish_that_must_be_served_on_a_barred_day_is_named(kitchen: Any, ask: Ask) -> None:
    """Where nothing else is left, the plan says that the day was not kept free of it."""
    few = kitchen.only(main=1, breakfast=3, snack=3)
    (main,) = (recipe for recipe in few.recipes if MAIN in recipe.kinds)
    request = ask(meals={"breakfast": "08:00", "dinner": "19:00"}, days=1, barred={main.slug: frozenset({0})})
    advice = plan(request, few.recipes, few.foods).advice
    assert any(f"{main.title} comes on day 1, on which you do not want it." in sentence for sentence in advice)


def test_every_reason_against_a_day_is_told(kitchen: Any, ask: Ask) -> None:
    """Not wanted that day, too long for it, and to be begun before it: one reason hides no other."""
    few = kitchen.only(main=110, breakfast=3, snack=3)
    main = next(recipe for recipe in few.recipes if MAIN in recipe.kinds and recipe.minutes == 40)
    slow = replace(main, day_before="Soak it in plenty of cold water.")
    recipes = [slow, *(recipe for recipe in few.recipes if MAIN not in recipe.kinds)]
    barred = {slow.slug: frozenset({0})}
    request = ask(meals={"breakfast": "08:00", "dinner": "19:00"}, days=2, barred=barred, minutes_on={0: 20})
    advice = plan(request, recipes, few.foods).advice
    for reason in ("on which you do not want it", "and takes longer than you have on that day", "and has to be begun"):
        assert len([one for one in advice if f"{slow.title} comes on day 1, {reason}" in one]) == 1


def test_minutes_that_snacks_have_of_their_own_are_told(kitchen: Any, ask: Ask) -> None:
    """With the day that takes longest; where there are quick dishes enough, there is nothing to tell."""
    slow = [replace(recipe, minutes=30) for recipe in kitchen.recipes]
    made = plan(ask(minutes_per_meal=30, day_names=DAYS), slow, kitchen.foods)
    assert [one for one in made.advice if "minutes" in one] == [
        "Few quick dishes suit these preferences, so snacks have minutes of their own: every day cooking takes longer "
        "than your other meals alone may, most of all on Monday: 120 minutes instead of 90."
    ]
    one_day = plan(ask(days=1, minutes_per_meal=30), slow, kitchen.foods).advice
    assert any(
        one.endswith("own: on day 1 cooking takes longer than your other meals alone may: 120 minutes instead of 90.")
        for one in one_day
    )
    assert plan(ask(minutes_per_meal=30, days=2), kitchen.recipes, kitchen.foods).advice == ()


def test_a_dish_that_comes_twice_on_a_day_is_told(kitchen: Any, ask: Ask) -> None:
    """There are snacks enough for one day by their number, but only one is of the size that is wanted."""
    snacks = [recipe for recipe in kitchen.recipes if SNACK in recipe.kinds]
    huge = [
        replace(one, ingredients=tuple(replace(item, grams=5 * item.grams) for item in one.ingredients))
        for one in snacks
    ]
    recipes = [snacks[0], *huge[1:3], *(recipe for recipe in kitchen.recipes if SNACK not in recipe.kinds)]
    advice = plan(ask(days=1, snacks=2), recipes, kitchen.foods).advice
    assert f"Few snacks suit these preferences, so {snacks[0].title} comes twice on day 1." in advice


def test_a_dish_found_too_long_counts_with_half_as_much_time_again(kitchen: Any, ask: Ask) -> None:
    """One of 40 minutes does not suit a meal of 50 any more, one of 30 does, and the pool says that it is for time."""
    long = frozenset(recipe.slug for recipe in kitchen.recipes if recipe.minutes in {30, 40})
    pool = open_pool(ask(minutes_per_meal=50, too_long=long), kitchen.recipes, kitchen.foods)
    refused = {dish.recipe.slug for dish in pool.dishes if Filter("minutes", "50") in dish.refused_by}
    assert refused == {recipe.slug for recipe in kitchen.recipes if recipe.minutes == 40}


def test_a_dish_found_too_long_gives_way_to_others(large: Any, ask: Ask) -> None:
    """Among dishes that still fit the time, those that are not too long come first."""
    mains = set(served(large, ask(days=4, minutes_per_meal=90)))
    slow = set(served(large, ask(days=4, minutes_per_meal=90, too_long=frozenset(mains))))
    assert len(mains & slow) < len(mains) / 2
