"""Which days belong to which menu."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from mealplanner.menu.models import Menu
from mealplanner.menu.planned_days.models import PlannedDay

_days = PlannedDay.__table__.c


def planned(session: Session, user_id: uuid.UUID, *, start: datetime.date) -> frozenset[datetime.date]:
    """Return the person's planned days from `start` on."""
    return frozenset(session.scalars(select(_days.date).where(_days.user_id == user_id, _days.date >= start)))


def owners(session: Session, user_id: uuid.UUID) -> dict[datetime.date, uuid.UUID]:
    """Return the person's planned days in order, each with the menu that it belongs to."""
    found = session.execute(select(_days.date, _days.menu_id).where(_days.user_id == user_id).order_by(_days.date))
    return {row.date: row.menu_id for row in found}


def overlaps(session: Session, user_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Return what was to become of days that another menu had, for each of the person's menus that met such days."""
    found = session.execute(select(Menu.id, Menu.overlap).where(Menu.user_id == user_id, Menu.overlap.is_not(None)))
    return {row.id: row.overlap for row in found}
