"""The tables of recipes, their ingredients, and people's ratings."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import BindParameter, CheckConstraint, ColumnElement, ForeignKey, SmallInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class Recipe(Base):
    """A dish for one serving. A row never changes: changed content is another recipe with another id.

    So a menu always shows what was planned, however the catalogue changes. `owner_id` is None for the catalogue. A
    recipe that its owner deleted while a menu served it has `retired_at`: it is kept for that menu alone.
    """

    __tablename__ = "recipes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    slug: Mapped[str]
    title: Mapped[str]
    cuisine: Mapped[str]
    main_protein: Mapped[str]
    kinds: Mapped[list[str]]
    minutes: Mapped[int] = mapped_column(SmallInteger)
    appliances: Mapped[list[str]]
    steps: Mapped[list[str]]
    day_before: Mapped[str] = mapped_column(server_default="")
    makes: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    keeps_days: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    retired_at: Mapped[datetime.datetime | None]
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("makes > 0", name="makes_positive"),
        CheckConstraint("keeps_days >= 0", name="keeps_days_not_negative"),
    )

    @classmethod
    def visible_to(cls, user_id: uuid.UUID | BindParameter[uuid.UUID]) -> ColumnElement[bool]:
        """Return the condition that a person may see a recipe: it is in the catalogue, or their own."""
        return cls.owner_id.is_(None) | (cls.owner_id == user_id)


class RecipeIngredient(Base):
    """Grams of one food in one serving of a recipe."""

    __tablename__ = "recipe_ingredients"

    recipe_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("recipes.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    food_id: Mapped[str]
    grams: Mapped[float]

    __table_args__ = (CheckConstraint("grams > 0", name="grams_positive"),)


class Rating(Base):
    """What one person thinks of a dish: 1 is a favourite, which is served more often, -1 never again.

    It refers to the slug and not to the recipe, because a dish of the catalogue that was corrected is another recipe.
    """

    __tablename__ = "ratings"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(SmallInteger)
    rated_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (CheckConstraint("value IN (-1, 1)", name="value_known"),)
