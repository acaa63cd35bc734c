"""Where two versions of preferences differ, for people and programs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mealplanner.food.vocabulary import APPLIANCES, CUISINES
from mealplanner.preferences.habits import ASKED
from mealplanner.preferences.limits import LIMITS
from mealplanner.preferences.values import StoredPreferences
from mealplanner.preferences.ways import MEAT_OR_FISH, RULES

LABELS: Final[Mapping[str, str]] = {
    "diet_type": "Diet",
    "dietary_restrictions": "Never on the plate",
    "disliked_ingredients": "Dislikes",
    "recipe_type": "Cuisines",
    "meat_or_fish": "Meat and fish",
    "macro_protein": "Protein",
    "macro_carbs": "Carbohydrate",
    "macro_fat": "Fat",
    "calorie_goal": "Calorie goal",
    "day_limits": "Limits of a day",
    "meal_times": "Meals",
    "appliances": "Appliances",
    "prep_complexity": "Effort",
    "servings_per_meal": "People at the table",
    "snacks_per_day": "Snacks",
    "minutes_by_weekday": "Minutes on some days",
    **{habit: words for habit, (words, _, _) in ASKED.items()},
}
"""Preference -> how people read it."""

FIELD_LABELS: Final[Mapping[str, str]] = {
    **LABELS,
    **{"age": "Age", "sex": "Sex", "height": "Height", "weight": "Weight", "activity": "Activity", "goal": "Goal"},
    **{"expecting": "Pregnancy", "split": "Split"},
}
"""Field of the page -> how people read it."""

_WORDS: Final = {**RULES, **CUISINES, **APPLIANCES, **{value: words for value, (words, _) in MEAT_OR_FISH.items()}}


def differences(typed: Mapping[str, Any], stored: StoredPreferences) -> list[tuple[str, str, str]]:
    """Return (label, what was typed, what is stored) for each field of `typed` in which the two differ."""
    known = stored.preferences.as_dict()
    rows = ((LABELS[name], _shown(typed[name]), _shown(known[name])) for name in LABELS if name in typed)
    return [(label, yours, theirs) for label, yours, theirs in rows if yours != theirs]


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(_entry(name, item) for name, item in sorted(value.items())) or "none"
    if isinstance(value, list):
        return ", ".join(_WORDS.get(str(item), str(item)) for item in value) or "none"
    return _WORDS.get(str(value), str(value))


def _entry(name: str, item: Any) -> str:
    if name in LIMITS:
        return f"{LIMITS[name][0]} {'none' if item is None else f'{item} g'}"
    return f"{name} {item}"
