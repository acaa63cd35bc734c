"""What a person likes best of cuisines, and of meat or fish: whether there are enough mains to fill a week so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mealplanner.planner.limits import WEEK, demand
from mealplanner.planner.meat_or_fish import wanted
from mealplanner.planner.model import MAIN, PlanRequest
from mealplanner.planner.pool import Dish


def is_favourite(request: PlanRequest, dish: Dish) -> bool:
    """Whether `dish` is a main of a cuisine that `request` likes best."""
    return MAIN in dish.recipe.kinds and dish.recipe.cuisine in request.cuisines


def favourite_mains(request: PlanRequest, dishes: Sequence[Dish]) -> Counter[str]:
    """Return how many mains among `dishes` there are of each favourite cuisine."""
    return Counter(dish.recipe.cuisine for dish in dishes if is_favourite(request, dish))


def too_few_favourites(request: PlanRequest, dishes: Sequence[Dish]) -> bool:
    """Whether `dishes` hold too few mains of the favourite cuisines for a week."""
    wanted = demand(request, MAIN, min(request.days, WEEK))
    return bool(request.cuisines) and favourite_mains(request, dishes).total() < wanted


def scarce(request: PlanRequest, dishes: Sequence[Dish]) -> bool | None:
    """Return which mains are too few among `dishes` to have meat or fish as often as `request` asks: True for those
    with it, False for those without, None where there are enough."""
    days = min(request.days, WEEK)
    least, most = wanted(request, days)
    counts = Counter(dish.has_meat_or_fish for dish in dishes if MAIN in dish.recipe.kinds)
    if counts[True] < least:
        return True
    return False if counts[False] < demand(request, MAIN, days) - most else None


def is_scarce(dish: Dish, which: bool | None) -> bool:
    """Whether `dish` is a main of those that `scarce` returned."""
    return MAIN in dish.recipe.kinds and dish.has_meat_or_fish is which
