"""Reading recipes into plain values. Somebody else's recipe is not there, like one that does not exist."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from mealplanner.errors import NotFound
from mealplanner.food.table import load_foods
from mealplanner.food.wording import Units
from mealplanner.planner.model import Ingredient
from mealplanner.planner.nutrition import total
from mealplanner.recipes.lines import ingredient_lines
from mealplanner.recipes.models import Recipe, RecipeIngredient
from mealplanner.recipes.values import Numbers, RecipeValue, source


def recipe(
    session: Session, user_id: uuid.UUID, recipe_id: uuid.UUID, *, servings: float, units: Units = "metric"
) -> RecipeValue:
    """A recipe of the catalogue or of the person's own, for `servings`. Raises `NotFound`."""
    visible = Recipe.owner_id.is_(None) | (Recipe.owner_id == user_id)
    found = session.scalar(select(Recipe).where(Recipe.id == recipe_id, visible))
    if found is None:
        raise NotFound
    return _recipe(found, ingredients(session, [recipe_id])[recipe_id], servings, units)


def own_recipes(session: Session, user_id: uuid.UUID, *, units: Units = "metric") -> list[RecipeValue]:
    """The recipes that are the person's own, for one serving each."""
    found = session.scalars(select(Recipe).where(Recipe.owner_id == user_id).order_by(Recipe.title, Recipe.id)).all()
    items = ingredients(session, {recipe.id for recipe in found})
    return [_recipe(recipe, items[recipe.id], 1, units) for recipe in found]


def ingredients(session: Session, recipe_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, list[Ingredient]]:
    """The ingredients of one serving of each recipe, in one query."""
    columns = (RecipeIngredient.recipe_id, RecipeIngredient.food_id, RecipeIngredient.grams)
    query = select(*columns).where(RecipeIngredient.recipe_id.in_(recipe_ids)).order_by(RecipeIngredient.position)
    found: dict[uuid.UUID, list[Ingredient]] = defaultdict(list)
    for recipe_id, food_id, grams in session.execute(query):
        found[recipe_id].append(Ingredient(food_id=food_id, grams=grams))
    return found


def _recipe(found: Recipe, items: Sequence[Ingredient], servings: float, units: Units) -> RecipeValue:
    numbers = total(items, load_foods())
    return RecipeValue(
        id=found.id,
        title=found.title,
        source=source(found.owner_id),
        cuisine=found.cuisine,
        main_protein=found.main_protein,
        minutes=found.minutes,
        appliances=tuple(found.appliances),
        servings=servings,
        numbers=Numbers(numbers.kcal, numbers.protein_g, numbers.carbohydrate_g, numbers.fat_g),
        ingredients=ingredient_lines(items, servings, units),
        steps=tuple(found.steps),
    )
