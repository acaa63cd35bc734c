"""What is written of recipes: storing them, rating them, and deleting one's own."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from mealplanner.db.uow import savepoint
from mealplanner.errors import NotFound
from mealplanner.food.catalogue import recipe_id as id_of
from mealplanner.planner.model import Recipe as Dish
from mealplanner.recipes.errors import RecipeInUse
from mealplanner.recipes.models import Rating, Recipe, RecipeIngredient


def store(
    session: Session, dishes: Collection[Dish], *, owner_id: uuid.UUID | None = None, retired: bool = False
) -> None:
    """Writes the dishes that are not there yet, as `owner_id`'s own or as the catalogue's.

    A row that is there is the same, because its id says so, and stays as it is. `retired` writes them for a menu alone.
    """
    if not dishes:
        return
    rows = dict(sorted({id_of(dish, owner_id): dish for dish in dishes}.items()))  # one order, or two workers deadlock
    recipes = [_recipe(dish, id_, owner_id, retired) for id_, dish in rows.items()]
    written = session.scalars(_unless_there(insert(Recipe).values(recipes), owner_id).returning(Recipe.id)).all()
    ingredients = [
        {"recipe_id": id_, "position": position, **asdict(item)}
        for id_ in written
        for position, item in enumerate(rows[id_].ingredients)
    ]
    if ingredients:
        session.execute(insert(RecipeIngredient).on_conflict_do_nothing(), ingredients)


def rate(session: Session, user_id: uuid.UUID, recipe_id: uuid.UUID, *, value: int) -> None:
    """The person wants a dish more often (1), never again (-1), or neither (0). Raises `NotFound`."""
    found = select(Recipe.slug).where(Recipe.id == recipe_id, Recipe.visible_to(user_id), Recipe.retired_at.is_(None))
    slug = session.scalar(found)
    if slug is None:
        raise NotFound
    if not value:
        _forget_rating(session, user_id, slug)
        return
    rating = insert(Rating).values(user_id=user_id, slug=slug, value=value)
    session.execute(
        rating.on_conflict_do_update(
            index_elements=[Rating.user_id, Rating.slug], set_={"value": value, "rated_at": func.now()}
        )
    )


def delete(session: Session, user_id: uuid.UUID, recipe_id: uuid.UUID) -> None:
    """Deletes a dish of the person's own, with its rating: it is not planned again. Raises `NotFound`.

    The menus that serve it go on showing it.
    """
    own = (Recipe.id == recipe_id, Recipe.owner_id == user_id, Recipe.retired_at.is_(None))
    slug = session.scalar(update(Recipe).where(*own).values(retired_at=func.now()).returning(Recipe.slug))
    if slug is None:
        raise NotFound
    _forget_rating(session, user_id, slug)
    try:
        with savepoint(session):
            session.execute(sql_delete(Recipe).where(Recipe.id == recipe_id))
    except RecipeInUse:
        pass  # it stays retired, until the last menu that serves it, or had it written, is deleted


def _unless_there(statement: Insert, owner_id: uuid.UUID | None) -> Insert:
    if owner_id is None:
        return statement.on_conflict_do_nothing()
    # Changes nothing, but holds a row that its owner may be deleting: it is there until the end of this transaction.
    return statement.on_conflict_do_update(index_elements=[Recipe.id], set_={"retired_at": Recipe.retired_at})


def _forget_rating(session: Session, user_id: uuid.UUID, slug: str) -> None:
    session.execute(sql_delete(Rating).where(Rating.user_id == user_id, Rating.slug == slug))


def _recipe(dish: Dish, id_: uuid.UUID, owner_id: uuid.UUID | None, retired: bool) -> dict[str, Any]:
    return {
        "id": id_,
        "owner_id": owner_id,
        "slug": dish.slug,
        "title": dish.title,
        "cuisine": dish.cuisine,
        "main_protein": dish.main_protein,
        "kinds": sorted(dish.kinds),
        "minutes": dish.minutes,
        "appliances": sorted(dish.appliances),
        "steps": list(dish.steps),
        "retired_at": func.now() if retired else None,
    }
