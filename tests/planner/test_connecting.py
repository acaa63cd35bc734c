"""Weeks whose meals share foods and breakfasts, by what matters to the person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from mealplanner.planner.connected import connections
from mealplanner.planner.connecting import connect
from mealplanner.planner.habits import Goods, Habits
from mealplanner.planner.limits import REPEATED_TIMES, week_limits
from mealplanner.planner.model import MAIN, PlanRequest
from mealplanner.planner.plan import plan
from mealplanner.planner.pool import open_pool
from mealplanner.planner.problem import Problem, state_problem
from mealplanner.planner.results import Plan
from mealplanner.planner.scoring import Scoring
from mealplanner.planner.search import Effort, first_plan
from mealplanner.planner.week import cost

Ask = Callable[..., PlanRequest]

GOODS = {
    **{name: Goods(bought=name, spoils=True) for name in ("broccoli", "spinach", "tomatoes", "mushrooms", "berries")},
    "egg": Goods(bought="egg", piece=50),
    "bread": Goods(bought="bread", piece=30),
}
EFFORT = Effort(rounds=4, days=12, width=4_000, branches=2)


@pytest.fixture(scope="module")
def planned(kitchen: Any, ask: Ask) -> Callable[..., Plan]:
    """Plans a week with some habits."""
    known: dict[Habits, Plan] = {}

    def make(**habits: int) -> Plan:
        wanted = Habits(**habits)
        if wanted not in known:
            known[wanted] = plan(ask(goods=GOODS, habits=wanted), kitchen.recipes, kitchen.foods)
        return known[wanted]

    return make


@pytest.fixture
def problem(kitchen: Any, ask: Ask) -> Problem:
    request = ask(goods=GOODS, habits=Habits(use_up=3, repeat=2), days=4)
    dishes = open_pool(request, kitchen.recipes, kitchen.foods).admitted()
    points = {dish.recipe.slug: number % 3.0 for number, dish in enumerate(dishes)}
    return state_problem(request, 4, dishes, week_limits(request, 4, dishes), points, Scoring())


def test_a_week_that_uses_up_buys_less(planned: Callable[..., Plan]) -> None:
    apart, shared = (connections(planned(use_up=level).days, GOODS) for level in (0, 3))
    assert shared.foods < apart.foods
    assert shared.single_use <= apart.single_use


def test_breakfasts_and_snacks_come_again_as_often_as_is_wished(planned: Callable[..., Plan]) -> None:
    often = []
    for level in range(4):
        meals = [meal for day in planned(repeat=level).days for meal in day.meals if meal.slot.kind != MAIN]
        times = Counter(meal.recipe.slug for meal in meals)
        assert max(times.values()) <= REPEATED_TIMES[level]
        often.append(len(times))
    assert often[3] < often[0]


def test_whole_eggs_are_preferred(planned: Callable[..., Plan]) -> None:
    anyhow, whole = (connections(planned(whole=level).days, GOODS) for level in (0, 3))
    assert whole.whole / max(1, whole.counted) >= anyhow.whole / max(1, anyhow.counted)
    assert whole.servings > anyhow.servings


def test_short_days_are_shorter(planned: Callable[..., Plan]) -> None:
    long, short = (connections(planned(short=level).days, GOODS) for level in (0, 3))
    assert short.minutes < long.minutes


@pytest.mark.parametrize("habits", [{"use_up": 3}, {"repeat": 3}, {"whole": 3}, {"short": 3}])
def test_no_habit_costs_a_target(planned: Callable[..., Plan], habits: dict[str, int]) -> None:
    assert not planned(**habits).shortfalls


def test_the_search_is_no_worse_than_its_start(problem: Problem) -> None:
    start = first_plan(problem)
    found = connect(problem, start=start, effort=EFFORT)
    assert cost(problem, found) < cost(problem, start)
    assert cost(problem, connect(problem, start=found, effort=EFFORT)) <= cost(problem, found)


def test_the_same_problem_gives_the_same_week(problem: Problem) -> None:
    assert connect(problem, effort=EFFORT) == connect(problem, effort=EFFORT)


def test_a_search_of_shared_meals_can_be_stopped(problem: Problem) -> None:
    steps: list[None] = []

    def stop() -> None:
        steps.append(None)
        if len(steps) == 12:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        connect(problem, effort=EFFORT, checkpoint=stop)
