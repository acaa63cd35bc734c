"""How often things may recur in a week, and when that is relaxed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from mealplanner.planner.limits import Breach, Limits, breaches, energy_gap, week_limits
from mealplanner.planner.model import BREAKFAST, MAIN, SNACK, Nutrients, PlanRequest, Recipe, Slot
from mealplanner.planner.pool import Dish
from mealplanner.planner.results import PlannedDay, PlannedMeal

Ask = Callable[..., PlanRequest]

USUAL_KCAL = {BREAKFAST: 450.0, MAIN: 700.0, SNACK: 160.0}


def dish(slug: str, kind: str = MAIN, **changes: Any) -> Dish:
    kcal = changes.pop("kcal", USUAL_KCAL[kind])
    recipe = Recipe(
        slug=slug,
        title=slug,
        kinds=frozenset({kind}),
        cuisine=f"cuisine of {slug}",
        main_protein=f"protein of {slug}",
        minutes=20,
        appliances=frozenset(),
        ingredients=(),
        steps=(),
    )
    return Dish(replace(recipe, **changes), Nutrients(kcal, kcal / 20, kcal / 8, kcal / 30))


def dishes(count: int, kind: str = MAIN, **changes: Any) -> list[Dish]:
    return [dish(f"{kind}-{number}", kind, **changes) for number in range(count)]


def plenty(*, mains: Sequence[Dish] | None = None) -> list[Dish]:
    return [*(mains or dishes(20)), *dishes(10, BREAKFAST), *dishes(10, SNACK)]


def test_a_rich_pool_keeps_every_rule(ask: Ask) -> None:
    """With enough dishes a main comes once a week, other dishes twice, a protein or cuisine three times."""
    limits = week_limits(ask(), 7, plenty())
    assert {limits.dishes[f"main-{number}"] for number in range(20)} == {1}
    assert {limits.dishes[f"{kind}-{number}"] for kind in (BREAKFAST, SNACK) for number in range(10)} == {2}
    assert limits.protein == 3
    assert set(limits.cuisines.values()) == {3}
    assert limits.proteins_differ
    assert limits.dishes_differ
    assert set(limits.windows) == {0.4}


@pytest.mark.parametrize(("mains", "times"), [(14, 1), (13, 2), (7, 2), (6, 3), (2, 7)])
def test_mains_repeat_no_more_than_the_pool_forces(ask: Ask, mains: int, times: int) -> None:
    """Fourteen mains fill a week once each; with fewer, each may come just as often as that takes."""
    limits = week_limits(ask(), 7, plenty(mains=dishes(mains)))
    assert max(limits.dishes[f"main-{number}"] for number in range(mains)) == times


def test_a_short_week_wants_fewer_mains(ask: Ask) -> None:
    """Three days want six mains, so six are enough."""
    limits = week_limits(ask(days=3), 3, plenty(mains=dishes(6)))
    assert max(limits.dishes[f"main-{number}"] for number in range(6)) == 1


def test_a_single_snack_comes_every_day(ask: Ask) -> None:
    """One dish for one slot a day is served seven times, though twice is usual."""
    limits = week_limits(ask(), 7, [*dishes(20), *dishes(10, BREAKFAST), *dishes(1, SNACK)])
    assert limits.dishes["snack-0"] == 7
    assert limits.dishes_differ


def test_a_single_snack_for_two_slots_comes_twice_a_day(ask: Ask) -> None:
    """Where there are fewer dishes than slots of a day, a day may repeat one."""
    limits = week_limits(ask(snacks=2), 7, [*dishes(20), *dishes(10, BREAKFAST), *dishes(1, SNACK)])
    assert limits.dishes["snack-0"] == 14
    assert not limits.dishes_differ


def test_few_proteins_come_more_often(ask: Ask) -> None:
    """Four proteins have to come four times somewhere to fill fourteen mains."""
    mains = [dish(f"main-{number}", main_protein=f"protein-{number % 4}") for number in range(20)]
    limits = week_limits(ask(), 7, plenty(mains=mains))
    assert limits.protein == 4
    assert limits.proteins_differ


@pytest.mark.parametrize("vegan", [{"diet": "vegan"}, {"restrictions": frozenset({"vegan"})}])
def test_vegans_may_meet_a_protein_five_times(ask: Ask, vegan: dict[str, Any]) -> None:
    """Plant proteins are fewer, so vegans, by diet or by restriction, meet each up to five times."""
    assert week_limits(ask(**vegan), 7, plenty()).protein == 5


def test_one_protein_cannot_differ(ask: Ask) -> None:
    """When all mains have the same protein, lunch and dinner have it both."""
    limits = week_limits(ask(), 7, plenty(mains=[dish(f"main-{n}", main_protein="tofu") for n in range(20)]))
    assert not limits.proteins_differ
    assert limits.protein == 14


def test_few_liked_cuisines_may_fill_the_week(ask: Ask) -> None:
    """Who likes two cuisines best may get seven mains of each; the others keep to three."""
    mains = [
        dish(f"main-{n}", cuisine=("thai", "greek", "french", "indian", "korean", "nordic")[n % 6]) for n in range(30)
    ]
    limits = week_limits(ask(cuisines=frozenset({"thai", "greek"})), 7, plenty(mains=mains))
    assert limits.cuisines == {"thai": 7, "greek": 7, "french": 3, "indian": 3, "korean": 3, "nordic": 3}


def test_few_cuisines_come_more_often(ask: Ask) -> None:
    """Two cuisines have to share fourteen mains."""
    mains = [dish(f"main-{n}", cuisine=("thai", "greek")[n % 2]) for n in range(20)]
    assert week_limits(ask(), 7, plenty(mains=mains)).cuisines == {"thai": 7, "greek": 7}


def test_windows_open_only_for_thin_pools(ask: Ask) -> None:
    """When most mains are far too small in any portion, a meal may lie further from its share."""
    windows = week_limits(ask(), 7, plenty(mains=dishes(20, kcal=140.0))).windows
    by_name = dict(zip((slot.name for slot in ask().slots), windows, strict=True))
    assert by_name["breakfast"] == by_name["snack"] == 0.4
    assert by_name["dinner"] > by_name["lunch"] > 0.4


def test_a_window_without_bounds_is_for_the_dishes_of_its_meal(ask: Ask) -> None:
    """Where no main is of the right size, every main suits, but snacks and breakfasts stay what they are."""
    usual = week_limits(ask(), 7, plenty())
    odd = week_limits(ask(), 7, plenty(mains=dishes(20, kcal=40.0)))
    assert math.inf in odd.windows
    small = {dish.recipe.slug for dish in plenty() if MAIN not in dish.recipe.kinds}
    assert {slug: odd.dishes[slug] for slug in small} == {slug: usual.dishes[slug] for slug in small}
    assert odd.cuisines.keys() == usual.cuisines.keys()


def test_one_odd_dish_opens_no_window(ask: Ask) -> None:
    """A single dish of the wrong size is left aside instead of loosening the rule for all."""
    limits = week_limits(ask(), 7, plenty(mains=[*dishes(10), dish("odd", kcal=40.0)]))
    assert set(limits.windows) == {0.4}


def test_snacks_cook_within_the_meals_minutes(ask: Ask) -> None:
    """The day's budget is the minutes of its meals; snacks have none of their own."""
    quick = [*dishes(20), *dishes(10, BREAKFAST), *dishes(10, SNACK, minutes=5)]
    assert week_limits(ask(minutes_per_meal=30, snacks=2), 7, quick).minutes == (90,) * 7


