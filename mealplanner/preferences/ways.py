"""Ways of eating as the page asks for them: each word once, however it is stored.

A diet and a restriction are both a rule (`planner.restrictions`), and `diet_type` and `dietary_restrictions` may hold
the same one. The page asks three questions instead: what a person eats in general, of which there is one answer; other
ways of eating that they keep, of which there may be several; and what must never be on the plate. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mealplanner.planner.restrictions import DIETS, RESTRICTIONS

BASES: Final[Mapping[str, tuple[str, str]]] = {
    "omnivore": ("Everything", "meat, fish and plants"),
    "pescatarian": ("Pescatarian", "fish, but no meat"),
    "vegetarian": ("Vegetarian", "dairy and eggs are fine"),
    "vegan": ("Vegan", "plants only"),
}
"""Diet -> its name and what it means, from the widest to the strictest: each forbids what the one before it does."""

MEATLESS: Final = frozenset({"vegetarian", "vegan"})
"""Diets with which there is no question of how often."""

MEAT_OR_FISH: Final[Mapping[str, tuple[str, str]]] = {
    "any": ("As it comes", ""),
    "most": ("Most days", "on 5 days a week or more"),
    "some": ("Some days", "3 or 4 meals a week"),
    "never": ("Never", "no dish with either"),
}
"""How often a person has meat or fish -> its words and what they mean."""

KEPT: Final[Mapping[str, tuple[str, str]]] = {
    "halal": ("Halal", ""),
    "kosher": ("Kosher", ""),
    "keto": ("Keto", "hardly any carbs"),
    "paleo": ("Paleo", "no grains, pulses or dairy"),
}
"""Rule that can be kept beside a base -> its name and what it means."""

NEVER: Final[Mapping[str, tuple[str, str]]] = {
    rule: (RESTRICTIONS[rule], meaning)
    for rule, meaning in (
        *(("gluten", "wheat, rye, barley"), ("milk", "all dairy"), ("eggs", ""), ("peanuts", ""), ("tree-nuts", "")),
        *(("fish", ""), ("crustaceans", "shrimp, crab"), ("molluscs", "mussels, squid"), ("soy", ""), ("sesame", "")),
        *(("wheat", ""), ("celery", ""), ("mustard", ""), ("lupin", ""), ("sulphites", "wine, dried fruit")),
        *(("pork", ""), ("beef", ""), ("alcohol", ""), ("honey", "")),
    )
}
"""What can be kept off the plate, the most frequent first -> its name and what it means."""

RULES: Final[Mapping[str, str]] = {**{diet: diet for diet in DIETS}, **RESTRICTIONS}
"""All that `dietary_restrictions` may hold -> how people read it."""

_SAME: Final[Mapping[str, str]] = {"gluten-free": "gluten", "dairy-free": "milk"}
"""Diet -> the allergen that forbids the same foods."""


def asked(diet_type: str, restrictions: Iterable[str]) -> tuple[str, list[str]]:
    """Return the base and the other rules that mean the same as `diet_type` with `restrictions`."""
    rules = dict.fromkeys(_SAME.get(rule, rule) for rule in (diet_type, *restrictions))
    base = next((base for base in reversed(tuple(BASES)) if base in rules), "omnivore")
    return base, [rule for rule in rules if rule not in BASES]


def never_choices(ticked: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return (rule, its name, what it means) of what can be kept off the plate, last what only a program ticks."""
    others = [(rule, RULES[rule], "") for rule in ticked if rule in RULES and rule not in {*BASES, *KEPT, *NEVER}]
    return [*((rule, *words) for rule, words in NEVER.items()), *others]
