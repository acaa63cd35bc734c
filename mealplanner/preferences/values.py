"""Preferences as plain values, and the defaults that a new person starts with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How a person eats. Macros are percent of energy, `calorie_goal` is kcal a day, times are `HH:MM`.

    The defaults are a balanced day for an adult: 2,000 kcal is the reference intake of Regulation (EU) No 1169/2011,
    and the macros lie inside the acceptable ranges of the National Academies (10-35 % protein, 45-65 % carbohydrate,
    20-35 % fat).
    """

    diet_type: str = "omnivore"
    dietary_restrictions: list[str] = field(default_factory=list)
    disliked_ingredients: list[str] = field(default_factory=list)
    recipe_type: list[str] = field(default_factory=list)
    macro_protein: int = 20
    macro_carbs: int = 50
    macro_fat: int = 30
    calorie_goal: int = 2000
    meal_times: Mapping[str, str] = field(
        default_factory=lambda: {"breakfast": "08:00", "lunch": "12:30", "dinner": "19:00"}
    )
    appliances: list[str] = field(default_factory=lambda: ["stove", "oven", "microwave", "blender", "toaster"])
    prep_complexity: int = 50
    servings_per_meal: int = 1
    snacks_per_day: int = 1

    def as_dict(self) -> dict[str, Any]:
        """The thirteen fields by their names, fit for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class StoredPreferences:
    """Preferences and the version they were saved as; 0 means never saved, so the defaults."""

    preferences: Preferences
    version: int
    settled: tuple[str, ...] = ()
    """Dislikes about which the person has answered what else they may mean."""
