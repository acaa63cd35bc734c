"""The table of edits."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class MenuEdit(Base):
    """One edit of a menu, which is never changed afterwards: a trigger refuses it.

    `before` and `after` map the id of each meal that changed to the fields that did. Undoing an edit is an edit of its
    own, whose `undoes` is the version that the other one made; redoing likewise.
    """

    __tablename__ = "menu_edits"

    menu_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("menus.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    """The version that this edit made of the menu."""
    what: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    made_at: Mapped[datetime.datetime]
    undoes: Mapped[int | None]
    redoes: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("version > 1", name="version_after_first"),
        CheckConstraint("(what = 'undo') = (undoes IS NOT NULL)", name="undo_names_edit"),
        CheckConstraint("(what = 'redo') = (redoes IS NOT NULL)", name="redo_names_edit"),
        CheckConstraint(
            "undoes < version AND redoes IS NULL OR redoes < version AND undoes IS NULL OR undoes IS NULL AND "
            "redoes IS NULL",
            name="names_earlier_edit",
        ),
    )
