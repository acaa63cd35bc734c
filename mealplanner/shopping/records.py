"""All that is stored of a person's shopping, for the download of everything."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from mealplanner.shopping.models import Baseline, FoodNote, OwnItem, Share, ShoppingHabits, Tick
from mealplanner.shopping.values import AnyRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The rows of each table, as they were read."""

    ticks: Sequence[AnyRow]
    items: Sequence[AnyRow]
    notes: Sequence[AnyRow]
    habits: Sequence[AnyRow]
    baselines: Sequence[AnyRow]
    links: Sequence[AnyRow]
    """Without the hash, which would let others in."""


def records(session: Session, user_id: uuid.UUID) -> Records:
    """Return every row of the person."""

    def rows(table: Table, *kept_back: str) -> Sequence[AnyRow]:
        columns = [column for column in table.columns if column.name not in ("user_id", *kept_back)]
        return session.execute(select(*columns).where(table.c.user_id == user_id).order_by(*columns[:1])).all()

    tables = Tick.metadata.tables
    return Records(
        ticks=rows(tables[Tick.__tablename__]),
        items=rows(tables[OwnItem.__tablename__]),
        notes=rows(tables[FoodNote.__tablename__]),
        habits=rows(tables[ShoppingHabits.__tablename__]),
        baselines=rows(tables[Baseline.__tablename__]),
        links=rows(tables[Share.__tablename__], "token_hash"),
    )
