"""What could be served at one place instead, while everything else stands."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from mealplanner.planner.habits import Goods
from mealplanner.planner.model import FIGURES, PORTIONS, PlanRequest, Recipe
from mealplanner.planner.nutrition import nutrients
from mealplanner.planner.one_meal import LEAST, MOST, Alternative, Spot, alternatives, offer, surprise, weigh
from mealplanner.planner.plan import plan
from mealplanner.planner.portions import reportioned
from mealplanner.planner.results import Shortfall
from mealplanner.planner.scoring import Scoring
from mealplanner.planner.standing import StandingDay, own_target, shortfalls_of

Ask = Callable[..., PlanRequest]
At = Callable[..., Spot]

BREAKFAST, LUNCH, SNACK, DINNER = range(4)


def standing(request: PlanRequest, kitchen: Any) -> tuple[StandingDay, ...]:
    planned = plan(request, kitchen.recipes, kitchen.foods)
    return tuple(StandingDay(meals=dict(enumerate(day.meals))) for day in planned.days)


@pytest.fixture(scope="module")
def kitchen(build_kitchen: Callable[..., Any]) -> Any:
    """A catalogue large enough that each place has several dishes on target."""
    return build_kitchen(mains=400, breakfasts=80, snacks=80)


@pytest.fixture(scope="module")
def days(kitchen: Any, ask: Ask) -> tuple[StandingDay, ...]:
    """A planned week as it stands."""
    return standing(ask(), kitchen)


@pytest.fixture
def at(kitchen: Any, ask: Ask, days: tuple[StandingDay, ...]) -> At:
    """Points at a place of the week."""

    def point(day: int, slot: int, **wishes: object) -> Spot:
        return Spot(request=ask(**wishes), days=days, place=(day, slot), foods=kitchen.foods)

    return point


def without(days: Collection[StandingDay], day: int, slot: int, *, reserved: bool = False) -> tuple[StandingDay, ...]:
    """The same days, with one meal skipped."""
    skipped = frozenset({slot}) if reserved else frozenset[int]()
    return tuple(
        StandingDay(meals={at: meal for at, meal in one.meals.items() if at != slot}, reserved=skipped)
        if number == day
        else one
        for number, one in enumerate(days)
    )


@pytest.mark.parametrize("place", [(2, BREAKFAST), (1, LUNCH), (3, SNACK), (6, DINNER)])
def test_alternatives_keep_the_day_on_target_and_the_week_within_its_rules(
    at: At, kitchen: Any, place: tuple[int, int]
) -> None:
    spot = at(*place)
    offered = alternatives(spot, weigh(spot, kitchen.recipes))
    assert LEAST <= len(offered) <= MOST
    assert len({one.recipe.slug for one in offered}) == len(offered)
    served = [meal.recipe.slug for day in spot.days for meal in day.meals.values()]
    for one in offered:
        assert not one.shortfalls
        assert spot.request.slots[place[1]].kind in one.recipe.kinds
        if place[1] in (LUNCH, DINNER):
            assert one.recipe.slug not in served
            other = spot.day.meals[LUNCH + DINNER - place[1]]
            assert one.recipe.main_protein != other.recipe.main_protein


def test_alternatives_vary(at: At, kitchen: Any) -> None:
    """Over a week's mains, more main proteins and cuisines are offered than the best of each place have."""
    offered, best = 0, 0
    for day, slot in product(range(7), (LUNCH, DINNER)):
        spot = at(day, slot)
        ranked = weigh(spot, kitchen.recipes)
        chosen = [one.recipe for one in alternatives(spot, ranked)]
        assert chosen[0] == ranked[0].dish.recipe
        offered += _groups(chosen)
        best += _groups([one.dish.recipe for one in ranked[: len(chosen)]])
    assert offered > best


def _groups(recipes: Collection[Recipe]) -> int:
    return len({recipe.main_protein for recipe in recipes}) + len({recipe.cuisine for recipe in recipes})


