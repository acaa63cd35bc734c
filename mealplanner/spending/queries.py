"""Reading a person's calls of the model and what they cost."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, select, true, tuple_
from sqlalchemy.orm import Session

from mealplanner.paging import Part, part_of
from mealplanner.spending.models import Budget, ModelCall
from mealplanner.spending.values import Calls, MonthlyUse, PastCall, month_of

_CALL = tuple(getattr(ModelCall, field.name) for field in fields(PastCall))

PAGE: Final = 20
"""Calls on a page; each may hold thousands of characters."""

TOKENS: Final = func.coalesce(ModelCall.tokens_in + ModelCall.tokens_out, ModelCall.reserved_tokens)
"""The tokens that count, like `PastCall.tokens`."""


def calls_of_menu(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID, *, page: int = 1) -> Calls:
    """Return a page of the calls for one menu, oldest first, and what all of them used."""
    these = (ModelCall.user_id == user_id, ModelCall.menu_id == menu_id)
    total, tokens = session.execute(select(func.count(), func.sum(TOKENS)).where(*these)).one()
    first = (page - 1) * PAGE
    rows = session.execute(_some_calls(*these).offset(first).limit(PAGE)).all()
    more = str(page + 1) if total > first + PAGE else None
    return Calls(part=Part(_past(rows), more), first=first + 1, total=total, tokens=int(tokens or 0))


def calls_of_person(
    session: Session, user_id: uuid.UUID, *, after: tuple[datetime.datetime, uuid.UUID] | None = None
) -> Part[PastCall]:
    """Return some of the calls for a person, oldest first, from the one that follows `after`."""
    later = true() if after is None else tuple_(ModelCall.created_at, ModelCall.id) > tuple_(*after)
    rows = session.execute(_some_calls(ModelCall.user_id == user_id, later).limit(PAGE + 1))
    return part_of(_past(rows), PAGE, lambda call: (call.created_at.isoformat(), call.id))


def last_menu(session: Session, user_id: uuid.UUID) -> uuid.UUID | None:
    """Return the menu that the model was called for most recently."""
    query = select(ModelCall.menu_id).where(ModelCall.user_id == user_id, ModelCall.menu_id.is_not(None))
    return session.scalar(query.order_by(ModelCall.created_at.desc()).limit(1))


def months(session: Session, user_id: uuid.UUID) -> list[MonthlyUse]:
    """Return what a person used in each month with calls, the latest first."""
    query = select(Budget.month, Budget.spent, Budget.reserved, Budget.cost).where(Budget.user_id == user_id)
    return [
        MonthlyUse(month=row.month, tokens=row.spent, reserved=row.reserved, cost=row.cost)
        for row in session.execute(query.order_by(Budget.month.desc()))
    ]


def this_month(session: Session, user_id: uuid.UUID, *, now: datetime.datetime) -> MonthlyUse:
    """Return what a person used in the month of `now`."""
    month = month_of(now)
    nothing = MonthlyUse(month=month, tokens=0, reserved=0, cost=0.0)
    return next((use for use in months(session, user_id) if use.month == month), nothing)


def _some_calls(*which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(*_CALL).where(*which).order_by(ModelCall.created_at, ModelCall.id)


def _past(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[PastCall]:
    return [PastCall(**row._mapping) for row in rows]
