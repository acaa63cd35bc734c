"""People who sign in."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.auth.errors import EmailTaken
from mealplanner.db.base import Base
from mealplanner.errors import Unauthenticated


class User(Base):
    """An account. `session_token` is what the cookie names, so that a new token ends every session at once.

    `verified_at` says since when mail is known to arrive at `email`. `time_zone` is a name of the IANA database. While
    `disabled_at` is set nobody can sign in.
    """

    __tablename__ = "users"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str]
    password_hash: Mapped[str]
    session_token: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    failed_logins: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    verified_at: Mapped[datetime.datetime | None]
    disabled_at: Mapped[datetime.datetime | None]
    time_zone: Mapped[str] = mapped_column(default="UTC", server_default=text("'UTC'"))
    units: Mapped[str] = mapped_column(default="metric", server_default=text("'metric'"))
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        Index("uq_users_email", func.lower(text("email")), unique=True, info={"error": EmailTaken}),
        CheckConstraint("units IN ('metric', 'imperial')", name="units_known"),
        {"info": {"gone": Unauthenticated}},  # what to say when somebody's account was deleted while they wrote
    )


class AccountToken(Base):
    """A link that was mailed to somebody: whoever has it may do one thing, once. Only the hash of it is kept.

    `used_at` says since when it does not count any more, whether it was used or a newer link or password ended it: a
    mark instead of an earlier `expires_at`, so that a request that began before that moment finds it dead too. The row
    stays for a while, to tell its owner kindly what became of the link.
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
        CheckConstraint("purpose IN ('verify', 'reset', 'change-email')", name="purpose_known"),
        CheckConstraint("(new_email IS NOT NULL) = (purpose = 'change-email')", name="new_email_fits_purpose"),
    )


class SignIn(Base):
    """Somebody signed in, or tried to: when, from where and with what. A few of each are kept for each person.

    `address` is the one that is counted (see `client.network`), `browser` a family, never the browser's own words.
    """

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    at: Mapped[datetime.datetime]
    address: Mapped[str]
    browser: Mapped[str]
    succeeded: Mapped[bool]

    __table_args__ = (Index("ix_sign_ins_user_id_at", "user_id", "at"),)
