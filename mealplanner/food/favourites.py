"""Which cuisines are offered as favourites: those with enough mains to fill a week with. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from mealplanner.food.vocabulary import CUISINES
from mealplanner.planner.model import MAIN, NO_CUISINE, Food, Recipe
from mealplanner.planner.restrictions import refusal

LEAST_MAINS: Final[Mapping[str, int]] = {"omnivore": 14, "vegan": 7}
"""Diet -> how many mains that suit it a favourite cuisine has at least: two a day for a week, and half of that."""


def favourite_cuisines(recipes: Iterable[Recipe], foods: Mapping[str, Food]) -> frozenset[str]:
    """Return the cuisines that are offered as favourites."""
    mains = [recipe for recipe in recipes if MAIN in recipe.kinds and recipe.cuisine != NO_CUISINE]
    suitable = {
        diet: Counter(recipe.cuisine for recipe in mains if refusal(recipe, foods, [diet]) is None)
        for diet in LEAST_MAINS
    }
    return frozenset(
        cuisine for cuisine in CUISINES if all(suitable[diet][cuisine] >= least for diet, least in LEAST_MAINS.items())
    )
