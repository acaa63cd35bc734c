"""Second factors, as they are stored."""

from __future__ import annotations

import datetime
import uuid
from typing import Final

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base

CHALLENGES_KEPT: Final = datetime.timedelta(hours=1)
"""For longer than a challenge can be answered."""


class Authenticator(Base):
    """The one authenticator app of an account. Its secret is sealed with the site's key.

    `last_step` is the period of 30 seconds of the last code that was taken: no code counts twice.
    """

    __tablename__ = "authenticators"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    sealed_secret: Mapped[bytes]
    last_step: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime.datetime]


class RecoveryCode(Base):
    """A code that stands in for a lost factor, once. Only its hash is kept."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    created_at: Mapped[datetime.datetime]
    used_at: Mapped[datetime.datetime | None]


class Passkey(Base):
    """A passkey: the public half of a key that only its device has.

    `sign_count` is what the device counted at the last use, always 0 for passkeys that are synchronized.
    """

    __tablename__ = "passkeys"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    created_at: Mapped[datetime.datetime]
    used_at: Mapped[datetime.datetime | None]

    __table_args__ = (UniqueConstraint("credential_id"),)


class UsedChallenge(Base):
    """A challenge that a passkey has answered, until it has expired: no answer counts twice."""

    __tablename__ = "used_challenges"

    challenge_hash: Mapped[bytes] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime]

    __table_args__ = (Index("ix_used_challenges_at", "at"),)