def test_the_day_is_counted_with_the_alternative(at: At, kitchen: Any) -> None:
    spot = at(1, LUNCH)
    for one in alternatives(spot, weigh(spot, kitchen.recipes)):
        assert one.nutrients == nutrients(one.recipe, kitchen.foods) * one.portion
        others = sum(meal.nutrients.kcal for slot, meal in spot.day.meals.items() if slot != LUNCH)
        assert one.day.kcal == pytest.approx(others + one.nutrients.kcal)
        assert spot.there is not None
        assert one.minutes == one.recipe.minutes - spot.there.recipe.minutes


def test_no_other_portion_of_an_alternative_is_nearer_the_target(at: At, kitchen: Any) -> None:
    """Moves are exact: the energy of the day cannot be brought nearer with another portion, beyond what macros ask."""
    spot = at(4, DINNER)
    for one in alternatives(spot, weigh(spot, kitchen.recipes)):
        assert all(len(offer(spot, one.recipe, portion).shortfalls) >= len(one.shortfalls) for portion in PORTIONS)
        assert offer(spot, one.recipe).portion == one.portion


@pytest.mark.parametrize(
    ("wishes", "refused"),
    [
        ({"diet": "vegan"}, lambda recipe: recipe.main_protein in {"chicken", "beef", "eggs", "dairy", "fish"}),
        ({"disliked_foods": frozenset({"spinach"})}, lambda recipe: "spinach" in str(recipe.ingredients)),
        ({"minutes_per_meal": 20}, lambda recipe: recipe.minutes > 20),
        ({"appliances": frozenset({"stove"})}, lambda recipe: recipe.appliances - {"stove"}),
    ],
)
def test_nothing_is_weighed_that_the_person_ruled_out(
    at: At, kitchen: Any, wishes: dict[str, object], refused: Callable[[Any], bool]
) -> None:
    spot = at(2, DINNER, **wishes)
    ranked = weigh(spot, kitchen.recipes)
    assert ranked
    assert not [one for one in ranked if refused(one.dish.recipe)]


def test_never_again_is_not_weighed_and_more_often_is_told(at: At, kitchen: Any) -> None:
    spot = at(2, DINNER)
    first, second, *_ = (one.dish.recipe.slug for one in weigh(spot, kitchen.recipes))
    rated = at(2, DINNER, ratings={first: -1, second: 1})
    ranked = weigh(rated, kitchen.recipes)
    assert first not in {one.dish.recipe.slug for one in ranked}
    assert [one.recipe.slug for one in _offers(rated, ranked) if one.liked] == [second]


def _offers(spot: Spot, ranked: Any) -> list[Alternative]:
    return [offer(spot, one.dish.recipe, one.portion) for one in ranked]


def test_shared_foods_spoil_and_are_in_other_meals(at: At, kitchen: Any) -> None:
    spot = at(0, DINNER, goods={name: Goods(bought=name, spoils=True) for name in ("spinach", "broccoli")})
    alone = replace(spot, days=tuple(StandingDay(meals={}) for _ in spot.days))
    offered = _offers(spot, weigh(spot, kitchen.recipes))
    assert {food for one in offered for food in one.shared} == {"spinach", "broccoli"}
    assert all(set(one.shared) <= {item.food_id for item in one.recipe.ingredients} for one in offered)
    assert not [one for one in _offers(alone, weigh(alone, kitchen.recipes)) if one.shared]


def test_a_surprise_is_as_good_as_the_best_and_differs_with_the_draw(at: At, kitchen: Any) -> None:
    spot = at(5, LUNCH)
    ranked = weigh(spot, kitchen.recipes)
    drawn = [surprise(spot, ranked, random.Random(seed)) for seed in range(30)]
    assert all(one is not None and not one.shortfalls for one in drawn)
    assert len({one.recipe.slug for one in drawn if one is not None}) > 1
    assert surprise(spot, ranked, random.Random(1)) == surprise(spot, ranked, random.Random(1))


def test_where_nothing_fits_there_is_no_alternative_and_no_surprise(at: At) -> None:
    spot = at(0, SNACK)
    ranked = weigh(spot, ())
    assert ranked == ()
    assert alternatives(spot, ranked) == ()
    assert surprise(spot, ranked, random.Random(0)) is None


