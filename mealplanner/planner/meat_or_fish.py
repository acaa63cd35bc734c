"""Meat and fish by choice: never, on some days, on most days, or as it comes.

"Never" leaves out every dish with a food that is known to be meat or fish or to be made of it. It is a wish and not
the proof of a diet: a vegetarian is also kept from what such foods may be hidden in, and from rennet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mealplanner.planner.model import MAIN, Food, PlanRequest, Recipe

ANY: Final = "any"
NEVER: Final = "never"
SOME: Final = "some"
MOST: Final = "most"
CHOICES: Final = (ANY, NEVER, SOME, MOST)

FLESH: Final = frozenset({"meat", "pork", "beef", "forbidden-meat"}) | frozenset(
    {"fish", "crustaceans", "molluscs", "forbidden-seafood"}
)
"""Traits of foods that are meat or fish, or made of it."""

AISLES: Final = frozenset({"meat-poultry", "fish-seafood"})
"""Where a food is the meat or the fish of a dish, and no stock or sauce."""

_MOST_DAYS: Final = 5 / 7
_SOME_DAYS: Final = (3 / 7, 4 / 7)


def is_unwanted(request: PlanRequest, food: Food) -> bool:
    """Whether `request` leaves `food` out because it is of meat or fish."""
    return request.meat_or_fish == NEVER and not FLESH.isdisjoint(food.contains)


def serves_meat_or_fish(recipe: Recipe, foods: Mapping[str, Food]) -> bool:
    """Whether `recipe`, whose ingredients are all in `foods`, has meat or fish that is more than a seasoning."""
    return any(_is_more_than_a_seasoning(foods[item.food_id]) for item in recipe.ingredients)


def served_meat_and_fish(foods: Mapping[str, Food]) -> frozenset[str]:
    """Return the ids of those of `foods` with which a dish `serves_meat_or_fish`."""
    return frozenset(id_ for id_, food in foods.items() if _is_more_than_a_seasoning(food))


def _is_more_than_a_seasoning(food: Food) -> bool:
    return food.aisle in AISLES and not FLESH.isdisjoint(food.contains)


def wanted(request: PlanRequest, days: int) -> tuple[int, int]:
    """Return the least and the most meals with meat or fish that `days` (1-7) should have; the least are mains.

    On most days: so many mains that five of seven days have one, however they fall. On some days: three or four meals.
    """
    mains = sum(slot.kind == MAIN for slot in request.slots)
    every = days * len(request.slots)
    if request.meat_or_fish == MOST and mains:
        return mains * (max(1, round(_MOST_DAYS * days)) - 1) + 1, every
    if request.meat_or_fish == SOME:
        least, most = (share * days for share in _SOME_DAYS)
        return min(int(least), days * mains), max(1, round(most))
    return 0, every
