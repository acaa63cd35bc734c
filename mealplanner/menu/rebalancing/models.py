"""The table of rebalancings."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base

UNFINISHED = ("queued", "running")


class Rebalancing(Base):
    """The latest request to plan the rest of a menu again, and how it stands.

    Like the row of a menu that is generated, it says what people see, and `token` belongs to the one worker that may
    write. `version` is the version of the menu that the person saw: nothing is written to a later one.
    """

    __tablename__ = "rebalancings"

    menu_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("menus.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]
    status: Mapped[str]
    token: Mapped[uuid.UUID | None]
    step: Mapped[int] = mapped_column(SmallInteger)
    steps: Mapped[int] = mapped_column(SmallInteger)
    message: Mapped[str]
    job_id: Mapped[int | None] = mapped_column(BigInteger)
    requested_at: Mapped[datetime.datetime]

    __table_args__ = (
        CheckConstraint(
            "status IN ('queued', 'running', 'done', 'changed', 'failed', 'cancelled')", name="status_known"
        ),
        CheckConstraint("step BETWEEN 0 AND steps", name="step_within_steps"),
    )
