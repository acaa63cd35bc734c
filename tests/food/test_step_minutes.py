"""The minutes that a recipe states are enough for its steps."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mealplanner.food.recipe_checks import check_recipes
from mealplanner.food.recipes import Written
from mealplanner.food.step_minutes import least_minutes
from mealplanner.planner.model import Food, Recipe


@pytest.mark.parametrize(
    ("steps", "minutes"),
    [
        (["Fry it for 5 minutes.", "Simmer it for 1 hour and 10 minutes."], 75),
        (["Fry it for two to three minutes on each side."], 4),
        (["Boil it for half a minute, then for a minute more."], 1.5),
        (["Simmer the rice for 12 minutes.", "Meanwhile fry the onion for 8 minutes."], 12),
        (["Simmer the rice for 12 minutes.", "While it cooks, fry this for 8 minutes.", "Stew it for 10 minutes."], 18),
        (["Bake it for 20 minutes. Boil the rest for 25 minutes at the same time."], 25),
        (["Bake it for 20 minutes, adding the fish for the last 10 minutes."], 20),
        (["Boil it until it is 1 minute short of done."], 0),
        (["Soak it for six hours.", "Boil it for 20 minutes."], 20),
        (["Stir it well."], 0),
    ],
)
def test_times_add_up_unless_something_goes_on_meanwhile(steps: list[str], minutes: float) -> None:
    """In a dish of 80 minutes."""
    assert least_minutes(steps, 80) == pytest.approx(minutes)


def test_a_dish_whose_steps_take_longer_is_refused(
    make_food: Callable[..., Food], make_recipe: Callable[..., Recipe]
) -> None:
    dish = make_recipe(minutes=19)
    (finding,) = check_recipes([Written("soups.txt:3", dish)], {"red-lentils": make_food()})
    assert finding.problem == 'steps of 20 minutes, expected at most 19, or a step that begins with "Meanwhile"'
