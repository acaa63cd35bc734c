"""The tables of the larder."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint, false, func, text, true
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base

GRAMS = Numeric(9, 3)


class LarderItem(Base):
    """An amount of a food in a person's house. A food has one item for each date; a used-up item is deleted."""

    __tablename__ = "larder_items"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    food_id: Mapped[str]
    grams: Mapped[Decimal] = mapped_column(GRAMS)
    best_before: Mapped[datetime.date | None]
    added_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        UniqueConstraint("user_id", "food_id", "best_before", postgresql_nulls_not_distinct=True),
        CheckConstraint("grams > 0 AND grams <= 100000", name="grams_plausible"),
    )


class LarderMove(Base):
    """What one cause, such as a meal that was cooked, put into the larder (above 0) or took out of it (below 0).

    While a cause has moves, the same cause moves nothing again; when it is taken back, they are deleted.
    """

    __tablename__ = "larder_moves"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    cause: Mapped[uuid.UUID]
    food_id: Mapped[str]
    grams: Mapped[Decimal] = mapped_column(GRAMS)
    best_before: Mapped[datetime.date | None]
    moved_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        UniqueConstraint("user_id", "cause", "food_id", "best_before", postgresql_nulls_not_distinct=True),
        CheckConstraint("grams <> 0", name="grams_moved"),
    )


class AlwaysThere(Base):
    """A food that a person always has, in whatever amount."""

    __tablename__ = "larder_always_there"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    food_id: Mapped[str] = mapped_column(primary_key=True)


class LarderSettings(Base):
    """What a person wants the larder to do; without a row, the defaults hold."""

    __tablename__ = "larder_settings"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    subtract: Mapped[bool] = mapped_column(server_default=true())
    fill: Mapped[bool] = mapped_column(server_default=false())
    empty: Mapped[bool] = mapped_column(server_default=true())
    staples: Mapped[bool] = mapped_column(server_default=false())
    use_soon: Mapped[bool] = mapped_column(server_default=false())
