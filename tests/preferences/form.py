"""The form of preferences, filled in, and what is stored of it."""

from __future__ import annotations

from typing import Any

from tests.visitor import Visitor

FORM: dict[str, Any] = {
    "version": "0",
    "diet_type": "vegan",
    "dietary_restrictions": ["peanuts", "celery"],
    "disliked_ingredients": "olives, aubergines\n\n olives ",
    "recipe_type": ["indian"],
    "macro_protein": "20",
    "macro_carbs": "55",
    "macro_fat": "25",
    "calorie_goal": "1800",
    "meals": ["breakfast", "dinner"],
    "time_breakfast": "07:30",
    "time_lunch": "12:30",
    "time_dinner": "18:45",
    "appliances": ["stove"],
    "prep_complexity": "30",
    "servings_per_meal": "2",
    "snacks_per_day": "1",
    "minutes_tuesday": "20",
    "minutes_wednesday": "",
    "minutes_sunday": "90",
    "use_up": "high",
    "same_meals": "low",
    "whole_units": "off",
    "limit_salt_g": "own",
    "grams_salt_g": "4,5",
    "limit_sugars_g": "off",
    "limit_fibre_g": "recommended",
    "grams_fibre_g": "40",
}

STORED: dict[str, Any] = {
    "diet_type": "vegan",
    "dietary_restrictions": ["peanuts", "celery"],
    "disliked_ingredients": ["olives", "aubergines"],
    "recipe_type": ["indian"],
    "meat_or_fish": "any",
    "macro_protein": 20,
    "macro_carbs": 55,
    "macro_fat": 25,
    "calorie_goal": 1800,
    "meal_times": {"breakfast": "07:30", "dinner": "18:45"},
    "appliances": ["stove"],
    "prep_complexity": 30,
    "servings_per_meal": 2,
    "snacks_per_day": 1,
    "minutes_by_weekday": {"tuesday": 20, "sunday": 90},
    "use_up": "high",
    "same_meals": "low",
    "whole_units": "off",
    "short_days": "medium",
    "day_limits": {"salt_g": 4.5, "sugars_g": None},
    "version": 1,
}
"""What the form stores, of a person who had stored nothing."""


def stored(person: Visitor) -> dict[str, Any]:
    """What the application says is stored."""
    found: dict[str, Any] = person.get("/preferences", json=True).get_json()
    del found["dislikes_read"], found["settled_dislikes"]
    return found
