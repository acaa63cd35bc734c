"""Reading the larder."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BindParameter, Text, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from mealplanner.db.base import Base
from mealplanner.errors import NotFound
from mealplanner.food.unknown import stored_foods
from mealplanner.larder.models import AlwaysThere, LarderItem, LarderMove, LarderSettings
from mealplanner.larder.values import Item, Larder, Move, Settings
from mealplanner.planner.model import Food

ITEM = (LarderItem.id, LarderItem.food_id, LarderItem.grams, LarderItem.best_before)
SHORTEST_FIRST = (LarderItem.food_id, LarderItem.best_before.asc().nulls_last())


def _object(table: type[Base], *names: str) -> Any:
    """Return the columns `names` as a JSON object; grams as text, which is exact."""
    columns = [(name, cast(getattr(table, name), Text) if name == "grams" else getattr(table, name)) for name in names]
    return func.jsonb_build_object(*(part for pair in columns for part in pair), type_=JSONB)


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


def _all_of(table: Any, *names: str, since: datetime.timedelta | None = None) -> Any:
    rows = select(func.jsonb_agg(_object(table, *names), type_=JSONB)).where(table.user_id == _OWN)
    return (rows.where(table.moved_at > func.now() - since) if since else rows).scalar_subquery()


RECENT: Final = datetime.timedelta(days=60)
"""Longer than two lists in a row; no list needs to know of earlier moves."""

_WHOLE = select(
    _all_of(LarderItem, "id", "food_id", "grams", "best_before").label("items"),
    _all_of(LarderMove, "cause", "food_id", "grams", "best_before", since=RECENT).label("moves"),
    select(func.jsonb_agg(AlwaysThere.food_id, type_=JSONB))
    .where(AlwaysThere.user_id == _OWN)
    .scalar_subquery()
    .label("always"),
    select(_object(LarderSettings, *_NAMES)).where(LarderSettings.user_id == _OWN).scalar_subquery().label("settings"),
)


def larder(session: Session, user_id: uuid.UUID) -> Larder:
    """Return what the person has in the house."""
    own = {"user_id": user_id}
    rows = session.execute(_ITEMS.order_by(*SHORTEST_FIRST), own)
    always = session.scalars(_ALWAYS, own)
    return Larder(
        items=[Item(**row._mapping) for row in rows], always=frozenset(always), settings=settings(session, user_id)
    )


def to_use(session: Session, user_id: uuid.UUID, *, start: datetime.date, days: int) -> Sequence[Item]:
    """Return what is best before a day of a menu, most urgent first; nothing if the person wants none of it used."""
    within = LarderItem.best_before.between(start, start + datetime.timedelta(days=days - 1))
    wanted = select(*ITEM).join(LarderSettings, LarderSettings.user_id == LarderItem.user_id)
    rows = wanted.where(LarderItem.user_id == user_id, LarderSettings.use_soon, within)
    return [Item(**row._mapping) for row in session.execute(rows.order_by(LarderItem.best_before, LarderItem.food_id))]


def larder_with_moves(session: Session, user_id: uuid.UUID) -> Larder:
    """Return what the person has in the house, with what was moved recently, in one query."""
    row = session.execute(_WHOLE, {"user_id": user_id}).one()
    return Larder(
        items=[Item(id=uuid.UUID(item["id"]), **_amount(item)) for item in row.items or ()],
        always=frozenset(row.always or ()),
        settings=Settings(**row.settings) if row.settings else Settings(),
        moves=[(uuid.UUID(move["cause"]), Move(**_amount(move))) for move in row.moves or ()],
    )


def _amount(row: Mapping[str, Any]) -> dict[str, Any]:
    date = row["best_before"] and datetime.date.fromisoformat(row["best_before"])
    return {"food_id": row["food_id"], "grams": Decimal(row["grams"]), "best_before": date}


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
    """Return the food of an item. Raise `NotFound`."""
    this = (LarderItem.user_id == user_id, LarderItem.id == item_id)
    found = session.scalar(select(LarderItem.food_id).where(*this))
    if found is None:
        raise NotFound
    return stored_foods()[found]
