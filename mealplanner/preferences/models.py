"""How a person eats."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base
from mealplanner.preferences.values import HABITS


class UserProfile(Base):
    """The preferences of one person, stored with the first save; until then the defaults hold.

    Macros are percent of energy, `calorie_goal` is kcal a day, `prep_complexity` runs from 0 (no effort) to 100.
    `settled_dislikes` are dislikes of which the person has said that all they may mean was read rightly.
    `version` counts the saves: a form that was filled in on an older one is refused.
    """

    __tablename__ = "user_profiles"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    diet_type: Mapped[str]
    dietary_restrictions: Mapped[list[str]]
    disliked_ingredients: Mapped[list[str]]
    recipe_type: Mapped[list[str]]
    meat_or_fish: Mapped[str] = mapped_column(default="any", server_default="any")
    macro_protein: Mapped[int]
    macro_carbs: Mapped[int]
    macro_fat: Mapped[int]
    calorie_goal: Mapped[int]
    meal_times: Mapped[dict[str, Any]]
    appliances: Mapped[list[str]]
    prep_complexity: Mapped[int]
    servings_per_meal: Mapped[int]
    snacks_per_day: Mapped[int]
    minutes_by_weekday: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    use_up: Mapped[str] = mapped_column(default="medium", server_default="medium")
    same_meals: Mapped[str] = mapped_column(default="medium", server_default="medium")
    whole_units: Mapped[str] = mapped_column(default="medium", server_default="medium")
    short_days: Mapped[str] = mapped_column(default="medium", server_default="medium")
    day_limits: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    settled_dislikes: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    version: Mapped[int]
    updated_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    __table_args__ = (
        CheckConstraint("macro_protein + macro_carbs + macro_fat = 100", name="macros_sum_to_100"),
        CheckConstraint("least(macro_protein, macro_carbs, macro_fat) >= 0", name="macros_not_negative"),
        CheckConstraint("meat_or_fish IN ('any', 'never', 'some', 'most')", name="meat_or_fish_known"),
        *(CheckConstraint(f"{habit} IN ('off', 'low', 'medium', 'high')", name=f"{habit}_known") for habit in HABITS),
        CheckConstraint("calorie_goal BETWEEN 800 AND 6000", name="calorie_goal_in_range"),
        CheckConstraint("prep_complexity BETWEEN 0 AND 100", name="prep_complexity_in_range"),
        CheckConstraint("servings_per_meal BETWEEN 1 AND 12", name="servings_per_meal_in_range"),
        CheckConstraint("snacks_per_day BETWEEN 0 AND 4", name="snacks_per_day_in_range"),
    )
