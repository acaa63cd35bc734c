"""What is done the day before stands in its own field; how long a dish is left alone follows from its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.lead_time import lead_time_problems
from mealplanner.food.step_minutes import waiting_minutes
from mealplanner.planner.model import Ingredient, Recipe

SOAK = "Soak the lentils ({red-lentils}) in plenty of cold water."


@pytest.mark.parametrize(
    "step",
    [
        "Soak the lentils in plenty of water overnight and drain them.",
        "Cover them with water the evening before.",
        "Marinate the chicken in the paste for 4 hours.",
        "Marinate the tofu for at least two hours.",
        "Leave the batter in a warm place for six to eight hours.",
        "Press it into a bowl and chill until firm.",
    ],
)
def test_steps_that_wait_for_hours_are_refused(step: str, make_recipe: Callable[..., Recipe]) -> None:
    dish = make_recipe(steps=(step, "Boil the lentils for 10 minutes.", "Serve them."))
    (problem,) = lead_time_problems(dish)
    assert problem.startswith("step 1 ")
    assert problem.endswith("expected what is done before in day-before, and not in the steps")


@pytest.mark.parametrize(
    "step",
    [
        "Boil the lentils hard for 10 minutes.",
        "Chill it for an hour if you want it thick.",
        "Take the cheese out of the fridge an hour before.",
        "Stir in the spinach for the last hour.",
        "Add the cold rice and fry it for 4 minutes.",
    ],
)
def test_other_steps_may_stay(step: str, make_recipe: Callable[..., Recipe]) -> None:
    steps = (step, "Season it.", "Serve it.")
    assert [*lead_time_problems(make_recipe(steps=steps))] == []


def test_hours_within_the_minutes_of_the_dish_may_stay(make_recipe: Callable[..., Recipe]) -> None:
    steps = ("Cook it in the slow cooker for 3 hours.", "Season it.", "Serve it.")
    assert [*lead_time_problems(make_recipe(minutes=200, steps=steps))] == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day_before": SOAK}, None),
        ({"day_before": "Chop the onion and keep it in a box."}, "nothing that takes hours"),
        ({"day_before": "Soak it."}, "no full sentence"),
        ({"makes": 8, "keeps_days": 3}, None),
        ({"makes": 2}, None),
        ({"keeps_days": 3}, "is made for one serving"),
        ({"makes": 0}, "makes 0 servings"),
        ({"makes": 2, "keeps_days": 90}, "at most 30"),
    ],
)
def test_what_is_said_is_checked(changes: dict[str, Any], said: str | None, make_recipe: Callable[..., Recipe]) -> None:
    problems = [*lead_time_problems(make_recipe(**changes))]
    assert problems == [] if said is None else len(problems) == 1 and said in problems[0]


def test_rice_that_is_cooked_already_was_cooked_the_day_before(make_recipe: Callable[..., Recipe]) -> None:
    dish = make_recipe(ingredients=(Ingredient(food_id="rice-white-cooked", grams=150),))
    assert [*lead_time_problems(dish)] == ["rice-white-cooked is cooked before: expected how and when in day-before"]


@pytest.mark.parametrize(
    ("steps", "minutes"),
    [
        (["Bake it for 25 minutes.", "Serve it with the salad."], 25),
        (["Bake it for 18 minutes."], 15),
        (["Cover it and cook it in the slow cooker on high for 3 hours."], 180),
        (["Simmer it for 20 minutes. Meanwhile fry the onion for 8 minutes and the garlic for 1 minute."], 20),
        (["Fry it for 20 minutes, turning it often."], 0),
        (["Simmer it for 20 minutes, stirring all the time."], 0),
        (["Simmer it for 20 minutes, stirring now and then."], 20),
        (["Boil the pasta for 10 minutes.", "Boil the beans for 8 minutes."], 0),
        (["Bake it for 195 minutes.", "Fry the onion for 20 minutes."], 180),
    ],
)
def test_a_dish_is_left_alone_in_the_oven_or_under_a_lid(steps: list[str], minutes: int) -> None:
    """In a dish of 200 minutes: what is done by hand takes its own."""
    assert waiting_minutes(steps, 200) == minutes


def test_the_catalogue_names_what_waits() -> None:
    """Dishes that soak, set or need cold rice; dishes for several; and dishes that cook by themselves."""
    dishes = {dish.slug: dish for dish in load_catalogue().recipes}
    assert sum(bool(dish.day_before) for dish in dishes.values()) >= 40
    assert dishes["red-beans-and-rice"].day_before == "Soak the beans ({kidney-beans-dry}) in plenty of cold water."
    assert dishes["egg-fried-rice-with-peas"].day_before.startswith("Boil {80 g} of rice")
    assert (dishes["courgette-souffle"].makes, dishes["courgette-souffle"].keeps_days) == (2, 0)
    goulash = dishes["slow-cooker-goulash"]
    assert waiting_minutes(goulash.steps, goulash.minutes) == 220
