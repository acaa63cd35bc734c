"""From preferences to what the planner, and a model, are asked for."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.menu.generation.inputs import GenerationInputs
from mealplanner.menu.generation.plan_request import dishes_wanted, plan_request, request_for
from mealplanner.planner.model import PlanRequest
from mealplanner.preferences.values import Preferences


@pytest.fixture(scope="module")
def week() -> PlanRequest:
    """Return a week of three meals and a snack a day."""
    preferences = Preferences(snacks_per_day=1)
    return plan_request(preferences, load_catalogue().foods, days=7, seed=1, recent={}, ratings={})


def test_a_model_is_asked_for_as_many_dishes_as_a_week_needs(week: PlanRequest) -> None:
    """A main for each lunch and dinner; breakfasts and snacks may be served twice."""
    assert dishes_wanted(week, 100) == {"main": 14, "breakfast": 4, "snack": 4}


def test_a_longer_menu_asks_for_no_more_dishes(week: PlanRequest) -> None:
    """The later weeks use the catalogue and the dishes that the person has by then."""
    assert dishes_wanted(replace(week, days=28), 100) == dishes_wanted(week, 100)


def test_a_shorter_menu_asks_for_fewer_dishes(week: PlanRequest) -> None:
    """Nothing that the model writes should be left over."""
    assert dishes_wanted(replace(week, days=2), 100) == {"main": 4, "breakfast": 1, "snack": 1}


@pytest.mark.parametrize("most", [0, 1, 3, 10, 21])
def test_the_limit_holds_and_is_used_up(week: PlanRequest, most: int) -> None:
    assert sum(dishes_wanted(week, most).values()) == most


def test_each_kind_gets_its_share_of_the_limit(week: PlanRequest) -> None:
    """Mains, of which there are most, get most."""
    assert dishes_wanted(week, 10) == {"main": 7, "breakfast": 2, "snack": 1}


def test_days_that_differ_keep_their_minutes() -> None:
    """A week from Wednesday, with a quick Tuesday and a slow Sunday; without dates, the slowest day counts."""
    preferences = Preferences(prep_complexity=50, minutes_by_weekday={"tuesday": 20, "sunday": 90})
    inputs = GenerationInputs(
        source="catalogue",
        preferences=preferences,
        start_date=datetime.date(2026, 11, 25),
        days=tuple(range(7)),
        seed=1,
        recent={},
        recent_titles=(),
        ratings={},
        opinions={},
        usual=(),
    )
    request = request_for(inputs, load_catalogue().foods)
    assert request.minutes_per_meal == 45
    assert request.minutes_on == {4: 90, 6: 20}
    assert plan_request(preferences, load_catalogue().foods, days=1, seed=1, recent={}, ratings={}).most_minutes == 90
