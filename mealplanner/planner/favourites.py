"""Mains of the cuisines that a person likes best: whether there are enough to fill a week with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mealplanner.planner.limits import WEEK, demand
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
