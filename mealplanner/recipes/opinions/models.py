"""The table of opinions about dishes."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class Opinion(Base):
    """What a person says of a dish besides rating it: that it takes too long, or that it is not for weekdays.

    Like a rating, it refers to the slug, because a dish of the catalogue that was corrected is another recipe.
    """

    __tablename__ = "opinions"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    opinion: Mapped[str] = mapped_column(primary_key=True)
    said_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (CheckConstraint("opinion IN ('too-long', 'not-weekdays')", name="opinion_known"),)
