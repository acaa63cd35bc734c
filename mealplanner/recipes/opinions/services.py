"""Holding and dropping opinions about dishes."""

from __future__ import annotations

import uuid

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.errors import NotFound
from mealplanner.recipes import queries as recipes
from mealplanner.recipes.opinions.models import Opinion
from mealplanner.recipes.opinions.queries import of_dish


def hold(session: Session, user_id: uuid.UUID, recipe_id: uuid.UUID, *, opinion: str, held: bool) -> frozenset[str]:
    """Remember that the person says `opinion` of a dish, or not any more. Return all that they say of it now.

    Raise `NotFound`, also for a dish that they deleted.
    """
    recipe = recipes.recipe(session, user_id, recipe_id)
    if recipe.retired_at is not None:
        raise NotFound
    if held:
        row = {"user_id": user_id, "slug": recipe.slug, "opinion": opinion}
        session.execute(insert(Opinion).values(row).on_conflict_do_nothing())
    else:
        this = (Opinion.user_id == user_id, Opinion.slug == recipe.slug, Opinion.opinion == opinion)
        session.execute(delete(Opinion).where(*this))
    return of_dish(session, user_id, recipe.slug)
