"""The search: every move lowers the week's points, and it ends where no move does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mealplanner.planner.columns import Columns
from mealplanner.planner.habits import Goods, Habits
from mealplanner.planner.limits import week_limits
from mealplanner.planner.model import PlanRequest
from mealplanner.planner.pool import open_pool
from mealplanner.planner.problem import Problem, state_problem
from mealplanner.planner.scoring import Scoring
from mealplanner.planner.search import Effort, first_plan, search
from mealplanner.planner.week import Choice, Week, cost
from mealplanner.planner.whole_days import Found

GOODS = {"spinach": Goods(bought="spinach", spoils=True), "pasta": Goods(bought="bread")}

Ask = Callable[..., PlanRequest]


@pytest.fixture
def state(kitchen: Any) -> Callable[..., Problem]:
    """States the problem of one week for a request."""

    def build(request: PlanRequest, scoring: Scoring | None = None, days: int = 7) -> Problem:
        dishes = open_pool(request, kitchen.recipes, kitchen.foods).admitted()
        points = {dish.recipe.slug: number % 3.0 for number, dish in enumerate(dishes)}
        return state_problem(request, days, dishes, week_limits(request, days, dishes), points, scoring or Scoring())

    return build


def random_choice(problem: Problem, seed: int) -> Choice:
    rng = np.random.default_rng(seed)
    return tuple(tuple(int(rng.integers(options.dish.size)) for options in problem.slots) for _ in range(problem.days))


def test_options_hold_every_portion_that_fits(state: Callable[..., Problem], ask: Ask) -> None:
    """A slot offers each dish in each portion whose energy lies within the window, in percent of the target."""
    problem = state(ask())
    for options, share in zip(problem.slots, problem.shares, strict=True):
        assert np.all(np.abs(options.figures[0] - 100 * share) <= 40 * share + 1e-3)
        assert set(np.unique(options.portion)) <= {0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0}
        serving = problem.dishes[options.dish[0]].serving.kcal
        assert options.figures[0, 0] == pytest.approx(serving * options.portion[0] / 20, rel=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_what_a_move_sees_is_what_the_week_costs(state: Callable[..., Problem], ask: Ask, seed: int) -> None:
    """The points of an option, where a move weighs it, differ from another's as the whole weeks do."""
    problem = state(ask(snacks=2, habits=Habits(use_up=seed % 4, repeat=seed % 3), goods=GOODS))
    choice = random_choice(problem, seed)
    week = Week(problem, choice)
    place = (seed, seed % len(problem.slots))
    week.lift(place)
    points = week.own_points(place) + week.day_points(place) + week.shared_points(place)
    costs = []
    for option in (0, points.size // 2, points.size - 1):
        rows = [list(row) for row in choice]
        rows[place[0]][place[1]] = option
        costs.append(cost(problem, tuple(map(tuple, rows))) - float(points[option]))
    assert costs == pytest.approx([costs[0]] * 3, abs=0.5)


def test_a_first_plan_comes_without_searching(state: Callable[..., Problem], ask: Ask) -> None:
    """The first plan fills every place, better than chance does, and the search betters it."""
    problem = state(ask())
    first = first_plan(problem)
    found = search(problem, start=first, effort=Effort(rounds=6))
    assert cost(problem, found) < cost(problem, first) < cost(problem, random_choice(problem, 1))


def test_a_start_of_days_that_break_a_rule_does_not_end_the_search(state: Callable[..., Problem], ask: Ask) -> None:
    """A start with a barred dish on each day leaves the first round without a mixture; others follow."""
    problem = state(ask())
    start = first_plan(problem)
    barred = problem.barred.copy()
    for day, row in enumerate(start):
        barred[day, problem.slots[0].dish[row[0]]] = True
    rounds: list[None] = []
    found = search(replace(problem, barred=barred), start=start, checkpoint=lambda: rounds.append(None))
    assert len(rounds) > 1
    assert cost(replace(problem, barred=barred), found) < problem.scoring.breach


def test_the_search_ends_where_no_meal_can_be_bettered(state: Callable[..., Problem], ask: Ask) -> None:
    """No single meal can be replaced to lower the points of the week that a search returns."""
    problem = state(ask(), days=3)
    found = search(problem, effort=Effort(rounds=6))
    best = cost(problem, found)
    for day, row in enumerate(found):
        for slot, options in enumerate(problem.slots):
            for option in range(0, options.dish.size, 7):
                changed = (*found[:day], (*row[:slot], option, *row[slot + 1 :]), *found[day + 1 :])
                assert cost(problem, changed) > best - 0.05


def test_the_search_never_leaves_a_better_start(state: Callable[..., Problem], ask: Ask) -> None:
    """Given a good week, the search returns one that is no worse, even when it hardly searches."""
    problem = state(ask())
    good = search(problem)
    again = search(problem, start=good, effort=Effort(rounds=1))
    assert cost(problem, again) <= cost(problem, good) + 0.05


def test_another_scoring_gives_another_week(state: Callable[..., Problem], ask: Ask) -> None:
    """The points are a parameter: without any for targets, only taste and limits are left."""
    careless = Scoring(kcal=0, macro=0, kcal_wall=0, macro_wall=0)
    found = {}
    for name, scoring in (("usual", Scoring()), ("careless", careless)):
        problem = state(ask(), scoring)
        choice = search(problem, effort=Effort(rounds=6))
        found[name] = np.abs(Week(problem, choice).totals - problem.goal).max()
    assert found["usual"] < 5 < found["careless"]


def test_checkpoints_can_stop_a_search(state: Callable[..., Problem], ask: Ask) -> None:
    """The search calls back between its pieces, and whatever is raised there ends it."""
    calls = []

    def stop() -> None:
        calls.append(1)
        if len(calls) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        search(state(ask()), checkpoint=stop)
    assert len(calls) == 3


@pytest.mark.parametrize("days", [1, 2])
def test_a_day_of_one_meal_is_enough(state: Callable[..., Problem], ask: Ask, days: int) -> None:
    """A single slot has no second meal to move with, and is searched all the same."""
    problem = state(ask(meals={"dinner": "19:00"}, snacks=0, kcal=900), days=days)
    found = search(problem, effort=Effort(rounds=4))
    assert [len(row) for row in found] == [1] * days


@pytest.mark.parametrize("shorter", [0, 15])
def test_the_best_days_of_a_wider_sort_are_the_best_of_a_narrower_one(
    state: Callable[..., Problem], ask: Ask, shorter: int
) -> None:
    """Two days bar every fifth dish, and have less time: their best days are found among those of the other days."""
    problem = state(ask())
    barred, minutes = problem.barred.copy(), problem.minutes.copy()
    barred[2:4, ::5] = True
    minutes[2:4] -= shorter
    columns = Columns(replace(problem, barred=barred, minutes=minutes))
    (narrow,) = (number for number, sort in enumerate(columns.sorts) if sort.numbers == (2, 3))
    (wide,) = {0, 1} - {narrow}
    assert (columns.wider[narrow], columns.wider[wide]) == (wide, None)

    def best(number: int, most: int) -> Found:
        return columns.best(columns.sorts[number], columns.first_prices, limit=np.inf, most=most, width=20_000)

    shared, own = columns.narrowed(narrow, best(wide, 200)), best(narrow, 10)
    assert shared.points[:10] == pytest.approx(own.points, abs=0.01)
    assert columns.add(narrow, shared.picks[:, :10]) + columns.add(narrow, own.picks) < 15


def test_days_that_bar_different_dishes_hold_no_days_of_each_other(state: Callable[..., Problem], ask: Ask) -> None:
    problem = state(ask())
    barred = problem.barred.copy()
    barred[0, ::3], barred[1, 1::3], barred[2:] = True, True, True
    assert Columns(replace(problem, barred=barred[:2], days=2, places=problem.places[:8])).wider == (None, None)
