"""A person's own dishes and those that they rated, searched by words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from mealplanner.food.spelling import matched_words
from mealplanner.paging import Part
from mealplanner.recipes.presentation import dishes_json
from mealplanner.recipes.values import Dishes, RatedRecipe, RecipeValue

PAGE: Final = 60
"""Dishes on a page."""


DishesPart = Part[RatedRecipe | RecipeValue]
"""Favourites, own dishes, and those that are wanted never again: in the order in which they are shown."""


def matching(dishes: Dishes, words: str) -> Dishes:
    """Return those of `dishes` in which every one of `words` begins some word: a title, a cuisine or an ingredient."""
    wanted = matched_words(words)
    return replace(
        dishes,
        own=tuple(recipe for recipe in dishes.own if _holds(_own_words(recipe), wanted)),
        rated=tuple(rated for rated in dishes.rated if _holds(_rated_words(rated), wanted)),
    )


def in_order(dishes: Dishes) -> list[RatedRecipe | RecipeValue]:
    """Return the dishes in the order of `DishesPart`."""
    liked = [rated for rated in dishes.rated if rated.rating > 0]
    refused = [rated for rated in dishes.rated if rated.rating < 0]
    return [*liked, *dishes.own, *refused]


def of_part(part: DishesPart) -> Dishes:
    """Return the dishes of a part."""
    return Dishes(
        own=tuple(dish for dish in part.items if isinstance(dish, RecipeValue)),
        rated=tuple(dish for dish in part.items if isinstance(dish, RatedRecipe)),
    )


def part_json(part: DishesPart) -> dict[str, Any]:
    """Return the dishes of a part, and how many there are in all."""
    return {**dishes_json(of_part(part)), "total": part.total}


def _holds(texts: Iterable[str], wanted: tuple[str, ...]) -> bool:
    known = frozenset(word for text in texts for word in matched_words(text))
    return all(any(word.startswith(start) for word in known) for start in wanted)


def _own_words(recipe: RecipeValue) -> list[str]:
    return [recipe.title, recipe.cuisine_name, *(line.name for line in recipe.ingredients)]


def _rated_words(rated: RatedRecipe) -> list[str]:
    return [rated.recipe.title, rated.recipe.cuisine_name]
