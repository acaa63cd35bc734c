"""The tables of budgets by month, and of the calls of the model."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base
from mealplanner.errors import NotFound


class Budget(Base):
    """The tokens of one month (in UTC, named by its first day), of a person or, without `user_id`, of the installation.

    `reserved` is for calls under way, and `spent` counts calls that have ended. Both are changed by SQL expressions
    only. The installation's row keeps its figures when a person's row is deleted.
    """

    __tablename__ = "budgets"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    month: Mapped[datetime.date]
    reserved: Mapped[int] = mapped_column(BigInteger)
    spent: Mapped[int] = mapped_column(BigInteger, default=0)
    cost: Mapped[float] = mapped_column(default=0.0)
    """In the operator's currency."""

    __table_args__ = (
        UniqueConstraint("user_id", "month", postgresql_nulls_not_distinct=True),
        CheckConstraint("reserved >= 0 AND spent >= 0 AND cost >= 0", name="not_negative"),
    )


class ModelCall(Base):
    """One call of the model. `outcome` is None while it is under way.

    The figures are kept; `sent` and `received` are kept for a person's latest menus only.
    """

    __tablename__ = "model_calls"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID]
    menu_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    month: Mapped[datetime.date]
    """The month whose budget the call counts against."""
    purpose: Mapped[str]
    outcome: Mapped[str | None]
    """How it ended: a kind of `llm.outcomes`, or `abandoned` when that is unknown."""
    reserved_tokens: Mapped[int] = mapped_column(BigInteger)
    tokens_in: Mapped[int | None] = mapped_column(BigInteger)
    """None when unknown; then `reserved_tokens` are counted."""
    tokens_out: Mapped[int | None] = mapped_column(BigInteger)
    cost: Mapped[float | None]
    estimated: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether tokens and cost are estimates, because the server gave no figures."""
    seconds: Mapped[float | None]
    sent: Mapped[str | None]
    received: Mapped[str | None]
    created_at: Mapped[datetime.datetime]
    settled_at: Mapped[datetime.datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE", info={"error": NotFound}),
        ForeignKeyConstraint(["menu_id"], ["menus.id"], ondelete="SET NULL", info={"error": NotFound}),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled_with_outcome"),
        CheckConstraint("reserved_tokens > 0", name="reserved_tokens_positive"),
        Index("ix_model_calls_user_id_created_at", "user_id", "created_at"),
    )
