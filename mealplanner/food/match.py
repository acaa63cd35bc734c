"""From what people type to foods of the table: "mushrooms" to every kind of mushroom, "dairy" to all that holds milk.

A match only ever leaves foods out, so it errs on the side of leaving out too much: "milk" takes coconut milk along.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from mealplanner.planner.model import Food

GROUPS: Final[Mapping[str, frozenset[str]]] = {
    "alcohol": frozenset({"alcohol"}),
    "beef": frozenset({"beef"}),
    "celery": frozenset({"celery"}),
    "crustacean": frozenset({"crustaceans"}),
    "dairy": frozenset({"milk"}),
    "egg": frozenset({"eggs"}),
    "fish": frozenset({"fish"}),
    "gluten": frozenset({"gluten"}),
    "grain": frozenset({"grain"}),
    "honey": frozenset({"honey"}),
    "legume": frozenset({"legume"}),
    "meat": frozenset({"meat"}),
    "mollusc": frozenset({"molluscs"}),
    "mustard": frozenset({"mustard"}),
    "nut": frozenset({"tree-nuts", "peanuts"}),
    "peanut": frozenset({"peanuts"}),
    "pork": frozenset({"pork"}),
    "potato": frozenset({"potato"}),
    "pulse": frozenset({"legume"}),
    "seafood": frozenset({"fish", "crustaceans", "molluscs"}),
    "sesame": frozenset({"sesame"}),
    "shellfish": frozenset({"crustaceans", "molluscs"}),
    "soy": frozenset({"soy"}),
    "soya": frozenset({"soy"}),
    "sugar": frozenset({"refined-sugar"}),
    "wheat": frozenset({"wheat"}),
}
"""A word, in the singular, for all foods that contain one of these traits."""

FAMILIES: Final[Mapping[str, frozenset[str]]] = {
    "poultry": frozenset({"chicken", "turkey", "duck"}),
    "seaweed": frozenset({"agar"}),
    "spicy": frozenset({"chilli", "cayenne", "jalapeno", "sriracha"}),
}
"""A word for foods that are called by one of these words instead."""

NOT_MEANT: Final[Mapping[str, frozenset[str]]] = {
    "olive": frozenset({"olive-oil"}),
    "pepper": frozenset({"black-pepper", "white-pepper"}),
}
"""Word -> foods that bear it and that nobody means by it alone: who dislikes olives still cooks with their oil."""

_ABSENT: Final = re.compile(r"(?:,? and |, )?\b\w+-free\b|,? (?:free of|without) .*", re.IGNORECASE)
_FILLER = frozenset({"a", "all", "an", "any", "avoid", "eat", "kind", "no", "not", "of", "the", "without"})
_IRREGULAR: Final[Mapping[str, str]] = {"chilies": "chili", "chillies": "chilli", "halves": "half", "leaves": "leaf"}


def match_foods(text: str, foods: Mapping[str, Food]) -> frozenset[str]:
    """The ids of the `foods` that `text` may mean; none when it means nothing known.

    Case, accents and plurals do not count, whole words do. Commas, "and" and "or" part several foods.
    """
    return frozenset().union(*(_match_one(words, foods) for words in terms(text)))


def words(text: str) -> tuple[str, ...]:
    """The words of `text` in the singular, without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(character for character in plain if not unicodedata.combining(character))
    return tuple(_singular(word) for word in re.findall(r"[a-z0-9]+", re.sub(r"['\u2019]", "", kept)))


def terms(text: str) -> list[tuple[str, ...]]:
    """The words of each thing that `text` names, without those that say nothing: two for "no eggs or fish"."""
    parts = re.split(r"[,;/\n]|\band\b|\bor\b", text.casefold())
    named = (tuple(word for word in words(part) if word not in _FILLER) for part in parts)
    return [term for term in named if term]


def labels(food: Food) -> Iterable[str]:
    """All that `food` is called, without what its label says is not in it: "tamari" for "Tamari, gluten-free"."""
    return (_present(food.name), *map(_present, food.aliases))


@cache
def _present(label: str) -> str:
    return _ABSENT.sub("", label)


def _match_one(term: tuple[str, ...], foods: Mapping[str, Food]) -> frozenset[str]:
    word = term[0] if len(term) == 1 else ""
    group = GROUPS.get(word, frozenset())
    found = {food.id for food in foods.values() if _is_called(food, term) or food.contains & group}
    for member in FAMILIES.get(word, frozenset()):
        found |= _match_one((member,), foods)
    return frozenset(found - NOT_MEANT.get(word, frozenset()))


def _is_called(food: Food, term: tuple[str, ...]) -> bool:
    called = (food.name, *food.aliases) if "free" in term else labels(food)
    return any(set(term) <= set(words(label)) for label in called)


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("oes", "ches", "shes", "sses", "xes")) else word[:-1]
