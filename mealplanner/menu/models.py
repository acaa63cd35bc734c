"""Menus and their meals."""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base
from mealplanner.errors import Conflict
from mealplanner.menu.errors import GenerationInFlight
from mealplanner.recipes.errors import RecipeInUse

IN_FLIGHT = ("queued", "running")
"""The statuses of a menu that is still being made."""


class Menu(Base):
    """Some days of meals for one person: asked for, made by a job, then kept.

    The row is the truth about its making: `status` is what people see, and `token` belongs to the one worker that may
    write. `preferences` and `targets` are copies from the moment of asking.
    """

    __tablename__ = "menus"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    idempotency_key: Mapped[uuid.UUID]
    status: Mapped[str] = mapped_column(default="queued")
    start_date: Mapped[datetime.date]
    days: Mapped[int] = mapped_column(SmallInteger)
    seed: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str]
    preferences: Mapped[dict[str, Any]]
    targets: Mapped[dict[str, Any]]
    planner_version: Mapped[str | None]
    catalogue_version: Mapped[str | None]
    token: Mapped[uuid.UUID | None]
    step: Mapped[int] = mapped_column(SmallInteger, default=0)
    steps: Mapped[int] = mapped_column(SmallInteger, default=1)
    message: Mapped[str] = mapped_column(default="Waiting for its turn")
    warnings: Mapped[list[str]] = mapped_column(default=list)
    error_code: Mapped[str | None]
    job_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime.datetime | None]

    __table_args__ = (
        CheckConstraint("status IN ('queued', 'running', 'ready', 'failed', 'cancelled')", name="status_known"),
        CheckConstraint("source IN ('auto', 'catalogue', 'model')", name="source_known"),
        CheckConstraint("days BETWEEN 1 AND 28", name="days_in_range"),
        CheckConstraint("step BETWEEN 0 AND steps", name="step_within_steps"),
        UniqueConstraint("user_id", "idempotency_key", info={"error": GenerationInFlight}),
        Index("ix_menus_user_id_created_at", "user_id", text("created_at DESC")),
        Index(
            "uq_menus_one_in_flight",
            "user_id",
            unique=True,
            postgresql_where=text("status IN ('queued', 'running')"),
            info={"error": GenerationInFlight},
        ),
    )


class Proposal(Base):
    """A dish that a model proposed for a menu: open at first, then written, or dropped for a reason.

    So a menu whose making begins again, after a pause or a crash, asks for what is missing and for nothing twice.
    """

    __tablename__ = "proposals"

    menu_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("menus.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    cuisine: Mapped[str]
    main_protein: Mapped[str]
    recipe_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    dropped: Mapped[str | None]
    """Why it came to nothing, in a sentence for people."""

    __table_args__ = (
        ForeignKeyConstraint(["recipe_id"], ["recipes.id"], info={"error": RecipeInUse}),
        CheckConstraint("recipe_id IS NULL OR dropped IS NULL", name="written_or_dropped"),
    )


class Meal(Base):
    """One meal of a menu: a recipe, the portion of one person, and what that portion brings.

    Energy is kcal and macros are grams, computed from the food table when the menu was made.
    """

    __tablename__ = "meals"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    menu_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("menus.id", ondelete="CASCADE"))
    recipe_id: Mapped[uuid.UUID] = mapped_column(index=True)
    day: Mapped[int] = mapped_column(SmallInteger)
    position: Mapped[int] = mapped_column(SmallInteger)
    slot: Mapped[str]
    time: Mapped[datetime.time]
    portion: Mapped[decimal.Decimal] = mapped_column(Numeric(4, 2))
    servings: Mapped[int] = mapped_column(SmallInteger)
    locked: Mapped[bool] = mapped_column(default=False)
    kcal: Mapped[float]
    protein_g: Mapped[float]
    carbohydrate_g: Mapped[float]
    fat_g: Mapped[float]

    __table_args__ = (
        ForeignKeyConstraint(["recipe_id"], ["recipes.id"], info={"error": RecipeInUse}),
        UniqueConstraint("menu_id", "day", "position", deferrable=True, initially="DEFERRED", info={"error": Conflict}),
        CheckConstraint("slot IN ('breakfast', 'lunch', 'dinner', 'snack')", name="slot_known"),
        CheckConstraint("portion > 0", name="portion_positive"),
        CheckConstraint("servings > 0", name="servings_positive"),
        CheckConstraint("day >= 0", name="day_not_negative"),
    )
