"""The second proof finds what is planted: a wrong dish, figure or sentence for each of its rules."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.menu.generation.inputs import GenerationInputs
from mealplanner.planner.model import Ingredient, Nutrients, Recipe
from mealplanner.planner.nutrition import nutrients
from mealplanner.planner.results import Plan, PlannedMeal, Shortfall
from mealplanner.preferences.values import Preferences
from tests.benchmarks.separate_check import planned
from tests.second_proof.plans import violations

MONDAY = datetime.date(2026, 11, 30)
BREAKFAST, LUNCH, SNACK, DINNER = range(4)
"""The places of a day."""

Dishes = dict[str, Recipe]


@pytest.fixture(scope="module")
def dishes() -> Dishes:
    return {recipe.slug: recipe for recipe in load_catalogue().recipes}


@pytest.fixture(scope="module")
def week() -> Plan:
    """A week that keeps every rule."""
    return planned(asked())


def asked(**wishes: Any) -> GenerationInputs:
    """A person from Monday to Sunday with the usual preferences, but for `wishes`."""
    known = {
        "ratings": {},
        "opinions": {},
        **{name: wishes.pop(name) for name in ("ratings", "opinions") if name in wishes},
    }
    return GenerationInputs(
        source="planner",
        preferences=Preferences(**wishes),
        start_date=MONDAY,
        days=tuple(range(7)),
        seed=1,
        recent={},
        recent_titles=(),
        usual=(),
        **known,
    )


def serve(made: Plan, day: int, place: int, dish: Recipe, portion: float = 1.0) -> Plan:
    """Return the plan with another dish at one place, and nothing else changed."""
    return with_meal(
        made,
        day,
        place,
        lambda meal: replace(
            meal, recipe=dish, portion=portion, nutrients=nutrients(dish, load_catalogue().foods) * portion
        ),
    )


def with_meal(made: Plan, day: int, place: int, change: Callable[[PlannedMeal], PlannedMeal]) -> Plan:
    days = list(made.days)
    meals = list(days[day].meals)
    meals[place] = change(meals[place])
    days[day] = replace(days[day], meals=tuple(meals))
    return replace(made, days=tuple(days))


def found(inputs: GenerationInputs, made: Plan, dishes: Mapping[str, Recipe], words: str) -> bool:
    return any(words in wrong for wrong in violations(inputs, made, dishes))


def test_a_week_that_keeps_every_rule_passes(week: Plan, dishes: Dishes) -> None:
    assert violations(asked(), week, dishes) == []


@pytest.mark.parametrize(
    ("rule", "food_ids"),
    [
        ("vegetarian", "worcestershire-sauce"),
        ("pescatarian", "gelatine"),
        ("vegan", "honey"),
        ("gluten-free", "soy-sauce"),
        ("dairy-free", "ghee"),
        ("halal", "wine-white"),
        ("kosher", "prawns"),
        ("kosher", "chicken-breast butter"),
        ("kosher", "chicken-breast anchovies-canned"),
        ("paleo", "sugar-white"),
        ("keto", "honey"),
        ("gluten", "bulgur-dry"),
        ("wheat", "couscous-dry"),
        ("crustaceans", "crab-canned"),
        ("eggs", "mayonnaise"),
        ("fish", "fish-sauce"),
        ("peanuts", "peanut-butter"),
        ("soy", "tofu-firm"),
        ("milk", "quark-low-fat"),
        ("tree-nuts", "walnuts"),
        ("celery", "celeriac"),
        ("mustard", "mustard"),
        ("sesame", "tahini"),
        ("sulphites", "wine-red"),
        ("lupin", "lupin-flour"),
        ("molluscs", "squid"),
        ("pork", "pancetta"),
        ("beef", "beef-liver"),
        ("meat", "chicken-stock"),
        ("alcohol", "sake"),
        ("honey", "honey"),
    ],
)
def test_a_dish_against_a_rule_is_found(week: Plan, dishes: Dishes, rule: str, food_ids: str) -> None:
    """It has 80 grams of one food more than the dish that was planned."""
    before = week.days[2].meals[DINNER].recipe
    more = tuple(Ingredient(food_id=food_id, grams=80.0) for food_id in food_ids.split())
    dish = replace(before, ingredients=more if " " in food_ids else (*before.ingredients, *more))
    made = serve(week, 2, DINNER, dish)
    inputs = asked(dietary_restrictions=[rule]) if rule not in _DIETS_ONLY else asked(diet_type=rule)
    wrong = [one for one in violations(inputs, made, {**dishes, dish.slug: dish}) if one.startswith("day 3, dinner")]
    assert any(rule in one for one in wrong), wrong


_DIETS_ONLY = {"pescatarian", "gluten-free", "dairy-free", "paleo", "keto"}


def test_what_was_typed_as_disliked_is_found(week: Plan, dishes: Dishes) -> None:
    dish = _with(dishes, "mushrooms-oyster", kind="main")
    assert found(asked(disliked_ingredients=["mushrooms"]), serve(week, 1, LUNCH, dish), dishes, "is disliked")


def test_meat_that_is_never_wanted_is_found(week: Plan, dishes: Dishes) -> None:
    dish = _with(dishes, "fish-sauce", kind="main")
    assert found(asked(meat_or_fish="never"), serve(week, 1, LUNCH, dish), dishes, "fish-sauce is meat or fish")


def test_another_kitchen_is_found(week: Plan, dishes: Dishes) -> None:
    made = serve(week, 1, LUNCH, replace(week.days[1].meals[LUNCH].recipe, appliances=frozenset({"air-fryer"})))
    assert found(asked(), made, dishes, "it needs air-fryer")


def test_slow_dishes_are_found(week: Plan, dishes: Dishes) -> None:
    """Slower than any day allows, than its own day does, or once the person finds them too long."""
    stew = replace(week.days[1].meals[LUNCH].recipe, slug="stew", minutes=100)
    made = serve(week, 1, LUNCH, stew)
    assert found(asked(), made, dishes, "100 minutes of 45")
    assert found(asked(minutes_by_weekday={"sunday": 120}), made, dishes, "stew: 100 minutes of 45 on Tuesday")
    slow = {"minutes_by_weekday": {"tuesday": 120}, "opinions": {"stew": frozenset({"too-long"})}}
    assert found(asked(**slow), made, dishes, "150 minutes of 120")
    assert found(asked(prep_complexity=0), week, dishes, "minutes of cooking instead of 45")


def test_time_for_snacks_is_found_unless_it_is_told(week: Plan, dishes: Dishes) -> None:
    """Cooking that takes longer than the meals may on two days, and what is said of it, right or wrong."""
    first, second = (45 * 3 - sum(meal.recipe.minutes for meal in week.days[day].meals) for day in (1, 3))
    made = _slower(_slower(week, 1, first + 7), 3, second + 20)

    def said(sentence: str, plan: Plan = made) -> Plan:
        return replace(plan, advice=(f"Few dishes, so snacks have minutes of their own: on {sentence}.",))

    assert found(asked(), made, dishes, "Thursday: 155 minutes of cooking instead of 135")
    assert found(asked(), said("Thursday they do: 155 minutes instead of 135"), dishes, "155 minutes of cooking")
    right = "2 of 7 days they do, most of all on Thursday: 155 minutes instead of 135"
    assert not found(asked(), said(right), dishes, "minutes of cooking")
    assert not found(asked(), said(right), dishes, "it says")
    assert found(asked(), said(right.replace("155", "142")), dishes, "it says: snacks have minutes of their own")
    assert found(asked(), said(right, week), dishes, "which they do not use")
    assert found(asked(), _slower(said(right), 3, 26), dishes, "181 minutes of cooking, more than all the meals may")


def test_what_is_wanted_never_again_is_found(week: Plan, dishes: Dishes) -> None:
    slug = week.days[4].meals[DINNER].recipe.slug
    assert found(asked(ratings={slug: -1}), week, dishes, f"{slug}: it is wanted never again")


def test_what_is_not_for_weekdays_is_found(week: Plan, dishes: Dishes) -> None:
    opinions = {meal.recipe.slug: frozenset({"not-weekdays"}) for day in (4, 5) for meal in week.days[day].meals}
    wrong = violations(asked(opinions=opinions), week, dishes)
    assert any(one.startswith("day 5:") and "it is not wanted on a Friday" in one for one in wrong)
    assert not any(one.startswith("day 6:") for one in wrong)


def test_what_has_to_be_begun_before_the_plan_is_found(week: Plan, dishes: Dishes) -> None:
    soaked = replace(week.days[0].meals[LUNCH].recipe, day_before="Soak the beans in cold water.")
    assert found(asked(), serve(week, 0, LUNCH, soaked), dishes, "it has to be begun the day before")
    assert not found(asked(), serve(week, 1, LUNCH, soaked), dishes, "begun the day before")


def test_wrong_portions_are_found(week: Plan, dishes: Dishes) -> None:
    """A third of a serving, too much for a plate, a souffle for one."""
    main = week.days[0].meals[LUNCH].recipe
    heavy = replace(main, ingredients=(*main.ingredients, Ingredient(food_id="water", grams=910.0)))
    assert found(asked(), serve(week, 1, LUNCH, heavy, 0.3), dishes, "0.3 servings")
    assert found(asked(), serve(week, 1, LUNCH, heavy), dishes, " g on a plate")
    alone = serve(week, 1, LUNCH, replace(main, makes=2))
    assert found(asked(), alone, dishes, "made for 1 instead of 2")
    assert not found(asked(servings_per_meal=2), alone, dishes, "made for")


def test_a_dish_at_the_wrong_place_is_found(week: Plan, dishes: Dishes) -> None:
    """A main at breakfast, a snack as dinner, a dish that the catalogue has otherwise or not at all."""
    main, snack = week.days[0].meals[LUNCH].recipe, week.days[0].meals[SNACK].recipe
    assert found(asked(), serve(week, 1, BREAKFAST, main), dishes, "it is a main")
    assert found(asked(), serve(week, 1, DINNER, snack), dishes, "kcal, where the dinner usually has")
    other = replace(main, ingredients=main.ingredients[:-1])
    assert found(asked(), serve(week, 0, LUNCH, other), dishes, "it is not the dish of the catalogue")


def test_wrong_figures_are_found(week: Plan, dishes: Dishes) -> None:
    wrong = with_meal(week, 3, LUNCH, lambda meal: replace(meal, nutrients=meal.nutrients + Nutrients(protein_g=0.1)))
    assert found(asked(), wrong, dishes, "protein_g, where the plan says")


def test_a_target_that_is_missed_is_found(week: Plan, dishes: Dishes) -> None:
    """Unless the plan says so, and a plan that says so is found where it is met."""
    assert found(asked(calorie_goal=2200), week, dishes, "day 1: kcal is off target, unlike what is said")
    modest = replace(week, shortfalls=(Shortfall(day=2, nutrient="fat_g", target=67.0, actual=50.0),))
    assert found(asked(), modest, dishes, "day 3: fat_g is on target, unlike what is said")
    assert found(asked(macro_protein=30, macro_carbs=40), week, dishes, "targets are missed and nothing is said")


def test_lost_meals_and_days_are_found(week: Plan, dishes: Dishes) -> None:
    assert found(asked(snacks_per_day=2), week, dishes, "meals are breakfast, lunch, snack, dinner")
    assert found(asked(), replace(week, days=week.days[:6]), dishes, "6 days of 7")
    late = {"breakfast": "08:00", "lunch": "13:30", "dinner": "19:00"}
    assert found(asked(meal_times=late), week, dishes, "meals are at 08:00, 12:30")


def test_repeats_are_found_unless_they_are_told(week: Plan, dishes: Dishes) -> None:
    """A main twice in a week or in a day, a breakfast five times, a protein or a cuisine too often."""
    main = week.days[0].meals[LUNCH].recipe
    twice = serve(week, 4, DINNER, main)
    assert found(asked(), twice, dishes, f"{main.slug} is a main 2 times a week instead of 1")
    few = "Only 9 mains suit these preferences, so one may come up to 2 times a week."
    assert not found(asked(), replace(twice, advice=(few,)), dishes, "2 times a week")
    assert found(asked(), serve(week, 0, DINNER, main), dishes, f"day 1: {main.slug} is served 2 times")
    assert found(asked(), serve(week, 0, DINNER, main), dishes, "lunch and dinner are both of")
    first, other = (_with(dishes, food_id, kind="breakfast") for food_id in ("oats-gluten-free", "egg"))
    breakfasts = week
    for day in range(7):
        breakfasts = serve(breakfasts, day, BREAKFAST, other if day < 2 else first)
    assert found(asked(), breakfasts, dishes, f"{first.slug} is a breakfast 5 times a week instead of 4")
    assert not found(asked(same_meals="high"), breakfasts, dishes, "is a breakfast 5 times")
    same = [dish for dish in dishes.values() if "main" in dish.kinds and dish.main_protein == "tofu"]
    tofu = week
    for day, dish in zip(range(4), same, strict=False):
        tofu = serve(tofu, day, DINNER, dish)
    assert found(asked(), tofu, dishes, "mains of tofu a week instead of 3")
    thai = [dish for dish in dishes.values() if "main" in dish.kinds and dish.cuisine == "thai"]
    often = week
    for day, dish in zip(range(4), thai, strict=False):
        often = serve(often, day, DINNER, dish)
    assert found(asked(), often, dishes, "mains are thai instead of 3")
    assert not found(asked(recipe_type=["thai"]), often, dishes, "mains are thai")


def test_wishes_that_are_missed_in_silence_are_found(week: Plan, dishes: Dishes) -> None:
    """And what is told although it is kept, or was not asked for."""
    plants = _mains(week, [dish for dish in dishes.values() if "main" in dish.kinds and dish.main_protein == "lentils"])
    assert found(asked(meat_or_fish="most"), plants, dishes, "meat or fish on most days is missed")
    meat = _mains(week, [dish for dish in dishes.values() if "main" in dish.kinds and dish.main_protein == "beef"])
    assert found(asked(meat_or_fish="some"), meat, dishes, "meat or fish on some days is missed")
    boast = replace(meat, advice=("Meat or fish on most days means at least 9 of these 14 mains, but none have it.",))
    assert found(asked(meat_or_fish="most"), boast, dishes, "meat or fish on most days is kept")
    assert found(asked(day_limits={"salt_g": 1.0}), week, dishes, "salt_g is")
    assert found(asked(day_limits={"fibre_g": 80.0}), week, dishes, "fibre_g is")
    salty = "Salt comes to 9.9 g a day on average, above the 5 g that you aim at."
    assert found(asked(), replace(week, advice=(salty,)), dishes, "and it says: Salt comes to 9.9 g")
    off = asked(day_limits={"salt_g": None})
    assert found(off, replace(week, advice=(salty,)), dishes, "salt_g is told, which is switched off")


def _slower(made: Plan, day: int, minutes: int) -> Plan:
    """Return the plan with a snack that takes longer."""
    return with_meal(
        made,
        day,
        SNACK,
        lambda meal: replace(meal, recipe=replace(meal.recipe, minutes=meal.recipe.minutes + minutes)),
    )


def _with(dishes: Dishes, food_id: str, *, kind: str) -> Recipe:
    return next(
        dish
        for dish in dishes.values()
        if kind in dish.kinds and any(item.food_id == food_id for item in dish.ingredients)
    )


def _mains(week: Plan, mains: list[Recipe]) -> Plan:
    for day in range(7):
        week = serve(serve(week, day, LUNCH, mains[2 * day]), day, DINNER, mains[2 * day + 1])
    return week
