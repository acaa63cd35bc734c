"""From a request to a plan."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mealplanner.planner.model import PORTIONS, TOLERANCE, Ingredient, PlanRequest
from mealplanner.planner.nutrition import nutrients
from mealplanner.planner.plan import NothingFits, plan
from mealplanner.planner.results import Change, PlannedDay
from mealplanner.planner.version import PLANNER_VERSION

Ask = Callable[..., PlanRequest]


def slugs(days: tuple[PlannedDay, ...]) -> list[str]:
    return [meal.recipe.slug for day in days for meal in day.meals]


def test_a_week_hits_every_target_every_day(kitchen: Any, ask: Ask) -> None:
    """Each day's energy and macros lie within the tolerance, and then there is nothing to explain."""
    request = ask()
    made = plan(request, kitchen.recipes, kitchen.foods)
    assert len(made.days) == 7
    for day in made.days:
        for figure in ("kcal", "protein_g", "carbohydrate_g", "fat_g"):
            aim = getattr(request.target, figure)
            assert getattr(day.totals, figure) == pytest.approx(aim, rel=TOLERANCE)
    assert made.shortfalls == ()
    assert made.advice == ()


def test_meals_carry_the_nutrients_of_their_portions(kitchen: Any, ask: Ask) -> None:
    """A planned meal holds its recipe's nutrients times its portion, and a portion is a quarter from 0.5 to 2."""
    for day in plan(ask(days=2), kitchen.recipes, kitchen.foods).days:
        for meal in day.meals:
            assert meal.portion in PORTIONS
            assert meal.nutrients == nutrients(meal.recipe, kitchen.foods) * meal.portion


def test_days_follow_the_slots(kitchen: Any, ask: Ask) -> None:
    """Every day serves every slot in order, with a recipe of the slot's kind."""
    request = ask(snacks=2, days=3)
    for day in plan(request, kitchen.recipes, kitchen.foods).days:
        assert tuple(meal.slot for meal in day.meals) == request.slots
        assert all(meal.slot.kind in meal.recipe.kinds for meal in day.meals)


def test_equal_requests_give_equal_plans(kitchen: Any, ask: Ask) -> None:
    """The same request gives the same plan, whatever the order of the catalogue."""
    plans = [plan(ask(days=3), recipes, kitchen.foods) for recipes in (kitchen.recipes, kitchen.recipes[::-1])]
    assert plans[0] == plans[1]


