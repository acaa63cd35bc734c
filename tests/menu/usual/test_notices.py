"""When a usual meal is meant, and why a menu leaves it out."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.menu.generation.plan_request import plan_request
from mealplanner.menu.usual.notices import refusal, usual_notices, when
from mealplanner.menu.usual.values import Usual, usual_places
from mealplanner.planner.model import PlanRequest
from mealplanner.preferences.values import Preferences

CATALOGUE = load_catalogue()
MONDAY = datetime.date(2026, 11, 23)
EVERY_DAY = frozenset(range(7))


def request(days: int = 7, ratings: dict[str, int] | None = None, **preferences: Any) -> PlanRequest:
    return plan_request(
        Preferences(**preferences), CATALOGUE.foods, days=days, seed=1, recent={}, ratings=ratings or {}
    )


@pytest.mark.parametrize(
    ("weekdays", "words"),
    [
        ({0, 1, 2, 3, 4, 5, 6}, "Breakfast every day"),
        ({0, 1, 2, 3, 4}, "Breakfast every weekday"),
        ({5, 6}, "Breakfast at the weekend"),
        ({1}, "Breakfast on Tuesday"),
        ({0, 1, 2, 3, 5}, "Breakfast on Monday, Tuesday, Wednesday, Thursday and Saturday"),
    ],
)
def test_days_are_said_as_people_say_them(weekdays: set[int], words: str) -> None:
    assert when("breakfast", weekdays) == words


def test_places_follow_the_calendar() -> None:
    """A menu that begins on a Friday has its Monday on the fourth day; a later choice is the only one of its place."""
    usual = [
        Usual(slot="breakfast", slug="porridge", weekdays=frozenset({0, 4})),
        Usual(slot="dinner", slug="fish", weekdays=frozenset({4})),
    ]
    friday = MONDAY + datetime.timedelta(days=4)
    assert usual_places(usual, [friday + datetime.timedelta(days=day) for day in range(4)]) == {
        (0, "breakfast"): "porridge",
        (0, "dinner"): "fish",
        (3, "breakfast"): "porridge",
    }


def test_nothing_is_said_of_usual_meals_that_are_served_or_not_meant() -> None:
    """Of a Tuesday's breakfast a menu of Monday says nothing."""
    served = Usual(slot="breakfast", slug=_breakfast().slug, weekdays=EVERY_DAY)
    gone = Usual(slot="dinner", slug="gone", weekdays=frozenset({1}))
    assert usual_notices([served, gone], [MONDAY], request(days=1, prep_complexity=100), CATALOGUE.recipes) == []


def test_a_usual_meal_that_is_left_out_is_named_with_its_days() -> None:
    """Only the days of this menu, and the reason in a sentence."""
    dish = _breakfast()
    usual = Usual(slot="breakfast", slug=dish.slug, weekdays=EVERY_DAY)
    asked = request(days=2, ratings={dish.slug: -1}, prep_complexity=100)
    assert usual_notices([usual], [MONDAY, MONDAY + datetime.timedelta(days=1)], asked, CATALOGUE.recipes) == [
        f"Your usual breakfast on Monday and Tuesday is not on this menu (“{dish.title}”). You said “never again”."
    ]


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"diet_type": "vegan"}, "Not vegan: it has"),
        ({"dietary_restrictions": ["milk"]}, "Contains milk"),
        ({"disliked_ingredients": ["whole milk"]}, "Has whole milk, which you'd rather not eat."),
        ({"appliances": []}, "Needs a"),
        ({"prep_complexity": 0}, "you asked for 15"),
    ],
)
def test_each_reason_is_a_sentence(wishes: dict[str, Any], words: str) -> None:
    """Of several, the gravest."""
    dish = next(recipe for recipe in CATALOGUE.recipes if _milky(recipe) and recipe.minutes > 15 and recipe.appliances)
    slot = "breakfast" if "breakfast" in dish.kinds else "lunch" if "main" in dish.kinds else "snack"
    every = {"prep_complexity": 100, "appliances": sorted(dish.appliances)}
    said = refusal(slot, dish, request(**{**every, **wishes}))
    assert said is not None
    assert words in said
    assert refusal(slot, dish, request(**every)) is None


def test_a_dish_that_is_gone_or_a_meal_that_is_not_eaten_is_said() -> None:
    assert refusal("breakfast", None, request()) == "The dish is neither in the catalogue nor among yours any more."
    assert refusal("snack", _breakfast(), request(snacks_per_day=0)) == "You have no snack in your day."
    assert refusal("lunch", _breakfast(), request()) == "It is no lunch any more."


def _breakfast() -> Any:
    return next(recipe for recipe in CATALOGUE.recipes if recipe.kinds == {"breakfast"} and not recipe.appliances)


def _milky(recipe: Any) -> bool:
    return "milk-whole" in {item.food_id for item in recipe.ingredients}
