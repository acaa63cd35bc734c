"""Proof that a dish may be served to somebody: decided by traits of its foods, refused where anything is unknown.

A **trait** is a fact about a food: it contains milk, it is pork, it is a grain. A **rule** is what a person asks
for (a diet, an allergen to avoid) and is nothing but the set of traits it forbids. A food is suitable for a rule
when it has none of them and none can be hidden in it. The allergens are the fourteen of Annex II of Regulation (EU)
No 1169/2011, with wheat told apart from gluten, which covers the nine major allergens of United States law too.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from mealplanner.planner.model import Food, Recipe
from mealplanner.planner.nutrition import nutrients

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
"""The whole vocabulary of `Food.contains` and `Food.may_contain`; `Food.traces` are among `ALLERGENS`."""

MINDS_TRACES: Final = frozenset(ALLERGENS) | {"gluten-free", "dairy-free"}
"""Rules that may stand for an allergy: traces count. Halal, vegan or paleo turn on what a food is made of."""

_FLESH = frozenset({"meat", "pork", "beef", "forbidden-meat", "gelatine", "rennet"})
_SEA = frozenset({"fish", "crustaceans", "molluscs", "forbidden-seafood"})
_GRAIN = frozenset({"grain", "gluten", "wheat"})
_LEGUME = frozenset({"legume", "soy", "peanuts", "lupin"})

DIETS: Final[Mapping[str, frozenset[str]]] = {
    "omnivore": frozenset(),
    "vegetarian": _FLESH | _SEA | {"insects"},
    "pescatarian": _FLESH | {"insects"},
    "vegan": _FLESH | _SEA | {"insects", "eggs", "milk", "honey"},
    "gluten-free": frozenset({"gluten", "wheat"}),
    "dairy-free": frozenset({"milk"}),
    "halal": frozenset({"pork", "alcohol", "gelatine", "insects"}),
    "kosher": _SEA - {"fish"} | {"pork", "forbidden-meat", "gelatine", "rennet", "insects"},
    "paleo": _GRAIN | _LEGUME | {"milk", "refined-sugar", "processed", "potato", "alcohol"},
    "keto": frozenset(),
}
"""Diet -> the traits it forbids. Halal and kosher meat of a permitted animal passes when it is bought with that
certificate, which the menu page says; kosher adds a rule about pairs. Keto restricts macros, not foods."""

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

_WIDER: Final[Mapping[str, frozenset[str]]] = {
    "gluten": frozenset({"wheat"}),
    "pork": frozenset({"gelatine"}),
    "beef": frozenset({"gelatine"}),
    "meat": frozenset({"pork", "beef", "forbidden-meat", "gelatine"}),
}
"""Restriction -> the traits it forbids besides its own: a slip in one column of the food table must not pass."""

KETO_SHARE: Final = 0.15
"""The most of a keto dish's energy that may come from carbohydrate less fibre (4 kcal per g). Descriptions of the
diet put the day at 5-10 %; one dish may lie above that, the day's targets bind the rest."""


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


@cache
def forbidden_traits(rule: str) -> frozenset[str]:
    """The traits that `rule`, a diet or a restriction, forbids. Raises `KeyError` for an unknown rule."""
    if rule in DIETS:
        return DIETS[rule]
    if rule in RESTRICTIONS:
        return _WIDER.get(rule, frozenset()) | {rule}
    raise KeyError(rule)


def suits(food: Food, rule: str) -> Verdict:
    """Whether `food` may be eaten by somebody who keeps to `rule`."""
    forbidden = forbidden_traits(rule)
    if food.contains & forbidden:
        return Verdict.NO
    hidden = food.may_contain | food.traces if rule in MINDS_TRACES else food.may_contain
    return Verdict.UNKNOWN if hidden & forbidden else Verdict.YES


def refusal(recipe: Recipe, foods: Mapping[str, Food], rules: Iterable[str]) -> Refusal | None:
    """The first reason not to serve `recipe` to somebody who keeps to all `rules`, or None when it is proven safe.

    A food that is not in the table is unknown, and so refused, whenever there is any rule at all. Rules are tried
    in alphabetical order, so that the reason given is always the same one. Raises `KeyError` for an unknown rule.
    """
    ordered = sorted(set(rules))
    return next((found for rule in ordered if (found := _refusal(recipe, foods, rule))), None)


def _refusal(recipe: Recipe, foods: Mapping[str, Food], rule: str) -> Refusal | None:
    forbidden_traits(rule)  # an unknown rule is an error also where there is no ingredient
    for ingredient in recipe.ingredients:
        food = foods.get(ingredient.food_id)
        verdict = Verdict.UNKNOWN if food is None else suits(food, rule)
        if verdict is not Verdict.YES:
            return Refusal(rule, ingredient.food_id, verdict)
    if rule == "kosher":
        return _pairing_refusal(recipe, foods)
    return _keto_refusal(recipe, foods) if rule == "keto" else None


def _pairing_refusal(recipe: Recipe, foods: Mapping[str, Food]) -> Refusal | None:
    """Kosher keeps meat and milk out of one meal, also where either may only be hidden in a food."""
    listed = [foods[item.food_id] for item in recipe.ingredients]
    if not any("meat" in food.contains | food.may_contain for food in listed):
        return None
    verdicts = ((food.id, suits(food, "milk")) for food in listed)
    return next((Refusal("kosher", food_id, found) for food_id, found in verdicts if found is not Verdict.YES), None)


def _keto_refusal(recipe: Recipe, foods: Mapping[str, Food]) -> Refusal | None:
    """Keto limits what carbohydrate less fibre gives; fibre that nobody knows counts as none."""
    grams = {item.food_id: item.grams / 100 * _net_carbohydrate(foods[item.food_id]) for item in recipe.ingredients}
    if 4 * sum(grams.values()) <= KETO_SHARE * nutrients(recipe, foods).kcal:
        return None
    return Refusal("keto", max(grams, key=lambda food_id: grams[food_id]), Verdict.NO)


def _net_carbohydrate(food: Food) -> float:
    fibre = 0.0 if math.isnan(food.fibre_g) else food.fibre_g
    return max(0.0, food.per_100g.carbohydrate_g - fibre)
