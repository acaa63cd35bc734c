"""Recipes in the vocabulary of schema.org, which most programs import. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from mealplanner.recipe_files.values import Portable, made_for
from mealplanner.recipes.values import Numbers, RecipeValue

CONTEXT: Final = "https://schema.org"


def structured_data(recipe: RecipeValue) -> dict[str, Any]:
    """Return a recipe, as its page says it to programs."""
    return {"@context": CONTEXT, **_recipe(recipe)}


def written(recipes: Sequence[Portable]) -> bytes:
    """Return one recipe as an object, and several as a graph."""
    found = [{**_recipe(one.recipe), "url": one.address} for one in recipes]
    data = found[0] if len(found) == 1 else {"@graph": found}
    return json.dumps({"@context": CONTEXT, **data}, ensure_ascii=False, indent=1).encode()


def _recipe(recipe: RecipeValue) -> dict[str, Any]:
    return {
        "@type": "Recipe",
        "name": recipe.title,
        "recipeCuisine": recipe.cuisine_name,
        "prepTime": f"PT{recipe.minutes - recipe.waiting_minutes}M",
        "totalTime": f"PT{recipe.minutes}M",
        "recipeYield": made_for(recipe.servings),
        "recipeIngredient": [line.text for line in recipe.ingredients],
        "recipeInstructions": [
            {"@type": "HowToStep", "text": step} for step in (recipe.day_before, *recipe.steps) if step
        ],
        **_nutrition(recipe.numbers),
    }


def _nutrition(numbers: Numbers | None) -> dict[str, Any]:
    if numbers is None:
        return {}
    nutrition = {
        "@type": "NutritionInformation",
        "servingSize": "1 serving",
        "calories": f"{numbers.kcal:.0f} kcal",
        "proteinContent": f"{numbers.protein_g:.0f} g",
        "carbohydrateContent": f"{numbers.carbohydrate_g:.0f} g",
        "fatContent": f"{numbers.fat_g:.0f} g",
    }
    return {"nutrition": nutrition}
