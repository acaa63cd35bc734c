"""The table of calendars that can be followed without an account."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class Feed(Base):
    """The one address at which a person's meals can be followed. Only its hash is stored."""

    __tablename__ = "calendar_feeds"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID]
    token_hash: Mapped[bytes]
    created_at: Mapped[datetime.datetime]

    __table_args__ = (UniqueConstraint("token_hash"),)
