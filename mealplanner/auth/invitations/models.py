"""Invitations, as they are stored."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.auth.invitations.values import LONGEST_NOTE
from mealplanner.db.base import Base


class Invitation(Base):
    """A link that lets its holder create one account. Only its hash is stored; `note` says whom it is for.

    A used one goes with the account that it made.
    """

    __tablename__ = "invitations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    note: Mapped[str]
    created_at: Mapped[datetime.datetime]
    expires_at: Mapped[datetime.datetime]
    revoked_at: Mapped[datetime.datetime | None]
    used_at: Mapped[datetime.datetime | None]
    used_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)

    __table_args__ = (
        CheckConstraint(f"char_length(note) <= {LONGEST_NOTE}", name="note_short"),
        CheckConstraint("(used_at IS NULL) = (used_by IS NULL)", name="used_by_one"),
    )
