"""Reading a person's calls of the model and what they cost."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import fields

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from mealplanner.spending.models import Budget, ModelCall
from mealplanner.spending.values import MonthlyUse, PastCall, month_of

_CALL = tuple(getattr(ModelCall, field.name) for field in fields(PastCall))


def calls_of_menu(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> list[PastCall]:
    """Return the calls for one menu, oldest first."""
    return _calls(session, ModelCall.user_id == user_id, ModelCall.menu_id == menu_id)


def all_calls(session: Session, user_id: uuid.UUID) -> list[PastCall]:
    """Return all calls for a person, oldest first."""
    return _calls(session, ModelCall.user_id == user_id)


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


def _calls(session: Session, *which: ColumnElement[bool]) -> list[PastCall]:
    rows = session.execute(select(*_CALL).where(*which).order_by(ModelCall.created_at, ModelCall.id))
    return [PastCall(**row._mapping) for row in rows]
