"""The table of tokens."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.auth.errors import NameTaken
from mealplanner.db.base import Base


class ApiToken(Base):
    """A token with which a program uses a person's account. Only its hash is stored.

    One that was ended or has expired stays for a while, so that its holder is told why it does not work any more.
    """

    __tablename__ = "api_tokens"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    token_hash: Mapped[bytes]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime.datetime]
    expires_at: Mapped[datetime.datetime]
    last_used_at: Mapped[datetime.datetime | None]
    ended_at: Mapped[datetime.datetime | None]

    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_api_tokens_user_id", "user_id"),
        CheckConstraint("scopes <@ ARRAY['menus:read', 'menus:write', 'shopping', 'admin']", name="scopes_known"),
        CheckConstraint("cardinality(scopes) > 0", name="scopes_some"),
        Index(
            "uq_api_tokens_user_id_name",
            "user_id",
            "name",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            info={"error": NameTaken},
        ),
    )
