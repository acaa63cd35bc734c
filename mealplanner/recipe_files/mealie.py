"""Recipes for Mealie: a zip with `recipes/<name>/<name>.json` for each. Pure.

Mealie takes one recipe by “Import with .zip” (`create_from_zip` in `mealie/services/recipe/recipe_service.py`), and
many by the migration “Mealie Pre v1.0” (`mealie/services/migrations/mealie_alpha.py`). The fields are those of
`mealie/schema/recipe/`. Ingredients are lines of text, which Mealie parses when asked to: its foods and units have ids
of their own in each installation.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

from mealplanner.recipe_files.archive import safe_name, unique_name, zipped
from mealplanner.recipe_files.values import Portable, one_line
from mealplanner.recipes.values import Numbers


def written(recipes: Sequence[Portable]) -> bytes:
    """Return a zip of recipes."""
    return zipped((_path(one), json.dumps(_fields(one), ensure_ascii=False).encode()) for one in recipes)


def _path(one: Portable) -> str:
    name = unique_name(one.title, one.id)
    return f"recipes/{name}/{name}.json"


def _fields(one: Portable) -> dict[str, Any]:
    """Return a recipe. `extras` is null: the migration asks for it, and Mealie adds keys to an object."""
    recipe = one.recipe
    return {
        "name": one.title,
        "slug": unique_name(one.title, one.id),
        "description": "",
        "recipe_servings": one.servings,
        "recipe_yield": one.yields,
        "prep_time": f"{one.minutes_by_hand} minutes" if one.minutes_by_hand else None,
        "perform_time": f"{recipe.waiting_minutes} minutes" if recipe.waiting_minutes else None,
        "total_time": f"{recipe.minutes} minutes",
        "org_url": one.address,
        "recipe_category": [],
        "tags": [{"name": recipe.cuisine_name, "slug": safe_name(recipe.cuisine_name)}],
        "tools": [],
        "recipe_ingredient": [
            {"quantity": 0, "note": text, "original_text": text, "reference_id": _id(one, "ingredient", number)}
            for number, text in enumerate(one_line(line.text) for line in one.ingredients)
        ],
        "recipe_instructions": [
            {"id": _id(one, "step", number), "title": "", "text": step, "ingredient_references": []}
            for number, step in enumerate(one.steps)
        ],
        "nutrition": _nutrition(one.numbers),
        "notes": [{"title": "", "text": one.notes}] if one.notes else [],
        "assets": [],
        "comments": [],
        "extras": None,
    }


def _nutrition(numbers: Numbers | None) -> dict[str, str] | None:
    if numbers is None:
        return None
    return {
        "calories": f"{numbers.kcal:.0f}",
        "protein_content": f"{numbers.protein_g:.0f}",
        "carbohydrate_content": f"{numbers.carbohydrate_g:.0f}",
        "fat_content": f"{numbers.fat_g:.0f}",
    }


def _id(one: Portable, kind: str, number: int) -> str:
    """Return an id that is the same each time the recipe is written."""
    return str(uuid.uuid5(one.id, f"{kind} {number}"))
