"""Reading recipes into plain values. Somebody else's recipe is not there, like one that does not exist."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ARRAY, Function, Row, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from mealplanner.errors import NotFound
from mealplanner.food.table import load_foods
from mealplanner.food.wording import Units
from mealplanner.planner.model import Ingredient
from mealplanner.planner.nutrition import total
from mealplanner.recipes.lines import ingredient_lines
from mealplanner.recipes.models import Recipe, RecipeIngredient
from mealplanner.recipes.values import Numbers, RecipeValue, source


def _in_order(column: InstrumentedAttribute[Any]) -> Function[list[Any]]:
    mine = select(column).where(RecipeIngredient.recipe_id == Recipe.id).order_by(RecipeIngredient.position)
    return func.array(mine.scalar_subquery(), type_=ARRAY(column.type))


COMPOSITION = (_in_order(RecipeIngredient.food_id).label("foods"), _in_order(RecipeIngredient.grams).label("grams"))
"""What is in one serving, for any query of recipes: two columns of lists, side by side in the order of the recipe."""

_RECIPE = (
    Recipe.id, Recipe.title, Recipe.owner_id, Recipe.cuisine, Recipe.main_protein, Recipe.minutes, Recipe.appliances,
    Recipe.steps, *COMPOSITION,
)  # fmt: skip
_OWN = Recipe.owner_id == bindparam("user_id")
_VISIBLE = select(*_RECIPE).where(Recipe.id == bindparam("recipe_id"), Recipe.owner_id.is_(None) | _OWN)
_OWN_ONES = select(*_RECIPE).where(_OWN).order_by(Recipe.title, Recipe.id)


def recipe(
    session: Session, user_id: uuid.UUID, recipe_id: uuid.UUID, *, servings: float, units: Units = "metric"
) -> RecipeValue:
    """A recipe of the catalogue or of the person's own, for `servings`. Raises `NotFound`."""
    found = session.execute(_VISIBLE, {"recipe_id": recipe_id, "user_id": user_id}).one_or_none()
    if found is None:
        raise NotFound
    return _recipe(found, servings, units)


def own_recipes(session: Session, user_id: uuid.UUID, *, units: Units = "metric") -> list[RecipeValue]:
    """The recipes that are the person's own, for one serving each."""
    return [_recipe(row, 1, units) for row in session.execute(_OWN_ONES, {"user_id": user_id})]


def _recipe(found: Row[*tuple[Any, ...]], servings: float, units: Units) -> RecipeValue:
    items = [Ingredient(food_id=food, grams=grams) for food, grams in zip(found.foods, found.grams, strict=True)]
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
        ingredients=ingredient_lines(found.foods, found.grams, servings, units),
        steps=tuple(found.steps),
    )
