"""Reading what calendars need beside the menus themselves."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, select
from sqlalchemy.orm import Session

from mealplanner.calendar.values import Revision, Revisions
from mealplanner.db import read
from mealplanner.menu.editing.models import MenuEdit
from mealplanner.menu.models import Meal, Menu

_menus, _meals, _edits = Menu.__table__.c, Meal.__table__.c, MenuEdit.__table__.c

_REVISIONS = (
    select(
        _meals.id,
        (_meals.changed_in - 1).label("number"),
        func.coalesce(_edits.made_at, _menus.finished_at, _menus.created_at).label("at"),
    )
    .select_from(Meal.__table__)
    .join(Menu.__table__, _menus.id == _meals.menu_id)
    .join(MenuEdit.__table__, (_edits.menu_id == _menus.id) & (_edits.version == _meals.changed_in), isouter=True)
    .where(_meals.menu_id == any_(bindparam("menu_ids", type_=ARRAY(Uuid))))
)


def revisions(session: Session, menu_ids: Sequence[uuid.UUID]) -> Revisions:
    """Return the revision of each meal of these menus."""
    found = read(session, _REVISIONS, {"menu_ids": list(menu_ids)})
    return {row.id: Revision(row.number, row.at) for row in found}
