"""Reading recipes, as rows for `assembly`. A recipe that belongs to another person is treated as nonexistent."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Function, Uuid, any_, bindparam, func, select, true
from sqlalchemy.orm import Session

from mealplanner.errors import NotFound
from mealplanner.food.catalogue import recipes_by_id
from mealplanner.paging import Part, part_of
from mealplanner.recipes.assembly import DishRows, RecipeRow, catalogue_row
from mealplanner.recipes.models import Rating, Recipe, RecipeIngredient

_recipes, _parts = Recipe.__table__.c, RecipeIngredient.__table__.c


def _in_order(column: ColumnElement[Any]) -> Function[list[Any]]:
    mine = select(column).where(_parts.recipe_id == _recipes.id).order_by(_parts.position)
    return func.array(mine.scalar_subquery(), type_=ARRAY(column.type))


COMPOSITION = (_in_order(_parts.food_id).label("foods"), _in_order(_parts.grams).label("grams"))
"""What is in one serving, for any query of recipes: two parallel lists in the order of the recipe."""

PAGE = 100
"""Recipes that are read at a time where there may be many."""

_OWN = Recipe.owner_id == bindparam("user_id")
_RATING = select(Rating.value).where(Rating.slug == Recipe.slug, Rating.user_id == bindparam("user_id"))
_ONE_RATING = select(Rating.value).where(Rating.slug == bindparam("slug"), Rating.user_id == bindparam("user_id"))
_RECIPE = (
    Recipe.id, Recipe.owner_id, Recipe.slug, Recipe.title, Recipe.kinds, Recipe.cuisine, Recipe.main_protein,
    Recipe.minutes, Recipe.appliances, Recipe.steps, Recipe.day_before, Recipe.makes, Recipe.keeps_days,
    Recipe.retired_at, *COMPOSITION,
    func.coalesce(_RATING.scalar_subquery(), 0).label("rating"),
)  # fmt: skip
_VISIBLE = select(*_RECIPE).where(Recipe.id == bindparam("recipe_id"), Recipe.visible_to(bindparam("user_id")))
_AMONG_THESE = (Recipe.id == any_(bindparam("recipe_ids", type_=ARRAY(Uuid)))) & Recipe.visible_to(bindparam("user_id"))
_THESE = select(*_RECIPE).where(_AMONG_THESE)
_ALL_OWN = select(*_RECIPE).where(_OWN).order_by(Recipe.id).limit(PAGE + 1)
_PLANNED = select(*_RECIPE).where(_OWN, Recipe.retired_at.is_(None)).order_by(Recipe.title, Recipe.id)
_PLANNED_OR_THESE = (
    select(*_RECIPE).where(_AMONG_THESE | (_OWN & Recipe.retired_at.is_(None))).order_by(Recipe.title, Recipe.id)
)
_RATED = (
    select(
        Rating.slug, Rating.value, Recipe.id, Recipe.owner_id, Recipe.title, Recipe.cuisine, Recipe.minutes,
        Recipe.main_protein,
    )
    .select_from(Rating)
    .outerjoin(Recipe, (Recipe.slug == Rating.slug) & Recipe.owner_id.is_(None))
    .where(Rating.user_id == bindparam("user_id"))
    .order_by(Rating.rated_at.desc(), Rating.slug, Recipe.id)
)  # fmt: skip
"""Of a dish that no menu ever served there is a rating alone."""


def recipe(session: Session, user_id: uuid.UUID, recipe_id: uuid.UUID) -> RecipeRow:
    """Return a recipe of the catalogue, whether a menu ever served it or not, or of the person's own.

    Raise `NotFound`.
    """
    if (dish := recipes_by_id().get(recipe_id)) is not None:
        return catalogue_row(recipe_id, dish, rating=rating(session, user_id, dish.slug))
    found = session.execute(_VISIBLE, {"recipe_id": recipe_id, "user_id": user_id}).one_or_none()
    if found is None:
        raise NotFound
    return found


def visible_recipes(session: Session, user_id: uuid.UUID, ids: Collection[uuid.UUID]) -> Sequence[RecipeRow]:
    """Return the stored recipes with `ids`, without those of other people."""
    return session.execute(_THESE, {"recipe_ids": list(ids), "user_id": user_id}).all()


def own_recipes(session: Session, user_id: uuid.UUID, *, after: uuid.UUID | None = None) -> Part[RecipeRow]:
    """Return some recipes that are the person's own, also those that they deleted and a menu still serves."""
    later = true() if after is None else Recipe.id > after
    rows = session.execute(_ALL_OWN.where(later), {"user_id": user_id}).all()
    return part_of(rows, PAGE, lambda row: (row.id,))


def planned_recipes(session: Session, user_id: uuid.UUID) -> Sequence[RecipeRow]:
    """Return the recipes that are the person's own and may be planned: those that they did not delete."""
    return session.execute(_PLANNED, {"user_id": user_id}).all()


def planned_or_these(session: Session, user_id: uuid.UUID, ids: Collection[uuid.UUID]) -> Sequence[RecipeRow]:
    """Return what `planned_recipes` and `visible_recipes` would, each recipe once."""
    return session.execute(_PLANNED_OR_THESE, {"recipe_ids": list(ids), "user_id": user_id}).all()


def dishes(session: Session, user_id: uuid.UUID) -> DishRows:
    """Return the dishes that the person owns or has rated, the latest ratings first."""
    rated = session.execute(_RATED, {"user_id": user_id}).all()
    return DishRows(own=planned_recipes(session, user_id), rated=rated)


def rating(session: Session, user_id: uuid.UUID, slug: str) -> int:
    """Return 1 for a favourite of the person's, -1 for a dish that they want never again, else 0."""
    return session.scalar(_ONE_RATING, {"user_id": user_id, "slug": slug}) or 0


def ratings(session: Session, user_id: uuid.UUID) -> Mapping[str, int]:
    """Return slug of a dish -> 1 for a favourite of the person's, -1 for one that they want never again."""
    query = select(Rating.slug, Rating.value).where(Rating.user_id == user_id).order_by(Rating.slug)
    return {row.slug: row.value for row in session.execute(query)}
