"""People who sign in."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.auth.errors import EmailTaken
from mealplanner.db.base import Base


class User(Base):
    """An account. `session_token` is what the cookie names, so that a new token ends every session at once."""

    __tablename__ = "users"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str]
    password_hash: Mapped[str]
    session_token: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    failed_logins: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (Index("uq_users_email", func.lower(text("email")), unique=True, info={"error": EmailTaken}),)
