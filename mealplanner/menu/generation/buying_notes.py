"""What a person has to know to cook a menu by their rules, besides the recipes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from mealplanner.food.composition import Composition, load_composition
from mealplanner.planner.model import Food, Recipe
from mealplanner.planner.preference_changes import listed


def _is_meat(food: Food) -> bool:
    return "meat" in food.contains


def _is_cheese(food: Food) -> bool:
    return "cheese" in food.aliases


def _is_of_grapes(food: Food) -> bool:
    """Say whether it is wine, wine vinegar or grape juice, which only Jews may handle where the law is kept."""
    parts = load_composition().get(food.id, Composition())
    return food.state == "liquid" and food.aisle != "oils-fats" and "grapes" in parts.certainly + parts.maybe


CERTIFIED: Final[Mapping[str, Mapping[str, Callable[[Food], bool]]]] = {
    "halal": {"meat and poultry": _is_meat},
    "kosher": {"meat and poultry": _is_meat, "cheese": _is_cheese, "wine, wine vinegar and grape juice": _is_of_grapes},
}
"""Rule -> what it asks a certificate of, and how it is told: the food table cannot know how it was slaughtered or
supervised."""


def buying_notes(rules: Iterable[str], recipes: Iterable[Recipe], foods: Mapping[str, Food]) -> list[str]:
    """Return a sentence for each of `rules` that asks for certified foods, when any of `recipes` has one."""
    ids = {item.food_id for recipe in recipes for item in recipe.ingredients}
    used = [foods[food_id] for food_id in ids & foods.keys()]
    notes = []
    for rule in sorted(set(rules) & CERTIFIED.keys()):
        named = [what for what, is_one in CERTIFIED[rule].items() if any(map(is_one, used))]
        if named:
            notes.append(f"Buy the {listed(named)} of this menu with a {rule} certificate.")
    return notes
