"""Links in mails, as they are stored."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class AccountToken(Base):
    """A link that was mailed: it lets its holder do one thing, once. Only the hash of it is kept.

    `used_at` says since when it does not count any more, whether it was used or a newer link or password ended it: a
    mark instead of an earlier `expires_at`, so that a request that began before that moment finds it dead too. The row
    stays for a while, so that its owner can be told what became of the link.
    """

    __tablename__ = "account_tokens"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    new_email: Mapped[str | None]
    expires_at: Mapped[datetime.datetime]
    used_at: Mapped[datetime.datetime | None]
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("purpose IN ('verify', 'reset', 'change-email', 'factors')", name="purpose_known"),
        CheckConstraint("(new_email IS NOT NULL) = (purpose = 'change-email')", name="new_email_fits_purpose"),
    )
