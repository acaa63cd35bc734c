"""What else food provides, beside energy and macros: saturates, fibre, sugars and salt. Pure.

Some foods have no figure for one of these in their source. They add nothing, and the sum says that it is not the whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mealplanner.planner.model import Food, Ingredient

DETAILS: Final = ("saturates_g", "fibre_g", "sugars_g", "salt_g")
"""The figures, as they are called in `Food` and in `Details`."""

NOTICEABLE: Final = 1.0
"""Grams of saturates, fibre or sugars that may be missing from a sum that is still shown as the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Grams, of what is known."""

    saturates_g: float
    fibre_g: float
    sugars_g: float
    salt_g: float
    incomplete: frozenset[str] = frozenset()
    """Those of the figures above that may be higher, because a food with no figure may have a noticeable amount."""


def details(ingredients: Iterable[Ingredient], foods: Mapping[str, Food]) -> Details:
    """Return the details of `ingredients` together. Raise `KeyError` for a food that is not in `foods`."""
    known, missing = dict.fromkeys(DETAILS, 0.0), dict.fromkeys(DETAILS, 0.0)
    for item in ingredients:
        food, share = foods[item.food_id], item.grams / 100
        for name in DETAILS:
            figure = getattr(food, name)
            if math.isnan(figure):
                missing[name] += share * _at_most(food, name)
            else:
                known[name] += share * figure
    incomplete = frozenset(name for name in DETAILS if not missing[name] <= NOTICEABLE)  # also where it is nan
    return Details(**known, incomplete=incomplete)


def mean_details(days: Sequence[Details]) -> Details:
    """Return the details of an average one of `days`, incomplete where one of them is."""
    means = {name: sum(getattr(day, name) for day in days) / max(len(days), 1) for name in DETAILS}
    return Details(**means, incomplete=frozenset().union(*(day.incomplete for day in days)))


def _at_most(food: Food, name: str) -> float:
    """Return the most that 100 g of a food may hold of a figure that is not known."""
    per = food.per_100g
    if name == "saturates_g":
        return per.fat_g
    if name == "salt_g":
        return math.inf
    other = food.sugars_g if name == "fibre_g" else food.fibre_g
    left = per.carbohydrate_g - (0.0 if math.isnan(other) else other)
    return 0.0 if left < 0 else left  # nan where nothing is known of the food