def test_what_misses_a_target_is_offered_where_nothing_else_is_left(at: At, kitchen: Any) -> None:
    spot = at(0, DINNER)
    double = replace(spot.day.meals[LUNCH], nutrients=spot.day.meals[LUNCH].nutrients * 3)
    spot = replace(spot, days=(replace(spot.day, meals={**spot.day.meals, LUNCH: double}), *spot.days[1:]))
    offered = alternatives(spot, weigh(spot, kitchen.recipes))
    assert len(offered) == MOST
    assert all(one.shortfalls for one in offered)
    told = {shortfall.nutrient: shortfall for shortfall in offered[0].shortfalls}
    assert told["kcal"] == Shortfall(day=0, nutrient="kcal", target=2000.0, actual=offered[0].day.kcal)


def test_a_skipped_place_can_be_filled_and_its_reserved_share_is_given_back(at: At, kitchen: Any) -> None:
    full = at(3, DINNER)
    spot = replace(full, days=without(full.days, 3, DINNER, reserved=True))
    offered = alternatives(spot, weigh(spot, kitchen.recipes))
    assert offered
    assert all(not one.shortfalls and one.day.kcal == pytest.approx(2000, rel=0.05) for one in offered)


def test_a_dish_of_another_week_makes_room(kitchen: Any, ask: Ask) -> None:
    """What next week serves costs more this week than it would without it."""
    request = ask(days=14)
    days = standing(request, kitchen)
    spot = Spot(request=request, days=days, place=(6, LUNCH), foods=kitchen.foods)
    alone = replace(spot, days=days[:7])
    tomorrow = {meal.recipe.slug for meal in days[7].meals.values()}
    points, before = (
        {one.dish.recipe.slug: one.points for one in weigh(each, kitchen.recipes)} for each in (spot, alone)
    )
    near = tomorrow & points.keys()
    assert near
    assert all(points[slug] == pytest.approx(before[slug] + 20, abs=0.1) for slug in near)


@pytest.mark.parametrize("slot", [BREAKFAST, LUNCH, SNACK, DINNER])
def test_the_other_meals_are_portioned_for_a_skipped_one(days: tuple[StandingDay, ...], ask: Ask, slot: int) -> None:
    """No other portions bring the day's energy and macros nearer to the target together: all of them were tried."""
    request, left = ask(), without(days, 2, slot)[2]
    after = reportioned(request, left, left.meals)
    assert {at: meal.recipe for at, meal in after.items()} == {at: meal.recipe for at, meal in left.meals.items()}
    tried = [_points(request, _portioned(left, portions)) for portions in product(PORTIONS, repeat=3)]
    assert _points(request, after) == pytest.approx(min(tried), rel=1e-4)


def test_meals_that_are_not_named_keep_their_portion(days: tuple[StandingDay, ...], ask: Ask) -> None:
    left = without(days, 1, DINNER)[1]
    assert reportioned(ask(), left, [LUNCH]).keys() == {LUNCH}


def test_a_reserved_share_is_not_given_to_the_other_meals(days: tuple[StandingDay, ...], ask: Ask) -> None:
    request, left = ask(), without(days, 0, DINNER, reserved=True)[0]
    share = request.slots[DINNER].share
    assert own_target(request, left).kcal == pytest.approx(2000 * (1 - share))
    after = replace(left, meals=dict(reportioned(request, left, left.meals)))
    assert after.totals.kcal == pytest.approx(2000 * (1 - share), rel=0.1)
    assert not [one for one in shortfalls_of(request, 0, after) if one.nutrient == "kcal"]


def _portioned(day: StandingDay, portions: tuple[float, ...]) -> dict[int, Any]:
    return {
        slot: replace(meal, portion=portion, nutrients=meal.nutrients * (portion / meal.portion))
        for (slot, meal), portion in zip(sorted(day.meals.items()), portions, strict=True)
    }


def _points(request: PlanRequest, meals: Mapping[int, Any]) -> float:
    """What the deviations of the day cost, and the servings that its portions lie away from one."""
    totals = StandingDay(meals=meals).totals
    off = [100 * (getattr(totals, name) / getattr(request.target, name) - 1) for name in FIGURES]
    return float(
        Scoring().deviation(np.array(off, np.float32)[:, None])[0]
        + sum(abs(meal.portion - 1) for meal in meals.values())
    )
