"""Conditions on a menu's row: which of its days are its own. Parts of queries, built once."""

from __future__ import annotations

import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import JSONB

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


def belongs_to_menu(date: ColumnElement[datetime.date]) -> ColumnElement[bool]:
    """Return the condition that `date` belongs to the menu of the row."""
    return select(_days.menu_id).where(_this(date), _days.menu_id == _menus.id).exists()


def belongs_elsewhere(date: ColumnElement[datetime.date]) -> ColumnElement[bool]:
    """Return the condition that `date` belongs to another menu than that of the row."""
    return select(_days.menu_id).where(_this(date), _days.menu_id != _menus.id).exists()


def _this(date: ColumnElement[datetime.date]) -> ColumnElement[bool]:
    return (_days.user_id == _menus.user_id) & (_days.date == date)
