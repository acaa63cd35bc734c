"""Proof that a dish may be served to a person: decided by traits of its foods, refused where anything is unknown.

A **trait** is a fact about a food: it contains milk, it is pork, it is a grain. A **rule** is what a person asks
for (a diet, an allergen to avoid) and is nothing but the set of traits it forbids. A food is suitable for a rule
when it has none of them and none can be hidden in it. The allergens are the fourteen of Annex II of Regulation (EU)
No 1169/2011, with wheat told apart from gluten, which covers the nine major allergens of United States law too.
"""

from __future__ import annotations

import enum
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from mealplanner.planner.model import Food, Ingredient, Recipe

ALLERGENS: Final[Mapping[str, str]] = {
    "gluten": "Gluten",
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
certificate, which the menu page says; kosher adds `PAIRS`. Keto restricts macros, not foods."""

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

PAIRS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {"kosher": (("meat", "milk"), ("meat", "fish"))}
"""Rule -> pairs of traits that it keeps out of one meal. Poultry counts as meat. Meat with fish follows Shulchan Aruch,
Yoreh De'ah 116:2, which most observant communities keep, and in its strict form: any amount of fish counts, also the
anchovies of a sauce. Fish with milk is allowed, as most communities do."""

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
    """Why a dish or a meal may not be served: the food that stands in the way of a rule."""

    rule: str
    food_id: str
    verdict: Verdict


@cache
def forbidden_traits(rule: str) -> frozenset[str]:
    """Return the traits that `rule`, a diet or a restriction, forbids. Raises `KeyError` for an unknown rule."""
    if rule in DIETS:
        return DIETS[rule]
    if rule in RESTRICTIONS:
        return _WIDER.get(rule, frozenset()) | {rule}
    raise KeyError(rule)


def suits(food: Food, rule: str) -> Verdict:
    """Return whether `food` may be eaten by a person who keeps to `rule`."""
    forbidden = forbidden_traits(rule)
    if not food.is_known:
        return Verdict.UNKNOWN
    if food.contains & forbidden:
        return Verdict.NO
    hidden = food.may_contain | food.traces if rule in MINDS_TRACES else food.may_contain
    return Verdict.UNKNOWN if hidden & forbidden else Verdict.YES


def unsuited_foods(rule: str, foods: Mapping[str, Food]) -> frozenset[str]:
    """Return the ids of the foods that no dish may hold which is served to a person who keeps to `rule`."""
    return frozenset(food_id for food_id, food in foods.items() if suits(food, rule) is not Verdict.YES)


def binds_dishes(rule: str) -> bool:
    """Return whether `rule` may refuse a dish although each of its foods suits it."""
    return rule in PAIRS or rule == "keto"


def refusal(recipe: Recipe, foods: Mapping[str, Food], rules: Iterable[str]) -> Refusal | None:
    """Return the first reason not to serve `recipe` to a person who keeps to all `rules`; None when it is proven safe.

    It is `meal_refusal` of a meal that is this one dish.
    """
    return meal_refusal((recipe,), foods, rules)


def meal_refusal(dishes: Iterable[Recipe], foods: Mapping[str, Food], rules: Iterable[str]) -> Refusal | None:
    """Return the first reason not to serve `dishes` together in one meal to a person who keeps to all `rules`.

    Rules about pairs and shares bind the meal as a whole: a dish with meat and one with cheese may each be kosher. A
    food that is not in the table is unknown, and so refused, whenever there is any rule at all. Rules are tried in
    alphabetical order, so that the reason given is always the same one. Raises `KeyError` for an unknown rule.
    """
    meal = tuple(ingredient for dish in dishes for ingredient in dish.ingredients)
    ordered = sorted(set(rules))
    return next((found for rule in ordered if (found := _refusal(meal, foods, rule))), None)


def _refusal(meal: Sequence[Ingredient], foods: Mapping[str, Food], rule: str) -> Refusal | None:
    forbidden_traits(rule)  # an unknown rule is an error also where there is no ingredient
    for ingredient in meal:
        food = foods.get(ingredient.food_id)
        verdict = Verdict.UNKNOWN if food is None else suits(food, rule)
        if verdict is not Verdict.YES:
            return Refusal(rule, ingredient.food_id, verdict)
    listed = [foods[ingredient.food_id] for ingredient in meal]
    if found := next((found for pair in PAIRS.get(rule, ()) if (found := _pair_refusal(listed, rule, pair))), None):
        return found
    return _keto_refusal(meal, foods) if rule == "keto" else None


def _pair_refusal(foods: Sequence[Food], rule: str, pair: tuple[str, str]) -> Refusal | None:
    """Both traits of a pair in one meal are refused, also where either may only be hidden in a food."""
    first, second = pair
    if not any(first in food.contains | food.may_contain for food in foods):
        return None
    for food in foods:
        if second in food.contains | food.may_contain:
            return Refusal(rule, food.id, Verdict.NO if second in food.contains else Verdict.UNKNOWN)
    return None


def _keto_refusal(meal: Sequence[Ingredient], foods: Mapping[str, Food]) -> Refusal | None:
    """Keto limits what carbohydrate less fibre gives; fibre that is not known counts as none."""
    grams = defaultdict[str, float](float)
    for item in meal:
        grams[item.food_id] += item.grams / 100 * _net_carbohydrate(foods[item.food_id])
    kcal = sum(item.grams / 100 * foods[item.food_id].per_100g.kcal for item in meal)
    if 4 * sum(grams.values()) <= KETO_SHARE * kcal:
        return None
    return Refusal("keto", max(grams, key=lambda food_id: grams[food_id]), Verdict.NO)


def _net_carbohydrate(food: Food) -> float:
    fibre = 0.0 if math.isnan(food.fibre_g) else food.fibre_g
    return max(0.0, food.per_100g.carbohydrate_g - fibre)
