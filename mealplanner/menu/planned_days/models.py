"""The table of planned days."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class PlannedDay(Base):
    """A day of a person and the one menu that it belongs to, however many menus serve it.

    A day without a row here belongs to the newest menu that serves it.
    """

    __tablename__ = "planned_days"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    date: Mapped[datetime.date] = mapped_column(primary_key=True)
    menu_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("menus.id", ondelete="CASCADE"), index=True)
