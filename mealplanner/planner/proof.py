"""Why a dish may be served, or not: what `restrictions` decides, food by food, kept as values instead of thrown away.

The verdicts are those of `restrictions`, so that what is shown is what was decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mealplanner.planner.model import Food, Recipe
from mealplanner.planner.restrictions import (
    DIETS,
    MINDS_TRACES,
    PAIRS,
    Refusal,
    Verdict,
    forbidden_traits,
    refusal,
    suits,
)

PROMISES: Final[Mapping[str, frozenset[str]]] = {
    "gluten-free": frozenset({"gluten", "wheat"}),
    "dairy-free": frozenset({"milk"}),
    "soya-free": frozenset({"soy"}),
    "alcohol-free": frozenset({"alcohol"}),
    "wine-free": frozenset({"alcohol", "sulphites"}),
    "vegetarian": DIETS["vegetarian"],
    "vegan": DIETS["vegan"],
}
"""Words in the name of a food that its label has to promise -> the traits that they exclude."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoodCheck:
    """What a rule found in one food. The traits are those that the rule forbids."""

    food: Food
    verdict: Verdict
    contains: frozenset[str]
    may_contain: frozenset[str]
    traces: frozenset[str]
    promises: tuple[str, ...]
    """What its label has to say, since the verdict depends on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleProof:
    """What was checked for one rule."""

    rule: str
    forbidden: frozenset[str]
    minds_traces: bool
    """Whether traces count against a food; where they do not, `FoodCheck.traces` tells of them all the same."""
    checks: tuple[FoodCheck, ...]
    """One for each food, in the order of the dish."""
    pairs: tuple[tuple[str, str], ...]
    """Pairs of traits that the rule keeps out of one meal."""
    refusal: Refusal | None
    """None when the dish suits the rule."""


def prove(recipe: Recipe, foods: Mapping[str, Food], rules: Iterable[str]) -> tuple[RuleProof, ...]:
    """Return what each of `rules` finds in `recipe`, in alphabetical order. Raise `KeyError` for an unknown rule.

    Every ingredient must be in `foods`, as those of every dish that is served are.
    """
    listed = [foods[food_id] for food_id in dict.fromkeys(item.food_id for item in recipe.ingredients)]
    return tuple(
        RuleProof(
            rule=rule,
            forbidden=forbidden_traits(rule),
            minds_traces=rule in MINDS_TRACES,
            checks=tuple(_check(food, rule) for food in listed),
            pairs=PAIRS.get(rule, ()),
            refusal=refusal(recipe, foods, (rule,)),
        )
        for rule in sorted(set(rules))
    )


def _check(food: Food, rule: str) -> FoodCheck:
    forbidden = forbidden_traits(rule)
    return FoodCheck(
        food=food,
        verdict=suits(food, rule),
        contains=food.contains & forbidden,
        may_contain=food.may_contain & forbidden,
        traces=food.traces & forbidden,
        promises=tuple(_promises(food.name, forbidden)),
    )


def _promises(name: str, forbidden: frozenset[str]) -> Iterator[str]:
    words = name.lower().replace(",", " ").split()
    for promise, excluded in PROMISES.items():
        if promise in words and excluded & forbidden:
            yield promise
