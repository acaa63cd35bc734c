"""The dishes that can be served to a person now, by the name that ratings, opinions and usual meals refer to. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from mealplanner.food.catalogue import recipes_by_id
from mealplanner.planner.model import Recipe as Dish
from mealplanner.recipes.assembly import RecipeRow, planner_dishes


def dishes_by_slug(own: Iterable[RecipeRow]) -> Mapping[str, tuple[uuid.UUID, Dish]]:
    """Return slug -> the id and the dish: those of the catalogue, and the person's `own` that they did not delete."""
    present = {**recipes_by_id(), **planner_dishes(own)}
    return {dish.slug: (recipe_id, dish) for recipe_id, dish in present.items()}
