"""Dishes, and the foods in them."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class Recipe(Base):
    """A dish for one serving, never changed once written: changed content is another recipe with another id.

    So a menu shows for ever what was planned, whatever becomes of the catalogue. `owner_id` is None for the catalogue.
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

    __table_args__ = (CheckConstraint("minutes > 0", name="minutes_positive"),)


class RecipeIngredient(Base):
    """Grams of one food in one serving of a recipe."""

    __tablename__ = "recipe_ingredients"

    recipe_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("recipes.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    food_id: Mapped[str]
    grams: Mapped[float]

    __table_args__ = (CheckConstraint("grams > 0", name="grams_positive"),)
