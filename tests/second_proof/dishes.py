"""Whether a dish may be served: by what its foods are called, by the text of the food table, and by sums of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Final

from mealplanner.planner.model import Ingredient, PlanRequest, Recipe
from tests.second_proof.foods import Row, sounding, sounds_like, table
from tests.second_proof.words import MEAT, SEA

_MEAT: Final = "meat pork beef forbidden-meat gelatine rennet insects"
_SEA: Final = "fish crustaceans molluscs forbidden-seafood"
FORBIDS: Final = {
    "omnivore": "",
    "keto": "",
    "vegetarian": f"{_MEAT} {_SEA}",
    "pescatarian": _MEAT,
    "vegan": f"{_MEAT} {_SEA} eggs milk honey",
    "gluten-free": "gluten wheat",
    "dairy-free": "milk",
    "halal": "pork alcohol gelatine insects",
    "kosher": "crustaceans molluscs forbidden-seafood pork forbidden-meat gelatine rennet insects",
    "paleo": "grain gluten wheat legume soy peanuts lupin milk refined-sugar processed potato alcohol",
    "gluten": "gluten wheat",
    "pork": "pork gelatine",
    "beef": "beef gelatine",
    "meat": "meat pork beef forbidden-meat gelatine",
}
"""Rule -> traits; a rule that is not listed forbids the trait of its own name."""

HEEDLESS_OF_TRACES: Final = "omnivore keto vegetarian pescatarian vegan halal kosher paleo pork beef meat alcohol honey"
"""Rules that turn on what a food is made of; all others may stand for an allergy."""

_IN_WORDS: Final = re.compile(r"\b(chicken|beef|pork|bacon|b\u00e4con|ham|lamb|turkey|prosciutto|\u0441hicken)\b", re.I)
_HOSTILE: Final = re.compile(r"[<>{}\[\]@\\|`~^*_#$=\x00-\x1f\u0370-\u05ff\u200b-\u200f\u202a-\u202e\u2066-\u2069]|//")
"""Markup, addresses, Greek to Hebrew letters, and signs that cannot be seen or turn the direction of a text."""


def violations(recipe: Recipe, request: PlanRequest) -> list[str]:
    """Return what a dish of a model does that `request` rules out; empty when it may be served."""
    return list(_violations(recipe, request))


def _violations(recipe: Recipe, request: PlanRequest) -> Iterator[str]:
    kept = frozenset({request.diet, *request.restrictions})
    yield from against_rules(recipe.ingredients, kept)
    for item in recipe.ingredients:
        if item.food_id in request.disliked_foods:
            yield f"{item.food_id} is disliked"
        if not 0 < item.grams <= 500:
            yield f"{item.grams} g of {item.food_id}"
    if recipe.minutes > request.minutes_per_meal or not recipe.appliances <= request.appliances:
        yield "another kitchen"
    for text in (recipe.title, *recipe.steps):
        if _HOSTILE.search(text):
            yield f"hostile text: {text!r}"
        if _IN_WORDS.search(text) and any("meat" in _forbids(rule) for rule in kept):
            yield f"meat in words: {text!r}"


@cache
def against_rules(ingredients: tuple[Ingredient, ...], rules: frozenset[str]) -> tuple[str, ...]:
    """Return what stands between a dish and a person who keeps to `rules`, diets and restrictions."""
    return tuple(_against(ingredients, rules))


def _against(ingredients: tuple[Ingredient, ...], rules: Collection[str]) -> Iterator[str]:
    rows = [(table()[item.food_id], item.grams) for item in ingredients]
    if not rows:
        yield "nothing to eat"
    for rule in sorted(rules):
        for row, _ in rows:
            yield from (f"{row['id']} sounds like {family}, against {rule}" for family in sounding(row, rule))
            yield from (f"{row['id']} holds {trait}, against {rule}" for trait in sorted(_held(row, rule)))
    if "kosher" in rules:
        yield from _mixed([row for row, _ in rows])
    if "keto" in rules and 4 * sum(grams * _net(row) for row, grams in rows) > 0.15 * _kcal(rows) + 0.01:
        yield "too much carbohydrate for keto"


def _mixed(rows: list[Row]) -> Iterator[str]:
    """Yield what a kosher meal keeps apart."""
    if any(_is_meat(row) for row in rows):
        for what in ("milk", "fish"):
            if any(what in _traits(row) or sounds_like(what, *names(row)) for row in rows):
                yield f"meat beside {what}, against kosher"


def _is_meat(row: Row) -> bool:
    return "meat" in _traits(row) or any(sounds_like(family, *names(row)) for family in MEAT)


def is_meat_or_fish(row: Row) -> bool:
    """Return whether a food is called meat, fish or shellfish, or something made of it."""
    return any(sounds_like(family, *names(row)) for family in (*MEAT, *SEA))


def names(row: Row) -> tuple[str, ...]:
    """Return the name of a food, and then its others."""
    return (row["name"], *row["aliases"].split("|"))


@cache
def _forbids(rule: str) -> frozenset[str]:
    return frozenset(FORBIDS.get(rule, rule).split())


def _held(row: Row, rule: str) -> set[str]:
    traces = set() if rule in HEEDLESS_OF_TRACES.split() else set(row["traces"].split())
    return (_traits(row) | traces) & _forbids(rule)


def _traits(row: Row) -> set[str]:
    return {*row["contains"].split(), *row["may"].split()}


def _kcal(rows: list[tuple[Row, float]]) -> float:
    return sum(grams * float(row["kcal"]) / 100 for row, grams in rows)


def _net(row: Row) -> float:
    return max(0.0, float(row["carbohydrate"]) - float(row["fibre"] or 0)) / 100
