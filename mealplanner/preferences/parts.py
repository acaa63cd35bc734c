"""The parts of the preferences, each of which is a step of a first visit and a section of the page afterwards. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mealplanner.preferences.values import HABITS

WHOLE: Final = "whole"
"""All parts on one page."""

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "food": (
        "diet_type",
        "dietary_restrictions",
        "disliked_ingredients",
        "settled_dislikes",
        "recipe_type",
        "meat_or_fish",
    ),
    "numbers": ("calorie_goal", "macro_protein", "macro_carbs", "macro_fat", "day_limits"),
    "kitchen": (
        "meal_times",
        "snacks_per_day",
        "servings_per_meal",
        "prep_complexity",
        "minutes_by_weekday",
        *HABITS,
        "appliances",
    ),
}
"""Part, in the order of a first visit -> its fields."""

_ORDER: Final = tuple(PARTS)


def fields_of(part: str) -> tuple[str, ...]:
    """Return the fields of a part, or of all of them."""
    return PARTS.get(part) or tuple(name for fields in PARTS.values() for name in fields)


def of_part(part: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was sent for a part, and the version that it was sent over."""
    wanted = (*fields_of(part), "version")
    return {name: sent[name] for name in wanted if name in sent}


def neighbour(part: str, steps: int) -> str | None:
    """Return the part that is so many `steps` after `part`; None beyond the first and the last."""
    index = _ORDER.index(part) + steps
    return _ORDER[index] if 0 <= index < len(_ORDER) else None
