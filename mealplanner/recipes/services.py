"""Storing dishes, rating them, and deleting one's own."""

from __future__ import annotations

import uuid

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from mealplanner.db import UnitOfWorkSession, savepoint
from mealplanner.errors import NotFound
from mealplanner.food.catalogue import recipes_by_id
from mealplanner.recipes import queries
from mealplanner.recipes.errors import RecipeInUse
from mealplanner.recipes.models import Rating, Recipe, RecipeIngredient
from mealplanner.recipes.opinions.models import Opinion
from mealplanner.recipes.rows import RecipeRows


def store(session: Session, rows: RecipeRows) -> None:
    """Store the recipes that are not stored yet.

    A recipe that is there already is identical, because its id is computed from its content, and stays as it is.
    """
    if not rows.recipes:
        return
    statement = _unless_stored(insert(Recipe), rows.owner_id)
    if rows.retired:
        statement = statement.values(retired_at=func.now())
    stored = session.scalars(statement.returning(Recipe.id), rows.recipes).all()
    ingredients = [row for id_ in stored for row in rows.ingredients[id_]]
    if ingredients:
        session.execute(insert(RecipeIngredient).on_conflict_do_nothing(), ingredients)


def rate(session: Session, user_id: uuid.UUID, recipe_id: uuid.UUID, *, value: int) -> str:
    """Remember that a dish is a favourite (1), wanted never again (-1) or neither (0), and return its slug.

    Raise `NotFound`.
    """
    slug = _slug(session, user_id, recipe_id)
    if not value:
        _forget_rating(session, user_id, slug)
        return slug
    rating = insert(Rating).values(user_id=user_id, slug=slug, value=value)
    session.execute(
        rating.on_conflict_do_update(
            index_elements=[Rating.user_id, Rating.slug], set_={"value": value, "rated_at": func.now()}
        )
    )
    return slug


def favour(session: Session, user_id: uuid.UUID, recipe_id: uuid.UUID, *, favourite: bool) -> None:
    """Make a dish a favourite, or take that back; a dish that is wanted never again stays so. Raise `NotFound`."""
    if favourite:
        rate(session, user_id, recipe_id, value=1)
    elif queries.rating(session, user_id, slug := _slug(session, user_id, recipe_id)) > 0:
        _forget_rating(session, user_id, slug)


def delete(session: UnitOfWorkSession, user_id: uuid.UUID, recipe_id: uuid.UUID) -> None:
    """Delete a dish of the person's own with what they think of it, so that it is not planned again. Raise `NotFound`.

    Menus that serve it still show it.
    """
    own = (Recipe.id == recipe_id, Recipe.owner_id == user_id, Recipe.retired_at.is_(None))
    slug = session.scalar(update(Recipe).where(*own).values(retired_at=func.now()).returning(Recipe.slug))
    if slug is None:
        raise NotFound
    _forget_rating(session, user_id, slug)
    session.execute(sql_delete(Opinion).where(Opinion.user_id == user_id, Opinion.slug == slug))
    try:
        with savepoint(session):
            session.execute(sql_delete(Recipe).where(Recipe.id == recipe_id))
    except RecipeInUse:
        pass  # it stays retired until the last menu that serves it, or had it written, is deleted


def _slug(session: Session, user_id: uuid.UUID, recipe_id: uuid.UUID) -> str:
    if (dish := recipes_by_id().get(recipe_id)) is not None:
        return dish.slug
    found = select(Recipe.slug).where(Recipe.id == recipe_id, Recipe.visible_to(user_id), Recipe.retired_at.is_(None))
    slug = session.scalar(found)
    if slug is None:
        raise NotFound
    return slug


def _unless_stored(statement: Insert, owner_id: uuid.UUID | None) -> Insert:
    if owner_id is None:
        return statement.on_conflict_do_nothing()
    # Changes nothing, but locks the row, which its owner may be deleting, until the end of this transaction.
    return statement.on_conflict_do_update(index_elements=[Recipe.id], set_={"retired_at": Recipe.retired_at})


def _forget_rating(session: Session, user_id: uuid.UUID, slug: str) -> None:
    session.execute(sql_delete(Rating).where(Rating.user_id == user_id, Rating.slug == slug))
