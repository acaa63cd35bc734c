"""What must hold for every food of the table. Pure: each check takes foods and returns what it found wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from mealplanner.food.findings import Finding
from mealplanner.food.name_index import labels
from mealplanner.food.spelling import words
from mealplanner.food.table import FoodTable
from mealplanner.food.vocabulary import AISLES, STATES
from mealplanner.planner.model import Food
from mealplanner.planner.restrictions import ALLERGENS, TRAITS

ENERGY_TOLERANCE: Final = 0.15
"""How far kcal may lie from 4 protein + 4 carbohydrate + 9 fat, as a fraction of kcal, without an excuse."""

IMPLIED: Final[Mapping[str, str]] = {
    "pork": "meat",
    "beef": "meat",
    "forbidden-meat": "meat",
    "wheat": "gluten",
    "gluten": "grain",
    "peanuts": "legume",
    "soy": "legume",
    "lupin": "legume",
    "crustaceans": "forbidden-seafood",
    "molluscs": "forbidden-seafood",
}
"""Trait -> the trait that goes with it: whatever contains the one contains the other, or may."""

AISLE_TRAITS: Final[Mapping[str, frozenset[str]]] = {
    "meat-poultry": frozenset({"meat"}),
    "fish-seafood": frozenset({"fish", "crustaceans", "molluscs"}),
    "beans-lentils": frozenset({"legume"}),
    "dairy-eggs": frozenset({"milk", "eggs"}),
}
"""Aisle -> traits of which each of its foods contains one at least."""

_MOST_GRAMS: Final[Mapping[str, float]] = {"cup": 350, "tbsp": 25, "tsp": 8}
_LEAST_GRAMS: Final[Mapping[str, float]] = {"cup": 5, "tbsp": 1, "tsp": 0.3}


def check_foods(table: FoodTable) -> list[Finding]:
    """Return all defects of the table, in order."""
    findings = [
        Finding(food.id, problem)
        for food in table.foods.values()
        for check in (_names, _traits, _masses, _measures)
        for problem in check(food)
    ]
    return sorted([*findings, *_energies(table), *_aliases(table.foods)])


def _names(food: Food) -> Iterator[str]:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", food.id):
        yield "the id is not lower-case words joined by hyphens"
    if food.state not in STATES:
        yield f"unknown state {food.state!r}"
    if food.aisle not in AISLES:
        yield f"unknown aisle {food.aisle!r}"


def _traits(food: Food) -> Iterator[str]:
    for trait in sorted((food.contains | food.may_contain | food.traces) - TRAITS):
        yield f"unknown trait {trait!r}"
    for trait in sorted(food.contains & food.may_contain):
        yield f"{trait} is both contained and perhaps contained"
    for trait in sorted(food.traces & TRAITS - ALLERGENS.keys()):
        yield f"traces of {trait}, which is no allergen"
    for trait in sorted(food.traces & (food.contains | food.may_contain)):
        yield f"traces of {trait}, which it contains or may contain"
    if "wheat" in food.traces and "gluten" not in food.contains | food.may_contain | food.traces:
        yield "traces of wheat, so there are traces of gluten"
    for trait, implied in IMPLIED.items():
        if trait in food.contains and implied not in food.contains:
            yield f"contains {trait}, so it contains {implied}"
        if trait in food.may_contain and implied not in food.contains | food.may_contain:
            yield f"may contain {trait}, so it may contain {implied}"
    expected = AISLE_TRAITS.get(food.aisle)
    if expected and not expected & food.contains:
        yield f"is in {food.aisle} and contains none of {', '.join(sorted(expected))}"


def _masses(food: Food) -> Iterator[str]:
    per = food.per_100g
    if per.protein_g + per.fat_g + per.carbohydrate_g > 100.5:
        yield "protein, fat and carbohydrate weigh more than 100 g"
    if not 0 <= per.kcal <= 905:
        yield f"{per.kcal:g} kcal per 100 g"
    if food.saturates_g > per.fat_g + 0.15:
        yield "saturates weigh more than the fat"
    for part in (food.fibre_g, food.sugars_g, food.fibre_g + food.sugars_g):
        if part > per.carbohydrate_g + 1.1:
            yield "fibre and sugars weigh more than the carbohydrate"
            break
    if food.salt_g > 100:
        yield f"{food.salt_g:g} g of salt per 100 g"


def _measures(food: Food) -> Iterator[str]:
    for measure, grams in food.grams_per.items():
        if not _LEAST_GRAMS[measure] <= grams <= _MOST_GRAMS[measure]:
            yield f"a {measure} of {grams:g} g"
    for larger, smaller in pairwise(food.grams_per.values()):
        if larger <= smaller:
            yield "a larger measure that weighs no more than a smaller one"


def _energies(table: FoodTable) -> Iterator[Finding]:
    for food in table.foods.values():
        per = food.per_100g
        from_macros = 4 * per.protein_g + 4 * per.carbohydrate_g + 9 * per.fat_g
        differs = abs(from_macros - per.kcal) > ENERGY_TOLERANCE * per.kcal
        if differs and food.id not in table.excuses:
            yield Finding(food.id, f"{per.kcal:g} kcal, but its macros give {from_macros:.0f}, and it has no excuse")
        if not differs and food.id in table.excuses:
            yield Finding(food.id, "an excuse that it does not need")


def _aliases(foods: Mapping[str, Food]) -> Iterator[Finding]:
    """Yield what is confusing in an alias: that it repeats, or names another food that is not kin."""
    named = {words(food.name): food for food in foods.values()}
    for food in foods.values():
        if len({words(label) for label in labels(food)}) < len(tuple(labels(food))):
            yield Finding(food.id, "an alias that repeats its name or another alias")
        for alias in food.aliases:
            other = named.get(words(alias), food)
            if not _are_kin(food, other):
                yield Finding(food.id, f"the alias {alias!r} is the name of {other.id}")


def _are_kin(one: Food, other: Food) -> bool:
    shared_words = set(words(one.id)) & set(words(other.id))
    return one.aisle == other.aisle or bool(shared_words or one.contains & other.contains)
