"""What is written of recipes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.food.catalogue import recipe_id
from mealplanner.planner.model import Recipe as Dish
from mealplanner.recipes.models import Recipe, RecipeIngredient


def store(session: Session, dishes: Collection[Dish]) -> None:
    """Writes the dishes that no menu used before; a row that is there is the same, because its id says so."""
    recipes = [_recipe(dish) for dish in sorted(dishes, key=recipe_id)]  # one order for all, or two workers deadlock
    written = session.scalars(insert(Recipe).values(recipes).on_conflict_do_nothing().returning(Recipe.id))
    new = set(written)
    ingredients = [
        {"recipe_id": recipe_id(dish), "position": position, **asdict(item)}
        for dish in dishes
        if recipe_id(dish) in new
        for position, item in enumerate(dish.ingredients)
    ]
    if ingredients:
        session.execute(insert(RecipeIngredient), ingredients)


def _recipe(dish: Dish) -> dict[str, Any]:
    return {
        "id": recipe_id(dish),
        "slug": dish.slug,
        "title": dish.title,
        "cuisine": dish.cuisine,
        "main_protein": dish.main_protein,
        "kinds": sorted(dish.kinds),
        "minutes": dish.minutes,
        "appliances": sorted(dish.appliances),
        "steps": list(dish.steps),
    }
