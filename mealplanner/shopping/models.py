"""The tables of shopping lists. What has to be bought is computed from the meals and not stored.

A list is a person and a span of days, and has no row of its own. Ticks are rows that are added and never changed, so
that two phones, or one that was offline, can send them in any order and any number of times (see `ticks`).
"""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base
from mealplanner.shopping.errors import UnknownItem
from mealplanner.shopping.values import LONGEST_ITEM, LONGEST_NOTE, MOST_GRAMS

_SPAN = "last_day BETWEEN first_day AND first_day + 27"


class OwnItem(Base):
    """Something that no meal asks for. The sender chooses its id, so that adding it twice adds it once."""

    __tablename__ = "shopping_items"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    first_day: Mapped[datetime.date]
    last_day: Mapped[datetime.date]
    text: Mapped[str]
    added_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())
    removed_at: Mapped[datetime.datetime | None]

    __table_args__ = (
        CheckConstraint(_SPAN, name="span_is_days"),
        CheckConstraint(f"char_length(text) BETWEEN 1 AND {LONGEST_ITEM}", name="text_short"),
    )


class Tick(Base):
    """What became of a food, or of an item of one's own, on the list of some days.

    `grams` is the total bought of a food for these days so far. `replaces` are the ticks that the sender saw.
    """

    __tablename__ = "shopping_ticks"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    first_day: Mapped[datetime.date]
    last_day: Mapped[datetime.date]
    food_id: Mapped[str | None]
    item_id: Mapped[uuid.UUID | None]
    state: Mapped[str]
    grams: Mapped[float | None] = mapped_column(Float)
    replaces: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    share_id: Mapped[uuid.UUID | None]
    """The link through which it was sent; None when the owner sent it."""
    said_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint(_SPAN, name="span_is_days"),
        CheckConstraint("state IN ('bought', 'elsewhere', 'later', 'open')", name="state_known"),
        CheckConstraint("num_nonnulls(food_id, item_id) = 1", name="one_subject"),
        CheckConstraint(
            "(grams IS NOT NULL) = (food_id IS NOT NULL AND state IN ('bought', 'elsewhere'))", name="grams_of_bought"
        ),
        CheckConstraint(f"grams > 0 AND grams <= {MOST_GRAMS}", name="grams_in_range"),
        ForeignKeyConstraint(
            ["user_id", "item_id"],
            ["shopping_items.user_id", "shopping_items.id"],
            ondelete="CASCADE",
            info={"error": UnknownItem},
        ),
        Index("ix_shopping_ticks_user_id_last_day", "user_id", "last_day"),
        Index("ix_shopping_ticks_user_id_item_id", "user_id", "item_id"),
    )


class Baseline(Base):
    """What the meals of some days needed when their shopping began: food -> grams. Changes are shown against it."""

    __tablename__ = "shopping_baselines"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    first_day: Mapped[datetime.date] = mapped_column(primary_key=True)
    last_day: Mapped[datetime.date] = mapped_column(primary_key=True)
    needs: Mapped[dict[str, float]] = mapped_column(JSONB)

    __table_args__ = (CheckConstraint(_SPAN, name="span_is_days"),)


class FoodNote(Base):
    """What a person wants to remember in the shop whenever a food is on the list."""

    __tablename__ = "shopping_notes"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    food_id: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]

    __table_args__ = (CheckConstraint(f"char_length(text) BETWEEN 1 AND {LONGEST_NOTE}", name="text_short"),)


class ShoppingHabits(Base):
    """How a person shops: the aisles of their shop, in order. Aisles that are not named come after them."""

    __tablename__ = "shopping_habits"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    aisles: Mapped[list[str]]


class Share(Base):
    """A link to the list of some days, through which it can be ticked. Only its hash is stored."""

    __tablename__ = "shopping_shares"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes]
    first_day: Mapped[datetime.date]
    last_day: Mapped[datetime.date]
    created_at: Mapped[datetime.datetime]
    expires_at: Mapped[datetime.datetime]
    revoked_at: Mapped[datetime.datetime | None]

    __table_args__ = (
        CheckConstraint(_SPAN, name="span_is_days"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
        UniqueConstraint("token_hash"),
        Index("ix_shopping_shares_user_id", "user_id"),
    )
