"""Foods that this release does not know, in dishes that a newer one planned before the program went back. Pure.

Nothing is known of such a food but its id, so it is only shown: nothing is planned with it, and nothing proves it safe.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Final

from mealplanner.food.table import load_foods
from mealplanner.planner.model import Food, Nutrients

UNKNOWN: Final = "unknown"
"""The state and the aisle of a food that is not in the table."""

_NO_FIGURES: Final = Nutrients(math.nan, math.nan, math.nan, math.nan)


class _StoredFoods(dict[str, Food]):
    def __missing__(self, food_id: str) -> Food:
        return unknown_food(food_id)


@cache
def stored_foods() -> Mapping[str, Food]:
    """Return the foods of the table, by id; looking up any other gives an `unknown_food`, which is not among them."""
    return _StoredFoods(load_foods())


def unknown_food(food_id: str) -> Food:
    """Return `Purple carrot (unknown food)` for `purple-carrot`; each of its figures is `nan`.

    Its alias is the name alone.
    """
    name = food_id.replace("-", " ").capitalize()
    return Food(
        id=food_id,
        name=f"{name} (unknown food)",
        state=UNKNOWN,
        aisle=UNKNOWN,
        source="",
        per_100g=_NO_FIGURES,
        saturates_g=math.nan,
        fibre_g=math.nan,
        sugars_g=math.nan,
        salt_g=math.nan,
        contains=frozenset(),
        may_contain=frozenset(),
        aliases=(name,),
        is_known=False,
    )
