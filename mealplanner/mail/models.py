"""Mails, and what became of each."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class Mail(Base):
    """One mail for one event, never its text: that is written when it is sent, so no link lies in the database.

    `token` belongs to the one worker that may send it. From `sending` on only the mail server knows whether it has the
    mail; a worker that dies there leaves a mail which is `unknown`, and not sent again. `dropped` had become pointless.
    """

    __tablename__ = "mails"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str]
    recipient: Mapped[str]
    status: Mapped[str] = mapped_column(default="waiting")
    token: Mapped[uuid.UUID | None]
    error: Mapped[str | None]
    job_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime.datetime | None]

    __table_args__ = (
        CheckConstraint(
            "status IN ('waiting', 'sending', 'sent', 'failed', 'unknown', 'dropped')", name="status_known"
        ),
        Index("ix_mails_user_id_created_at", "user_id", "created_at"),
        Index("ix_mails_failed", "created_at", postgresql_where=text("status IN ('failed', 'unknown')")),
    )