def test_plans_are_equal_in_every_process(kitchen: Any, ask: Ask, tmp_path: Path) -> None:
    """The order in which Python walks a set differs from process to process; plans do not."""
    wishes = {
        "restrictions": frozenset({"peanuts", "sesame", "alcohol"}),
        "disliked_foods": frozenset({"rice", "mushrooms"}),
        "cuisines": frozenset({"thai", "greek", "indian"}),
    }
    (tmp_path / "ordered").write_bytes(pickle.dumps((ask(days=8, **wishes), kitchen.recipes, kitchen.foods)))
    script = (
        "import pickle, sys; from mealplanner.planner.plan import plan;"
        "made = plan(*pickle.load(open(sys.argv[1], 'rb')));"
        "print([(m.recipe.slug, m.portion) for d in made.days for m in d.meals], made.advice)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, tmp_path / "ordered"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert "main-" in outputs.pop()


def test_another_seed_gives_another_plan(kitchen: Any, ask: Ask) -> None:
    """Two seeds share few of their dishes."""
    first, second = (set(slugs(plan(ask(seed=seed), kitchen.recipes, kitchen.foods).days)) for seed in (1, 2))
    assert len(first & second) / len(first | second) < 0.35


def test_what_was_eaten_lately_is_avoided(kitchen: Any, ask: Ask) -> None:
    """The plan of the next week serves hardly any dish of the last."""
    last = slugs(plan(ask(seed=1), kitchen.recipes, kitchen.foods).days)
    recent = {slug: 7 - number // 4 for number, slug in enumerate(last)}
    again = slugs(plan(ask(seed=1, recent=recent), kitchen.recipes, kitchen.foods).days)
    assert len(set(last) & set(again)) <= 3


def test_four_weeks_do_not_repeat_themselves(kitchen: Any, ask: Ask) -> None:
    """Mains come back only when the others have had their turn: two weeks in a row share hardly any."""
    days = plan(ask(days=14), kitchen.recipes, kitchen.foods).days
    first, second = ({meal.recipe.slug for day in week for meal in day.meals} for week in (days[:7], days[7:]))
    assert len(first & second) <= 4


def test_liked_cuisines_are_served_most(kitchen: Any, ask: Ask) -> None:
    """Cuisines that a person likes best fill most of the plan, and the others are not forbidden."""
    liked = frozenset({"thai", "greek", "italian"})
    days = plan(ask(cuisines=liked), kitchen.recipes, kitchen.foods).days
    share = [meal.recipe.cuisine in liked for day in days for meal in day.meals]
    assert sum(share) / len(share) > 0.7


def test_a_month_ends_where_it_should(kitchen: Any, ask: Ask) -> None:
    """Days that do not fill a week are planned too."""
    assert len(plan(ask(days=9), kitchen.recipes, kitchen.foods).days) == 9


def test_progress_rises(kitchen: Any, ask: Ask) -> None:
    """The checkpoint hears rising steps, several a week, out of a total that does not change."""
    heard: list[tuple[int, int]] = []
    plan(ask(days=8), kitchen.recipes, kitchen.foods, checkpoint=lambda step, steps: heard.append((step, steps)))
    numbers = [step for step, _ in heard]
    assert numbers == sorted(set(numbers))
    assert len({steps for _, steps in heard}) == 1
    assert numbers[-1] < heard[0][1]
    assert len(numbers) >= 2 * 4


def test_a_checkpoint_can_cancel(kitchen: Any, ask: Ask) -> None:
    """What the checkpoint raises comes out unchanged."""

    def cancel(step: int, steps: int) -> None:
        if step == 3:
            raise InterruptedError(f"cancelled at {step} of {steps}")

    with pytest.raises(InterruptedError, match="cancelled at 3"):
        plan(ask(), kitchen.recipes, kitchen.foods, checkpoint=cancel)


def test_a_rare_mixture_is_found_in_a_large_catalogue(build_kitchen: Callable[..., Any], ask: Ask) -> None:
    """Few of 1,200 dishes suit the target, and none of them is overlooked for its taste."""
    large = build_kitchen(mains=600, breakfasts=300, snacks=300)
    assert plan(ask(macros=(44, 28, 28), days=3), large.recipes, large.foods).shortfalls == ()


def test_nothing_fits_says_which_filter_to_relax(kitchen: Any, ask: Ask) -> None:
    """When a kind has no dish, the error names it and counts what each filter alone leaves out."""
    with pytest.raises(NothingFits) as caught:
        plan(ask(minutes_per_meal=5), kitchen.recipes, kitchen.foods)
    assert caught.value.advice == (
        "None of the 110 mains of the catalogue suits these preferences.",
        "With 30 minutes a meal, every day meets your targets, and there would be 18 more breakfasts, 66 more mains "
        "and 13 more snacks.",
    )


def test_nothing_fits_when_filters_conspire(kitchen: Any, ask: Ask) -> None:
    """When no single filter is to blame, the fewest that help together are named."""
    disliked = frozenset({"stock", "rice"})
    recipes = [
        replace(recipe, ingredients=(*recipe.ingredients, Ingredient(food_id="rice", grams=1)), minutes=25)
        for recipe in kitchen.only(main=110).recipes
    ]
    request = ask(meals={"dinner": "19:00"}, snacks=0, minutes_per_meal=5, disliked_foods=disliked, days=1)
    with pytest.raises(
        NothingFits, match="Without the dislike of rice and with 30 minutes a meal, there would be 102 more mains"
    ) as caught:
        plan(request, recipes, kitchen.foods)
    assert caught.value.remedies[0].changes == (
        Change("remove", "disliked_ingredients", "rice"),
        Change("set", "prep_complexity", 25),
    )


def test_an_empty_catalogue_is_named(kitchen: Any, ask: Ask) -> None:
    """Without any recipes the error does not blame the preferences."""
    with pytest.raises(NothingFits, match="The catalogue has no breakfast at all"):
        plan(ask(), (), kitchen.foods)


@pytest.mark.parametrize("counts", [{"main": 3, "breakfast": 3, "snack": 3}, {"main": 1, "breakfast": 1, "snack": 1}])
def test_a_thin_pool_still_gives_a_plan(kitchen: Any, ask: Ask, counts: dict[str, int]) -> None:
    """Three dishes of each kind, or one, fill a week; the plan says that they repeat, and how often."""
    thin = kitchen.only(**counts)
    made = plan(ask(), thin.recipes, thin.foods)
    assert len(slugs(made.days)) == 28
    assert any(sentence.startswith(f"Only {counts['main']} main") for sentence in made.advice)


def test_targets_are_never_dropped_in_silence(kitchen: Any, ask: Ask) -> None:
    """Every figure outside the tolerance is a shortfall with its day, and energy holds where macros cannot."""
    request = ask(diet="vegan", macros=(60, 20, 20))
    made = plan(request, kitchen.recipes, kitchen.foods)
    missed = {(item.day, item.nutrient) for item in made.shortfalls}
    for number, day in enumerate(made.days):
        for figure in ("kcal", "protein_g", "carbohydrate_g", "fat_g"):
            aim = getattr(request.target, figure)
            assert ((number, figure) in missed) is (abs(getattr(day.totals, figure) - aim) > TOLERANCE * aim)
    assert {figure for _, figure in missed} >= {"protein_g", "carbohydrate_g"}
    assert "kcal" not in {figure for _, figure in missed}


def test_a_target_of_nothing_is_planned(kitchen: Any, ask: Ask) -> None:
    """A macro of zero percent cannot be met, and is a named shortfall instead of an error."""
    made = plan(ask(macros=(30, 70, 0), days=1), kitchen.recipes, kitchen.foods)
    assert [item.nutrient for item in made.shortfalls if item.target == 0] == ["fat_g"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"days": 0}, "one day"),
        ({"slots": ()}, "one slot"),
        ({"seed": -1}, "not negative"),
        ({"diet": "fruitarian"}, "fruitarian"),
        ({"restrictions": frozenset({"gravity"})}, "gravity"),
    ],
)
def test_nonsense_is_refused(kitchen: Any, ask: Ask, change: dict[str, Any], expected: str) -> None:
    """A request that no plan can answer is refused, and the error says what was expected."""
    with pytest.raises(ValueError, match=expected):
        plan(replace(ask(), **change), kitchen.recipes, kitchen.foods)


def test_shares_sum_to_one(kitchen: Any, ask: Ask) -> None:
    """Slots that do not share out the whole day's energy are refused."""
    with pytest.raises(ValueError, match="sum to one"):
        plan(replace(ask(), slots=ask().slots[:2]), kitchen.recipes, kitchen.foods)


def test_there_is_a_version() -> None:
    """Plans can be told apart by the planner that made them."""
    assert PLANNER_VERSION
