"""The audit log, as it is stored."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class AuditEntry(Base):
    """Something that happened to an account. Rows are added and deleted, never changed: a trigger refuses that.

    `user_id` is None for what concerns no account that exists, such as that one was deleted. `address` is the one that
    is counted (see `client.network`), None for what no request caused.
    """

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    actor: Mapped[str]
    event: Mapped[str]
    details: Mapped[dict[str, Any]]
    address: Mapped[str | None]
    at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("actor IN ('self', 'operator', 'system', 'token', 'visitor')", name="actor_known"),
        CheckConstraint("event ~ '^[a-z-]{1,60}$'", name="event_is_name"),
        CheckConstraint("octet_length(details::text) <= 2000", name="details_small"),
        Index("ix_audit_entries_user_id_id", "user_id", "id"),
        Index("ix_audit_entries_at", "at"),
    )
