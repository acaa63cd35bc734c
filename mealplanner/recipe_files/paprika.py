"""Recipes for Paprika: a zip of `.paprikarecipe` files, each one recipe as JSON, compressed by gzip. Pure.

Paprika documents no format. The fields are those of its exports, as Tandoor (`cookbook/integration/paprika.py`) and
Mealie (`mealie/services/migrations/paprika.py`) read them.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from mealplanner.recipe_files.archive import gzipped, unique_name, zipped
from mealplanner.recipe_files.values import Portable, one_line


def written(recipes: Sequence[Portable], today: datetime.date) -> bytes:
    """Return a `.paprikarecipes` file; the recipes are said to be created `today`, when Paprika gets to know them."""
    return zipped((f"{unique_name(one.title, one.id)}.paprikarecipe", _file(one, today)) for one in recipes)


def _file(one: Portable, today: datetime.date) -> bytes:
    fields = _fields(one, today)
    digest = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
    return gzipped(json.dumps({**fields, "hash": digest.upper()}, ensure_ascii=False).encode())


def _fields(one: Portable, today: datetime.date) -> dict[str, Any]:
    """Return all fields but the hash of the others. Times are plain minutes: Tandoor reads their first number."""
    recipe = one.recipe
    return {
        "uid": str(one.id).upper(),
        "name": one.title,
        "description": "",
        "ingredients": "\n".join(one_line(line.text) for line in one.ingredients),
        "directions": "\n\n".join(one.steps),
        "notes": one.notes,
        "servings": one.yields,
        "prep_time": f"{one.minutes_by_hand} min" if one.minutes_by_hand else "",
        "cook_time": f"{recipe.waiting_minutes} min" if recipe.waiting_minutes else "",
        "total_time": f"{recipe.minutes} min",
        "difficulty": "",
        "rating": 0,
        "on_favorites": recipe.rating > 0,
        "categories": [recipe.cuisine_name],
        "nutritional_info": _nutrition(one),
        "source": "mealplanner",
        "source_url": one.address,
        "image_url": None,
        "photo": None,
        "photo_data": None,
        "photo_hash": None,
        "photo_large": None,
        "photos": [],
        "scale": None,
        "created": f"{today.isoformat()} 00:00:00",
    }


def _nutrition(one: Portable) -> str:
    numbers = one.numbers
    if numbers is None:
        return ""
    return "\n".join(
        (
            f"Per serving: {numbers.kcal:.0f} kcal",
            f"Protein: {numbers.protein_g:.0f} g",
            f"Carbohydrate: {numbers.carbohydrate_g:.0f} g",
            f"Fat: {numbers.fat_g:.0f} g",
        )
    )
