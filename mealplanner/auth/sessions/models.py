"""Sessions, as they are stored."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class OpenSession(Base):
    """A browser that is signed in. Its cookie has the secret, of which only the hash is kept; it ends with the row.

    `address` is the one that is counted (see `client.network`) and `browser` a family, both of the sign-in. `used_at`
    is written every few minutes at most.
    """

    __tablename__ = "sessions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    secret_hash: Mapped[bytes]
    browser: Mapped[str]
    address: Mapped[str]
    created_at: Mapped[datetime.datetime]
    used_at: Mapped[datetime.datetime]

    __table_args__ = (
        UniqueConstraint("secret_hash"),
        Index("ix_sessions_user_id_used_at", "user_id", "used_at"),
        Index("ix_sessions_used_at", "used_at"),
    )
