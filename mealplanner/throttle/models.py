"""What was tried lately."""

from __future__ import annotations

import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class Throttle(Base):
    """How high the level of one counter was when it was raised last (see `throttle.limits`).

    `key` says whose attempts are counted, like `address:203.0.113.7`. Rows that mean nothing any more are deleted with
    later counts.
    """

    __tablename__ = "throttles"

    action: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[float]
    at: Mapped[datetime.datetime]

    __table_args__ = (
        Index("ix_throttles_at", "at"),
        Index("ix_throttles_key", "key", postgresql_ops={"key": "text_pattern_ops"}),
    )
