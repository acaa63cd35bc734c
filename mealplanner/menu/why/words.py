"""How traits of foods and rules are called in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mealplanner.planner.preference_changes import listed
from mealplanner.planner.restrictions import ALLERGENS, DIETS, RESTRICTIONS
from mealplanner.presentation.formatting import label

TRAITS: Final[Mapping[str, str]] = {
    **{allergen: name.lower() for allergen, name in ALLERGENS.items()},
    "gluten": "gluten",
    "tree-nuts": "nuts",
    "soy": "soy",
    "meat": "meat",
    "pork": "pork",
    "beef": "beef",
    "gelatine": "gelatine",
    "rennet": "animal rennet",
    "honey": "honey",
    "insects": "insects",
    "alcohol": "alcohol",
    "forbidden-seafood": "sea food without fins and scales",
    "forbidden-meat": "meat that is never kosher",
    "grain": "grain",
    "legume": "pulses",
    "refined-sugar": "refined sugar",
    "processed": "highly processed food",
    "potato": "potato",
}
"""Trait -> its name in the middle of a sentence."""


def traits(found: Iterable[str], *, last: str = "and") -> str:
    """Return the names of `found` as an enumeration in alphabetical order; "" when there are none."""
    names = sorted(TRAITS[trait] for trait in found)
    if not names:
        return ""
    return listed(names) if last == "and" else f" {last} ".join(listed(names).rsplit(" and ", 1))


def rule_name(rule: str) -> str:
    """Return how people read a diet or a restriction, as on the page of preferences: "Vegan", "No milk"."""
    if rule in DIETS:
        return label(rule)
    name = RESTRICTIONS[rule]
    return f"No {name.lower() if name != 'Cereals containing gluten' else 'gluten'}"