def test_minutes_give_way_to_slow_dishes(ask: Ask) -> None:
    """When even the quickest dishes that a week wants take longer together, snacks have minutes of their own."""
    slow = [dish(item.recipe.slug, next(iter(item.recipe.kinds)), minutes=30) for item in plenty()]
    assert week_limits(ask(minutes_per_meal=30), 7, slow).minutes == (120,) * 7


def test_energy_gap_takes_the_best_portion() -> None:
    """The gap is that of the portion that comes nearest."""
    assert energy_gap(400, 500) == 0
    assert energy_gap(100, 500) == pytest.approx(0.6)


def planned(*days: Sequence[tuple[Slot, Dish]]) -> list[PlannedDay]:
    return [
        PlannedDay(
            meals=tuple(
                PlannedMeal(slot=slot, recipe=item.recipe, portion=1.0, nutrients=item.serving) for slot, item in day
            )
        )
        for day in days
    ]


LUNCH, DINNER = (Slot(name=name, kind=MAIN, share=0.5, time=time) for name, time in (("lunch", "12"), ("dinner", "19")))
STRICT = Limits(
    dishes={"a": 1, "b": 1, "c": 1},
    protein=1,
    cuisines={"thai": 1, "greek": 2},
    proteins_differ=True,
    dishes_differ=True,
    windows=(0.4, 0.4),
    minutes=(60,) * 7,
)


@pytest.mark.parametrize(
    ("lunch", "dinner", "found"),
    [
        ({}, {}, ()),
        ({"main_protein": "tofu"}, {"main_protein": "tofu"}, ("protein", "protein in a day")),
        ({"cuisine": "thai"}, {"cuisine": "thai"}, ("cuisine",)),
        ({"minutes": 31}, {"minutes": 30}, ("minutes",)),
        ({"kcal": 1450.0}, {}, ("share",)),
        ({"kcal": 550.0}, {}, ("share",)),
    ],
)
def test_a_broken_limit_is_named(lunch: dict[str, Any], dinner: dict[str, Any], found: tuple[str, ...]) -> None:
    """Each limit that a day breaks is reported by its name, and none other."""
    first = dish("a", **{"cuisine": "greek", "kcal": 1000.0, **lunch})
    second = dish("b", **{"cuisine": "greek", "kcal": 1000.0, **dinner})
    broken = breaches(planned([(LUNCH, first), (DINNER, second)]), STRICT, 2000)
    assert tuple(breach.rule for breach in broken) == found


def test_a_dish_too_many_is_named_with_its_day() -> None:
    """The same main twice breaks the week's limit, and twice in a day that day's as well."""
    item = dish("a", cuisine="greek", kcal=1000.0, main_protein="x")
    other = dish("b", cuisine="greek", kcal=1000.0)
    loose = replace(STRICT, cuisines={"greek": 9}, protein=9, proteins_differ=False)
    twice = planned([(LUNCH, item), (DINNER, item)])
    apart = planned(
        [(LUNCH, item), (DINNER, other)], [(LUNCH, item), (DINNER, dish("c", cuisine="greek", kcal=1000.0))]
    )
    assert breaches(twice, loose, 2000) == (
        Breach(rule="dish", subject="a"),
        Breach(rule="dish in a day", subject="a", day=0),
    )
    assert breaches(apart, loose, 2000) == (Breach(rule="dish", subject="a"),)
