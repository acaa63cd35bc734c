"""Finding dishes by words: of their titles, of what is in them, of their cuisine. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from mealplanner.food.name_index import labels
from mealplanner.food.plain_words import FILLER
from mealplanner.food.spelling import matched_words
from mealplanner.food.table import load_foods
from mealplanner.planner.model import Recipe


def wanted_words(text: str) -> tuple[str, ...]:
    """Return the words of a search that say something; of “soup with the leeks” they are soup and leek."""
    said = matched_words(text)
    return tuple(word for word in said if word not in FILLER) or said


def missing_in_title(recipe: Recipe, wanted: Sequence[str]) -> int | None:
    """Return how many of the words begin no word of the title; None when one begins no word of the dish at all."""
    title, others = _words(recipe)
    elsewhere = [word for word in wanted if not any(known.startswith(word) for known in title)]
    if not all(any(known.startswith(word) for known in others) for word in elsewhere):
        return None
    return len(elsewhere)


@lru_cache(maxsize=2048)
def _words(recipe: Recipe) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of a dish's title, and all others that it can be found by."""
    foods = load_foods()
    named = [label for item in recipe.ingredients if item.food_id in foods for label in labels(foods[item.food_id])]
    others = " ".join((*named, recipe.cuisine, recipe.main_protein))
    return frozenset(matched_words(recipe.title)), frozenset(matched_words(others))
