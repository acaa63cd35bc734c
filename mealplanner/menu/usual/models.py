"""The table of usual meals."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class UsualMeal(Base):
    """The dish that a person usually eats on one weekday (Monday is 0) in one slot; of snacks, the first of the day.

    Like a rating, it refers to the slug, because a dish of the catalogue that was corrected is another recipe.
    """

    __tablename__ = "usual_meals"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    slot: Mapped[str] = mapped_column(primary_key=True)
    weekday: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    slug: Mapped[str]
    chosen_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("slot IN ('breakfast', 'lunch', 'dinner', 'snack')", name="slot_known"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
    )
