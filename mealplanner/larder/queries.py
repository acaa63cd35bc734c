"""Reading the larder."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from mealplanner.errors import NotFound
from mealplanner.food.table import load_foods
from mealplanner.larder.models import AlwaysThere, LarderItem, LarderMove, LarderSettings
from mealplanner.larder.values import Item, Larder, Move, Settings
from mealplanner.planner.model import Food

ITEM = (LarderItem.id, LarderItem.food_id, LarderItem.grams, LarderItem.best_before)
SHORTEST_FIRST = (LarderItem.food_id, LarderItem.best_before.asc().nulls_last())

_OWN: BindParameter[uuid.UUID] = bindparam("user_id")
_ITEMS = select(*ITEM).where(LarderItem.user_id == _OWN)
_ALWAYS = select(AlwaysThere.food_id).where(AlwaysThere.user_id == _OWN)
_NAMES = [field.name for field in fields(Settings)]
_SETTINGS = select(*(getattr(LarderSettings, name) for name in _NAMES)).where(LarderSettings.user_id == _OWN)
_MOVES = (
    select(LarderMove.cause, LarderMove.food_id, LarderMove.best_before, LarderMove.grams)
    .where(LarderMove.user_id == _OWN)
    .order_by(LarderMove.moved_at, LarderMove.id)
)


def larder(session: Session, user_id: uuid.UUID) -> Larder:
    """Return what the person has in the house."""
    own = {"user_id": user_id}
    rows = session.execute(_ITEMS.order_by(*SHORTEST_FIRST), own)
    always = session.scalars(_ALWAYS, own)
    return Larder(
        items=[Item(**row._mapping) for row in rows], always=frozenset(always), settings=settings(session, user_id)
    )


def settings(session: Session, user_id: uuid.UUID) -> Settings:
    """Return what the person wants their larder to do."""
    row = session.execute(_SETTINGS, {"user_id": user_id}).one_or_none()
    return Settings() if row is None else Settings(**row._mapping)


def moves(session: Session, user_id: uuid.UUID) -> Sequence[tuple[uuid.UUID, Move]]:
    """Return what meals and purchases put into the larder and took out of it, with the id of each, in order."""
    return [
        (row.cause, Move(food_id=row.food_id, best_before=row.best_before, grams=row.grams))
        for row in session.execute(_MOVES, {"user_id": user_id})
    ]


def food_of(session: Session, user_id: uuid.UUID, item_id: uuid.UUID) -> Food:
    """Return the food of an item. Raise `NotFound`, also for a food that the table has no longer."""
    this = (LarderItem.user_id == user_id, LarderItem.id == item_id)
    found = load_foods().get(session.scalar(select(LarderItem.food_id).where(*this)) or "")
    if found is None:
        raise NotFound
    return found
