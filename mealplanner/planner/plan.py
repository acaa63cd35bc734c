"""From a request to a plan: the planner's one entry point.

The order keeps people safe: first everything they ruled out is taken away, then the search runs on what is left, and
last every dish on the finished plan is proved again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from mealplanner.planner.advice import advise, advise_empty
from mealplanner.planner.meat_or_fish import CHOICES
from mealplanner.planner.model import Food, PlanRequest, Recipe
from mealplanner.planner.pool import Dish, open_pool, rules
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS, meal_refusal
from mealplanner.planner.results import Plan, PlannedMeal, Remedy
from mealplanner.planner.weeks import plan_weeks, shortfalls


class NothingFits(ValueError):
    """There is no dish at all for some slot. `advice` says for which kind and what to change; `remedies` as data."""

    def __init__(self, advice: Sequence[str], remedies: Sequence[Remedy] = ()) -> None:
        super().__init__(" ".join(advice))
        self.advice = tuple(advice)
        self.remedies = tuple(remedies)


def plan(
    request: PlanRequest,
    recipes: Sequence[Recipe],
    foods: Mapping[str, Food],
    *,
    checkpoint: Callable[[int, int], None] = lambda _step, _steps: None,
) -> Plan:
    """Return the plan for `request` out of `recipes`, whose ingredients are `foods`.

    The order of `recipes` does not matter, and equal arguments give equal plans. `checkpoint(step, steps)` is called
    several times a week of the plan with a rising `step`, then with the last one while remedies are tried, and may
    raise to stop. Raise `NothingFits` when a slot has no dish at all, and `ValueError` for a request that asks for
    nothing sensible.
    """
    last = (0, 1)

    def planning(step: int, steps: int) -> None:
        nonlocal last
        last = (step, steps)
        checkpoint(step, steps)

    def trying() -> None:
        checkpoint(*last)

    check(request)
    kinds = {slot.kind for slot in request.slots}
    dishes = admitted_dishes(request, recipes, foods, kinds=kinds, checkpoint=trying)
    days, weeks = plan_weeks(request, dishes, planning)
    prove(request, [meal for day in days for meal in day.meals], foods)
    advice, remedies = advise(request, recipes, foods, days, weeks, trying)
    return Plan(days=days, shortfalls=shortfalls(days, request.target), advice=advice, remedies=remedies)


def check(request: PlanRequest) -> None:
    """Raise `ValueError`, saying what was expected, for a request that no plan can answer."""
    if request.days < 1:
        raise ValueError(f"expected at least one day, got {request.days}")
    if not request.slots:
        raise ValueError("expected at least one slot a day")
    if abs(sum(slot.share for slot in request.slots) - 1) > 1e-6:
        raise ValueError("expected the slots' shares to sum to one")
    if request.target.kcal <= 0:
        raise ValueError(f"expected a positive energy target, got {request.target.kcal:g} kcal")
    if request.seed < 0:
        raise ValueError(f"expected a seed that is not negative, got {request.seed}")
    if request.meat_or_fish not in CHOICES:
        raise ValueError(f"expected meat or fish among {', '.join(CHOICES)}, got {request.meat_or_fish!r}")
    if request.diet not in DIETS:
        raise ValueError(f"expected a diet among {', '.join(DIETS)}, got {request.diet!r}")
    if unknown := sorted(request.restrictions - RESTRICTIONS.keys() - DIETS.keys()):
        raise ValueError(f"expected restrictions among {', '.join(RESTRICTIONS)}, got {', '.join(unknown)}")


def admitted_dishes(
    request: PlanRequest,
    recipes: Sequence[Recipe],
    foods: Mapping[str, Food],
    *,
    kinds: Collection[str],
    checkpoint: Callable[[], None] = lambda: None,
) -> tuple[Dish, ...]:
    """Return the dishes that `request` admits. Raise `NothingFits` when there is none of one of `kinds`.

    `checkpoint` is called while remedies are tried, and may raise to stop.
    """
    pool = open_pool(request, recipes, foods)
    if lacking := [kind for kind in sorted(kinds) if not pool.admitted(kind)]:
        raise NothingFits(*advise_empty(request, recipes, foods, lacking, checkpoint))
    return pool.admitted()


def prove(request: PlanRequest, meals: Iterable[PlannedMeal], foods: Mapping[str, Food]) -> None:
    """Raise `RuntimeError` for a dish that is not proven safe: the last gate, whatever went wrong before it."""
    for meal in meals:
        if found := meal_refusal((meal.recipe,), foods, rules(request)):
            raise RuntimeError(f"{meal.recipe.slug} was planned against {found.rule}: {found.food_id}")
