"""Finding a food of the table by what people call it. Pure."""

from __future__ import annotations

from functools import cache
from typing import Final

from mealplanner.food.dish_search import wanted_words
from mealplanner.food.match import food_index
from mealplanner.food.name_index import labels
from mealplanner.food.spelling import matched_words
from mealplanner.food.table import load_foods
from mealplanner.planner.model import Food

MOST_FOUND: Final = 20
"""Foods that a search returns."""
LONGEST: Final = 100
"""Characters of a search that can name a food."""


def found_foods(text: str) -> tuple[Food, ...]:
    """Return the foods that `text` may mean: those with exactly that name, or else those with words in their names that
    begin with its words, or else those with the nearest names, for a misspelling. Empty if there are none.
    """
    foods = load_foods()
    if text in foods:
        return (foods[text],)
    wanted = wanted_words(text) if len(text) <= LONGEST else ()
    if not wanted:
        return ()
    called = [food for food in foods.values() if matched_words(food.name) == wanted]
    begun = called or [food for food in foods.values() if any(_begins(wanted, name) for name in _names()[food.id])]
    if not begun:
        nearest = {matched_words(name) for name in food_index(foods).nearest(text)}
        begun = [food for food in foods.values() if _names()[food.id] & nearest]
    return tuple(
        sorted(begun, key=lambda food: (not _begins(wanted, matched_words(food.name)[:1]), len(food.name)))[:MOST_FOUND]
    )


def _begins(wanted: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return all(any(word.startswith(part) for word in name) for part in wanted)


@cache
def _names() -> dict[str, frozenset[tuple[str, ...]]]:
    return {food.id: frozenset(map(matched_words, (food.name, *labels(food)))) for food in load_foods().values()}
