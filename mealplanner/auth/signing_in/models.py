"""Sign-ins, as they are stored."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class SignIn(Base):
    """A sign-in or an attempt at one: when, from where and with what. A few of each are kept for each account.

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
