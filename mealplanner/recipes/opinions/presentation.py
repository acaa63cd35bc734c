"""Opinions for pages and JSON. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from mealplanner.paging import Part
from mealplanner.recipes.assembly import RecipeRow
from mealplanner.recipes.by_slug import dishes_by_slug
from mealplanner.recipes.opinions.values import DishOpinions, Opinions


def dish_opinions(
    opinions: Opinions, own: Sequence[RecipeRow], *, about: uuid.UUID | None = None
) -> list[DishOpinions]:
    """Return what a person says of the dishes that can be served to them, of the dish `about` first, if there is one.

    `own` are the dishes of their own that they did not delete.
    """
    present = dishes_by_slug(own)
    asked: Opinions = {slug: frozenset() for slug, (recipe_id, _) in present.items() if recipe_id == about}
    return [
        DishOpinions(recipe_id=present[slug][0], title=present[slug][1].title, opinions=said)
        for slug, said in {**asked, **opinions}.items()
        if slug in present
    ]


def opinions_json(part: Part[DishOpinions]) -> dict[str, Any]:
    """Return some of the opinions of a person."""
    return {
        "opinions": [
            {"recipe": {"id": str(dish.recipe_id), "title": dish.title}, "opinions": sorted(dish.opinions)}
            for dish in part.items
        ],
    }
