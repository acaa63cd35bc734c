"""Reading what was edited."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from mealplanner.menu.editing.models import MenuEdit
from mealplanner.menu.editing.values import Edit
from mealplanner.menu.models import Menu

_EDIT = (
    MenuEdit.version, MenuEdit.what, MenuEdit.before, MenuEdit.after, MenuEdit.made_at, MenuEdit.undoes,
    MenuEdit.redoes,
)  # fmt: skip


def all_edits(session: Session, user_id: uuid.UUID) -> Sequence[tuple[uuid.UUID, Edit]]:
    """Return every edit of the person's menus, each with the id of the menu, in the order they were made."""
    query = (
        select(MenuEdit.menu_id, *_EDIT)
        .join(Menu, Menu.id == MenuEdit.menu_id)
        .where(Menu.user_id == user_id)
        .order_by(MenuEdit.made_at, MenuEdit.menu_id, MenuEdit.version)
    )
    return [
        (menu_id, Edit(**dict(zip((column.key for column in _EDIT), fields, strict=True))))
        for menu_id, *fields in session.execute(query)
    ]
