"""What a person has to know to cook a menu by their rules, besides the recipes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mealplanner.planner.model import Food, Recipe

CERTIFIED: Final[Mapping[str, str]] = {
    "halal": "Buy the meat and poultry of this menu with a halal certificate.",
    "kosher": "Buy the meat and poultry of this menu with a kosher certificate.",
}
"""Rule -> what it asks of meat, which the food table cannot know."""


def buying_notes(rules: Iterable[str], recipes: Iterable[Recipe], foods: Mapping[str, Food]) -> list[str]:
    """A sentence for each of `rules` that asks for certified meat, when any of `recipes` has meat."""
    meat = any("meat" in foods[item.food_id].contains for recipe in recipes for item in recipe.ingredients)
    return [CERTIFIED[rule] for rule in sorted(set(rules) & CERTIFIED.keys())] if meat else []
