"""Preferences as plain values, and the defaults that a new person starts with."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from mealplanner.planner.day_limits import recommended
from mealplanner.planner.meat_or_fish import ANY
from mealplanner.planner.targets import minutes_per_meal

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""In the order of `datetime.date.weekday`."""


HABITS: Final = ("use_up", "same_meals", "whole_units", "short_days")
"""The preferences that say how much it matters how a week hangs together, in the order of `planner.habits.Habits`."""


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
    meat_or_fish: str = ANY
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
    minutes_by_weekday: Mapping[str, int] = field(default_factory=dict)
    """Day of `WEEKDAYS` -> the minutes that a meal may take on it, where that is not what `prep_complexity` says."""

    use_up: str = "medium"
    """How much it matters that few foods are bought and what is opened is used up, of `planner.habits.LEVELS`; so with
    the next three."""
    same_meals: str = "medium"
    """That breakfasts and snacks come again."""
    whole_units: str = "medium"
    """That eggs, slices and tins are whole, and meals one serving."""
    short_days: str = "medium"
    """That there is little cooking on a day."""
    day_limits: Mapping[str, float | None] = field(default_factory=dict)
    """Name of `planner.details.DETAILS` -> grams a day, where they are not what is recommended; None for no limit."""

    def minutes_on(self, date: datetime.date) -> int:
        """Return the minutes that a meal may take on `date`."""
        usually = minutes_per_meal(self.prep_complexity)
        return self.minutes_by_weekday.get(WEEKDAYS[date.weekday()], usually)

    def limits_of_a_day(self) -> dict[str, float]:
        """Return the grams of fibre at least, and of saturates, sugars and salt at most, that a day should have."""
        limits = {**recommended(self.calorie_goal), **self.day_limits}
        return {name: grams for name, grams in limits.items() if grams is not None}

    def as_dict(self) -> dict[str, Any]:
        """Return the fields by their names, fit for JSON."""
        return asdict(self)

    def for_a_menu(self) -> dict[str, Any]:
        """Return the fields as a menu stores them. Later ones are left out at their default, for older code to read."""
        later = ("meat_or_fish", "minutes_by_weekday", "day_limits", *HABITS)
        usual = {name: getattr(Preferences(), name) for name in later}
        return {name: value for name, value in self.as_dict().items() if name not in usual or value != usual[name]}


@dataclass(frozen=True, slots=True)
class StoredPreferences:
    """Preferences and the version they were saved as; 0 means never saved, so the defaults."""

    preferences: Preferences
    version: int
    settled: tuple[str, ...] = ()
    """Dislikes about which the person has answered what else they may mean."""
