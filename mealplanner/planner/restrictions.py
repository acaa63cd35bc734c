"""Proof that a dish may be served to somebody: decided by traits of its foods, refused where anything is unknown.

A **trait** is a fact about a food: it contains milk, it is pork, it is a grain. A **rule** is what a person asks
for (a diet, an allergen to avoid) and is nothing but the set of traits it forbids. A food is suitable for a rule
when it has none of them and none can be hidden in it. The allergens are the fourteen of Annex II of Regulation (EU)
No 1169/2011, with wheat told apart from gluten, which covers the nine major allergens of United States law too.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mealplanner.planner.model import Food, Recipe

ALLERGENS: Final[Mapping[str, str]] = {
    "gluten": "Cereals containing gluten",
    "wheat": "Wheat",
    "crustaceans": "Crustaceans",
    "eggs": "Eggs",
    "fish": "Fish",
    "peanuts": "Peanuts",
    "soy": "Soy",
    "milk": "Milk",
    "tree-nuts": "Tree nuts",
    "celery": "Celery",
    "mustard": "Mustard",
    "sesame": "Sesame",
    "sulphites": "Sulphites",
    "lupin": "Lupin",
    "molluscs": "Molluscs",
}
"""Allergen -> how people read it. Each is a trait and a rule of the same name."""

ORIGINS: Final[Mapping[str, str]] = {
    "meat": "flesh, fat or stock of a land animal, poultry included",
    "pork": "of a pig",
    "beef": "of cattle",
    "gelatine": "gelatine or collagen",
    "rennet": "set with animal rennet",
    "honey": "honey or another product of bees",
    "insects": "insects or their colourings",
    "alcohol": "alcoholic, or made from alcohol and keeping some",
    "forbidden-seafood": "sea food without fins and scales (shellfish, squid, eel, catfish, shark)",
    "forbidden-meat": "of an animal that Jewish law forbids beside the pig (rabbit, horse, game birds of prey)",
    "grain": "a cereal or pseudo-cereal, or made from one",
    "legume": "a pulse, soy or peanut, or made from one",
    "refined-sugar": "refined sugar or syrup, or sweetened with it",
    "processed": "a refined oil, an additive-rich or ready-made product",
    "potato": "white potato or its starch",
}
"""Trait -> what it means. These are not allergens."""

TRAITS: Final = frozenset(ALLERGENS) | frozenset(ORIGINS)
"""The whole vocabulary of `Food.contains` and `Food.may_contain`."""

_FLESH = frozenset({"meat", "pork", "beef", "gelatine", "rennet"})
_SEA = frozenset({"fish", "crustaceans", "molluscs"})

DIETS: Final[Mapping[str, frozenset[str]]] = {
    "omnivore": frozenset(),
    "vegetarian": _FLESH | _SEA | {"insects"},
    "pescatarian": _FLESH | {"insects"},
    "vegan": _FLESH | _SEA | {"insects", "eggs", "milk", "honey"},
    "gluten-free": frozenset({"gluten", "wheat"}),
    "dairy-free": frozenset({"milk"}),
    "halal": frozenset({"pork", "alcohol", "gelatine", "insects"}),
    "kosher": frozenset({"pork", "crustaceans", "molluscs", "forbidden-seafood", "forbidden-meat", "gelatine", "rennet", "insects"}),
    "paleo": frozenset({"grain", "gluten", "wheat", "legume", "soy", "peanuts", "milk", "refined-sugar", "processed", "alcohol"}),
    "keto": frozenset(),
}
"""Diet -> the traits it forbids. Keto restricts macros, not foods. Halal and kosher meat of a permitted animal
passes when it is bought with that certificate, which the menu page says; kosher adds a rule about pairs."""

RESTRICTIONS: Final[Mapping[str, str]] = {
    **ALLERGENS,
    "vegetarian": "No meat or fish",
    "vegan": "Nothing from animals",
    "halal": "Halal",
    "kosher": "Kosher",
    "pork": "Pork",
    "beef": "Beef",
    "meat": "Meat and poultry",
    "alcohol": "Alcohol",
    "honey": "Honey",
}
"""Rules that a person can add to a diet -> how people read them."""


class Verdict(enum.Enum):
    """Whether a food suits a rule."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a recipe may not be served: the food, or pair of foods, that stands in the way of a rule."""

    rule: str
    food_id: str
    verdict: Verdict


def forbidden_traits(rule: str) -> frozenset[str]:
    """The traits that `rule`, a diet or a restriction, forbids. Raises `KeyError` for an unknown rule."""
    if rule in DIETS:
        return DIETS[rule]
    if rule in RESTRICTIONS:
        return frozenset({rule})
    raise KeyError(rule)


def suits(food: Food, rule: str) -> Verdict:
    """Whether `food` may be eaten by somebody who keeps to `rule`."""
    forbidden = forbidden_traits(rule)
    if food.contains & forbidden:
        return Verdict.NO
    if food.may_contain & forbidden:
        return Verdict.UNKNOWN
    return Verdict.YES


def refusal(recipe: Recipe, foods: Mapping[str, Food], rules: Iterable[str]) -> Refusal | None:
    """The first reason not to serve `recipe` to somebody who keeps to all `rules`, or None when it is proven safe.

    A food that is not in the table is unknown, and so refused, whenever there is any rule at all.
    """
    rules = tuple(rules)
    for ingredient in recipe.ingredients:
        food = foods.get(ingredient.food_id)
        for rule in rules:
            verdict = Verdict.UNKNOWN if food is None else suits(food, rule)
            if verdict is not Verdict.YES:
                return Refusal(rule, ingredient.food_id, verdict)
    return _pairing_refusal(recipe, foods) if "kosher" in rules else None


def _pairing_refusal(recipe: Recipe, foods: Mapping[str, Food]) -> Refusal | None:
    """Kosher keeps meat and milk out of one meal."""
    traits = {item.food_id: foods[item.food_id].contains | foods[item.food_id].may_contain for item in recipe.ingredients}
    if any("meat" in found for found in traits.values()):
        for food_id, found in traits.items():
            if "milk" in found:
                return Refusal("kosher", food_id, Verdict.NO)
    return None
