"""Which days belong to which menu."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from mealplanner.menu.models import Menu
from mealplanner.menu.planned_days.models import PlannedDay

_menus, _days = Menu.__table__.c, PlannedDay.__table__.c

ELSEWHERE = (
    select(func.jsonb_object_agg(_days.date - _menus.start_date, _days.menu_id, type_=JSONB))
    .where(_days.user_id == _menus.user_id, _days.menu_id != _menus.id)
    .where(_days.date >= _menus.start_date, _days.date < _menus.start_date + _menus.days)
    .scalar_subquery()
    .label("elsewhere")
)
"""The days of the row's menu, as numbers from its first, that belong to another: number -> id, or null for none."""


def planned(session: Session, user_id: uuid.UUID, *, start: datetime.date) -> frozenset[datetime.date]:
    """Return the person's planned days from `start` on."""
    return frozenset(session.scalars(select(_days.date).where(_days.user_id == user_id, _days.date >= start)))


def owners(session: Session, user_id: uuid.UUID) -> dict[datetime.date, uuid.UUID]:
    """Return the person's planned days in order, each with the menu that it belongs to."""
    found = session.execute(select(_days.date, _days.menu_id).where(_days.user_id == user_id).order_by(_days.date))
    return dict(found.tuples().all())


def belongs_to_menu(date: ColumnElement[datetime.date]) -> ColumnElement[bool]:
    """Return the condition that `date` belongs to the menu of the row."""
    return select(_days.menu_id).where(_this(date), _days.menu_id == _menus.id).exists()


def belongs_elsewhere(date: ColumnElement[datetime.date]) -> ColumnElement[bool]:
    """Return the condition that `date` belongs to another menu than that of the row."""
    return select(_days.menu_id).where(_this(date), _days.menu_id != _menus.id).exists()


def _this(date: ColumnElement[datetime.date]) -> ColumnElement[bool]:
    return (_days.user_id == _menus.user_id) & (_days.date == date)
