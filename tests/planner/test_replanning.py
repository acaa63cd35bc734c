"""Some places of a menu planned again, around everything that stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from mealplanner.planner.limits import breaches, week_limits
from mealplanner.planner.model import PlanRequest
from mealplanner.planner.plan import NothingFits, plan
from mealplanner.planner.pool import open_pool
from mealplanner.planner.replanning import Replanned, replan_around
from mealplanner.planner.results import PlannedDay
from mealplanner.planner.standing import Place, StandingDay, cleared, shortfalls_of

Ask = Callable[..., PlanRequest]

BREAKFAST, LUNCH, SNACK, DINNER = range(4)


@pytest.fixture(scope="module")
def kitchen(build_kitchen: Callable[..., Any]) -> Any:
    """A catalogue large enough that each day can be met in several ways."""
    return build_kitchen(mains=400, breakfasts=80, snacks=80)


@pytest.fixture(scope="module")
def days(kitchen: Any, ask: Ask) -> tuple[StandingDay, ...]:
    """A planned week in which one lunch was made larger by hand, so that its day is off target."""
    planned = plan(ask(), kitchen.recipes, kitchen.foods)
    week = [StandingDay(meals=dict(enumerate(day.meals))) for day in planned.days]
    lunch = week[2].meals[LUNCH]
    portion = lunch.portion + 0.5
    larger = replace(lunch, portion=portion, nutrients=lunch.nutrients * (portion / lunch.portion))
    week[2] = StandingDay(meals={**week[2].meals, LUNCH: larger})
    return tuple(week)


def again(request: PlanRequest, days: Any, places: Iterable[Place], kitchen: Any) -> Replanned:
    return replan_around(request, days, list(places), kitchen.recipes, kitchen.foods)


def applied(days: Iterable[StandingDay], found: Replanned) -> list[StandingDay]:
    after = list(days)
    for (day, slot), meal in found.meals.items():
        rest = cleared(after[day], [slot])
        after[day] = replace(rest, meals={**rest.meals, slot: meal})
    return after


def test_a_day_comes_back_to_its_target_around_the_meal_that_is_kept(
    days: tuple[StandingDay, ...], ask: Ask, kitchen: Any
) -> None:
    assert list(shortfalls_of(ask(), 2, days[2]))
    found = again(ask(), days, [(2, BREAKFAST), (2, SNACK), (2, DINNER)], kitchen)
    assert found.shortfalls == ()
    assert found.meals.keys() == {(2, BREAKFAST), (2, SNACK), (2, DINNER)}
    assert not list(shortfalls_of(ask(), 2, applied(days, found)[2]))


def test_what_is_on_target_hardly_changes(days: tuple[StandingDay, ...], ask: Ask, kitchen: Any) -> None:
    """The dishes of the other days stay when the rest of the week is planned again."""
    places = [(day, slot) for day in range(1, 7) for slot in range(4) if (day, slot) != (2, LUNCH)]
    found = again(ask(), days, places, kitchen)
    changed = [place for place, meal in found.meals.items() if days[place[0]].meals[place[1]].recipe != meal.recipe]
    assert found.shortfalls == ()
    assert 0 < len(changed) <= 6


@pytest.mark.parametrize("seed", range(3))
def test_the_week_keeps_its_rules_with_what_stands(
    days: tuple[StandingDay, ...], ask: Ask, kitchen: Any, seed: int
) -> None:
    request = ask(seed=seed)
    found = again(request, days, [(day, slot) for day in (3, 4, 5, 6) for slot in range(4)], kitchen)
    after = applied(days, found)
    dishes = open_pool(request, kitchen.recipes, kitchen.foods).admitted()
    week = [PlannedDay(meals=tuple(day.meals[slot] for slot in range(4))) for day in after]
    broken = breaches(week, week_limits(request, 7, dishes), request.target.kcal)
    assert not [one for one in broken if one.day not in (0, 1, 2)]


def test_equal_arguments_give_equal_plans_whatever_order_recipes_and_places_have(
    days: tuple[StandingDay, ...], ask: Ask, kitchen: Any
) -> None:
    places = [(day, slot) for day in (2, 3) for slot in (SNACK, DINNER)]
    first = again(ask(), days, places, kitchen)
    backwards = replace(kitchen, recipes=kitchen.recipes[::-1])
    assert again(ask(), days, places[::-1], backwards) == first


def test_a_dish_that_is_no_longer_admitted_is_replaced(days: tuple[StandingDay, ...], ask: Ask, kitchen: Any) -> None:
    """Restrictions are those of the request, and not those under which the menu was made."""
    found = again(ask(diet="vegan"), days, [(day, slot) for day in (5, 6) for slot in range(4)], kitchen)
    vegan = {dish.recipe for dish in open_pool(ask(diet="vegan"), kitchen.recipes, kitchen.foods).admitted()}
    assert {meal.recipe for meal in found.meals.values()} <= vegan


@pytest.mark.parametrize(("reserved", "kcal"), [(frozenset({DINNER}), 1266), (frozenset[int](), 2000)])
def test_a_skipped_meal_leaves_its_energy_to_the_others_unless_it_is_reserved(
    days: tuple[StandingDay, ...], ask: Ask, kitchen: Any, reserved: frozenset[int], kcal: float
) -> None:
    skipped = StandingDay(meals=cleared(days[4], [DINNER]).meals, reserved=reserved)
    around = (*days[:4], skipped, *days[5:])
    found = again(ask(), around, [(4, BREAKFAST), (4, LUNCH), (4, SNACK), (5, LUNCH)], kitchen)
    assert applied(around, found)[4].totals.kcal == pytest.approx(kcal, rel=0.05)
    assert DINNER not in applied(around, found)[4].meals


def test_an_empty_place_is_filled(days: tuple[StandingDay, ...], ask: Ask, kitchen: Any) -> None:
    gap = (*days[:6], StandingDay())
    found = again(ask(), gap, [(6, slot) for slot in range(4)], kitchen)
    assert found.shortfalls == ()
    assert {(6, slot) for slot in range(4)} == found.meals.keys()


def test_the_weeks_of_a_long_menu_are_planned_one_after_the_other(ask: Ask, kitchen: Any) -> None:
    """What stands in one week makes room in the other, and progress goes through both."""
    request, steps = ask(days=14), []
    planned = plan(request, kitchen.recipes, kitchen.foods)
    days = [StandingDay(meals=dict(enumerate(day.meals))) for day in planned.days]
    places = [(day, slot) for day in (6, 7) for slot in range(4)]
    found = replan_around(
        request, days, places, kitchen.recipes, kitchen.foods, checkpoint=lambda *step: steps.append(step)
    )
    assert found.meals.keys() == set(places)
    assert steps == sorted(steps)
    assert len({total for _, total in steps}) == 1


def test_a_checkpoint_stops_it(days: tuple[StandingDay, ...], ask: Ask, kitchen: Any) -> None:
    def stop(_step: int, _steps: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        replan_around(ask(), days, [(0, LUNCH)], kitchen.recipes, kitchen.foods, checkpoint=stop)


def test_no_dish_at_all_for_a_place_is_an_error_with_advice(
    days: tuple[StandingDay, ...], ask: Ask, kitchen: Any
) -> None:
    with pytest.raises(NothingFits):
        replan_around(ask(), days, [(0, SNACK)], kitchen.only(main=20).recipes, kitchen.foods)
