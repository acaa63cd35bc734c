"""Recipes for Tandoor: a zip with a zip of a `recipe.json` for each, as Tandoor's own export. Pure.

The importer is `cookbook/integration/default.py`, the fields are those of `RecipeExportSerializer` in
`cookbook/serializer.py`. Its `nutrition` does not say whether it is of one serving, so the
numbers are in the description.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from mealplanner.recipe_files.amounts import amount_of
from mealplanner.recipe_files.archive import unique_name, zipped
from mealplanner.recipe_files.values import Portable
from mealplanner.recipes.values import IngredientLine

LONGEST_NAME: Final = 128


def written(recipes: Sequence[Portable]) -> bytes:
    """Return a zip of zips."""
    return zipped((f"{unique_name(one.title, one.id)}.zip", _inner(one)) for one in recipes)


def _inner(one: Portable) -> bytes:
    return zipped([("recipe.json", json.dumps(_fields(one), ensure_ascii=False).encode())])


def _fields(one: Portable) -> dict[str, Any]:
    recipe = one.recipe
    ingredients = [_ingredient(line, number) for number, line in enumerate(one.ingredients)]
    return {
        "name": one.title[:LONGEST_NAME],
        "description": _description(one),
        "keywords": [{"name": recipe.cuisine_name, "description": ""}],
        "steps": [_step(step, number, ingredients if number == 0 else []) for number, step in enumerate(one.steps)],
        "working_time": one.minutes_by_hand,
        "waiting_time": recipe.waiting_minutes,
        "internal": True,
        "nutrition": None,
        "servings": one.servings,
        "servings_text": "serving" if one.servings == 1 else "servings",
        "source_url": one.address,
    }


def _step(text: str, number: int, ingredients: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a step; the first has all ingredients, as in recipes that Tandoor imports from pages."""
    return {
        "name": "",
        "instruction": text,
        "ingredients": ingredients,
        "time": 0,
        "order": number,
        "show_as_header": False,
        "show_ingredients_table": True,
    }


def _ingredient(line: IngredientLine, number: int) -> dict[str, Any]:
    found = amount_of(line)
    return {
        "food": {"name": found.food, "plural_name": None, "ignore_shopping": False, "supermarket_category": None},
        "unit": {"name": found.unit, "plural_name": None, "description": None} if found.unit else None,
        "amount": found.amount,
        "note": found.note,
        "order": number,
        "is_header": False,
        "no_amount": False,
        "always_use_plural_unit": False,
        "always_use_plural_food": False,
    }


def _description(one: Portable) -> str:
    numbers = one.numbers
    if numbers is None:
        return one.notes
    per_serving = (
        f"Per serving: {numbers.kcal:.0f} kcal, {numbers.protein_g:.0f} g protein,"
        f" {numbers.carbohydrate_g:.0f} g carbohydrate, {numbers.fat_g:.0f} g fat."
    )
    return f"{per_serving} {one.notes}".strip()
