"""Reading recipes into plain values. Somebody else's recipe is not there, like one that does not exist."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Function, Row, bindparam, func, select
from sqlalchemy.orm import Session

from mealplanner.errors import NotFound
from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.catalogue import recipe_id as id_of
from mealplanner.food.table import load_foods
from mealplanner.food.wording import Units
from mealplanner.planner.nutrition import total
from mealplanner.recipes.lines import ingredient_lines
from mealplanner.recipes.models import Rating, Recipe, RecipeIngredient
from mealplanner.recipes.rows import ingredients
from mealplanner.recipes.values import Dishes, Numbers, RatedRecipe, RecipeSummary, RecipeValue, source

_recipes, _parts = Recipe.__table__.c, RecipeIngredient.__table__.c


def _in_order(column: ColumnElement[Any]) -> Function[list[Any]]:
    mine = select(column).where(_parts.recipe_id == _recipes.id).order_by(_parts.position)
    return func.array(mine.scalar_subquery(), type_=ARRAY(column.type))


COMPOSITION = (_in_order(_parts.food_id).label("foods"), _in_order(_parts.grams).label("grams"))
"""What is in one serving, for any query of recipes: two columns of lists, side by side in the order of the recipe."""

_OWN = Recipe.owner_id == bindparam("user_id")
_RATING = select(Rating.value).where(Rating.slug == Recipe.slug, Rating.user_id == bindparam("user_id"))
_RECIPE = (
    Recipe.id, Recipe.owner_id, Recipe.slug, Recipe.title, Recipe.kinds, Recipe.cuisine, Recipe.main_protein,
    Recipe.minutes, Recipe.appliances, Recipe.steps, Recipe.retired_at, *COMPOSITION,
    func.coalesce(_RATING.scalar_subquery(), 0).label("rating"),
)  # fmt: skip
_VISIBLE = select(*_RECIPE).where(Recipe.id == bindparam("recipe_id"), Recipe.visible_to(bindparam("user_id")))
_OWN_ONES = select(*_RECIPE).where(_OWN).order_by(Recipe.retired_at.is_not(None), Recipe.title, Recipe.id)
_PLANNED = _OWN_ONES.where(Recipe.retired_at.is_(None))
_RATED = (
    select(Recipe.id, Recipe.owner_id, Recipe.slug, Recipe.title, Recipe.cuisine, Recipe.minutes, Rating.value)
    .join(Rating, (Rating.slug == Recipe.slug) & (Rating.user_id == bindparam("user_id")))
    .where(Recipe.owner_id.is_(None))
    .order_by(Rating.rated_at.desc(), Recipe.slug, Recipe.id)
)


def recipe(
    session: Session, user_id: uuid.UUID, recipe_id: uuid.UUID, *, servings: float, units: Units = "metric"
) -> RecipeValue:
    """A recipe of the catalogue or of the person's own, for `servings`. Raises `NotFound`."""
    found = session.execute(_VISIBLE, {"recipe_id": recipe_id, "user_id": user_id}).one_or_none()
    if found is None:
        raise NotFound
    return _recipe(found, servings, units)


def own_recipes(session: Session, user_id: uuid.UUID, *, units: Units = "metric") -> list[RecipeValue]:
    """The recipes that are the person's own, for one serving each; those that only menus serve still are the last."""
    return [_recipe(row, 1, units) for row in session.execute(_OWN_ONES, {"user_id": user_id})]


def dishes(session: Session, user_id: uuid.UUID, *, units: Units = "metric") -> Dishes:
    """The person's own dishes, and what they think of those of the catalogue."""
    own = own_recipes(session, user_id, units=units)
    return Dishes(own=tuple(recipe for recipe in own if not recipe.retired), rated=_rated(session, user_id))


def own_dish_rows(session: Session, user_id: uuid.UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the person's own dishes as rows, for `rows.planner_dishes`."""
    return session.execute(_PLANNED, {"user_id": user_id}).all()


def ratings(session: Session, user_id: uuid.UUID) -> Mapping[str, int]:
    """Slug of a dish -> 1 when the person wants it more often, -1 when never again."""
    query = select(Rating.slug, Rating.value).where(Rating.user_id == user_id).order_by(Rating.slug)
    return {row.slug: row.value for row in session.execute(query)}


@functools.cache
def _catalogue_ids() -> frozenset[uuid.UUID]:
    """An id is computed from all that a dish says, which takes a while for hundreds of them."""
    return frozenset(id_of(dish) for dish in load_catalogue().recipes)


def _rated(session: Session, user_id: uuid.UUID) -> tuple[RatedRecipe, ...]:
    """The latest opinions first. Of a dish that was mended the present recipe, if some menu served it yet."""
    present = _catalogue_ids()
    found: dict[str, RatedRecipe] = {}
    for row in session.execute(_RATED, {"user_id": user_id}):
        if row.slug not in found or row.id in present:
            found[row.slug] = RatedRecipe(recipe=_summary(row), rating=row.value)
    return tuple(found.values())


def _recipe(found: Row[*tuple[Any, ...]], servings: float, units: Units) -> RecipeValue:
    numbers = total(ingredients(found), load_foods())
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
        rating=found.rating,
        retired=found.retired_at is not None,
    )


def _summary(found: Row[*tuple[Any, ...]]) -> RecipeSummary:
    return RecipeSummary(
        id=found.id,
        title=found.title,
        source=source(found.owner_id),
        minutes=found.minutes,
        cuisine=found.cuisine,
    )
