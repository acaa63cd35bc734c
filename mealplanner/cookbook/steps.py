"""The ingredients that a step of a recipe names, to be shown beside it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from mealplanner.food.match import food_index
from mealplanner.food.name_index import labels
from mealplanner.food.plain_words import FILLER, NOT_NAMES
from mealplanner.food.spelling import matched_words
from mealplanner.food.unknown import unknown_food
from mealplanner.planner.model import Food

Term = tuple[str, ...]

_LONGEST: Final = 4
"""Words of the longest name that is looked for."""

_ALL: Final = re.compile(
    r"\b(?:(?:add|blend|combine|lay|mash|mix|place|put|shake|stir|toss|whisk) everything"
    r"|all (?:of )?the ingredients)\b",
    re.IGNORECASE,
)
_BREAK: Final = re.compile(r"[,;:.]|\b(?:and|or)\b")
"""What ends a name: “the onion, green pepper” has no green onion."""
_OILED: Final = re.compile(r"\boiled\b")
_SPICE: Final = "spice"


def foods_of_step(step: str, food_ids: Collection[str], foods: Mapping[str, Food]) -> frozenset[str]:
    """Return which of a dish's `food_ids` the words of `step` name.

    The longest name decides: “red pepper” is not black pepper too, and “pepper” alone may be either.
    """
    if _ALL.search(step):
        return frozenset(food_ids)
    listed = {food_id: foods.get(food_id) or unknown_food(food_id) for food_id in food_ids}
    names = {food_id: [name for label in labels(food) for name in _words(label)] for food_id, food in listed.items()}
    found: set[str] = set()
    for part in _BREAK.split(_OILED.sub("oil", step)):
        spoken = tuple(word for word in matched_words(part) if word not in FILLER)
        found.update(_named(spoken, names, food_index(foods).named))
    if _SPICE in matched_words(step):
        found |= {food_id for food_id, food in listed.items() if _is_spice(food)}
    return frozenset(found)


def _named(spoken: Term, names: Mapping[str, Sequence[Term]], group: Callable[[str], Collection[str]]) -> Iterator[str]:
    at = 0
    while at < len(spoken):
        for length in range(min(_LONGEST, len(spoken) - at), 0, -1):
            term = spoken[at : at + length]
            if found := _called(term, names) or (length == 1 and names.keys() & group(term[0])):
                yield from found
                break
        at += length


def _called(term: Term, names: Mapping[str, Sequence[Term]]) -> set[str]:
    """Return the foods that have this name, else those of this kind (“rice” for basmati rice), else those with it in
    their name (“shiitake” for shiitake mushrooms)."""
    exact = {food_id for food_id, known in names.items() if term in known}
    if exact or NOT_NAMES.issuperset(term):
        return exact
    bearing = {food_id: [name for name in known if set(term) <= set(name)] for food_id, known in names.items()}
    of_kind = {food_id for food_id, known in bearing.items() if any(name[-1] == term[-1] for name in known)}
    return of_kind or {food_id for food_id, known in bearing.items() if known}


def _is_spice(food: Food) -> bool:
    return food.aisle == "herbs-spices" and food.state == "dried" and food.id != "salt"


@cache
def _words(label: str) -> tuple[Term, ...]:
    """Return a name, and what stands before its comma; cached, as every dish is read for the same few hundred."""
    return tuple(dict.fromkeys(filter(None, (matched_words(label), matched_words(label.partition(",")[0])))))
