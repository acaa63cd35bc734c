"""What the pages of preferences show besides the fields. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, Final

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.favourites import favourite_cuisines
from mealplanner.food.vocabulary import APPLIANCES, CUISINES
from mealplanner.planner.habits import LEVELS
from mealplanner.planner.targets import MINUTES, minutes_per_meal
from mealplanner.preferences import limits
from mealplanner.preferences.energy import ACTIVITIES, GOALS, SEXES
from mealplanner.preferences.habits import ASKED
from mealplanner.preferences.splits import SPLITS, split_of
from mealplanner.preferences.values import WEEKDAYS
from mealplanner.preferences.ways import BASES, KEPT, MEAT_OR_FISH, asked, never_choices
from mealplanner.presentation.formatting import short_date

_MINUTES: Final = (15, 20, 30, 45, 60, 90, 120)

CHOICES: Final = {
    "bases": [(value, *words) for value, words in BASES.items()],
    "meat_or_fish": [(value, *words) for value, words in MEAT_OR_FISH.items()],
    "kept": [(value, *words) for value, words in KEPT.items()],
    "appliances": list(APPLIANCES.items()),
    "sexes": list(SEXES.items()),
    "activities": [(value, *words) for value, words in ACTIVITIES.items()],
    "goals": list(GOALS.items()),
    "splits": list(SPLITS.items()),
    "effort": MINUTES,
    "weekdays": [(day, day.capitalize()) for day in WEEKDAYS],
    "minutes": _MINUTES,
    "habits": [
        (name, words, means, [(level, level.capitalize(), comes) for level, comes in zip(LEVELS, each, strict=True)])
        for name, (words, means, each) in ASKED.items()
    ],
}


def cuisines(chosen: Collection[str]) -> list[tuple[str, str]]:
    """Return (value, words) of the cuisines to choose favourites from. One that was `chosen` once stays."""
    return [(value, words) for value, words in CUISINES.items() if value in _favourites() or value in chosen]


@cache
def _favourites() -> frozenset[str]:
    catalogue = load_catalogue()
    return favourite_cuisines(catalogue.recipes, catalogue.foods)


def shown(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return `form` as the page asks for it, with what can be derived from what was typed."""
    base, rules = asked(form["diet_type"], form["dietary_restrictions"])
    return {
        **form,
        "diet_type": base,
        "dietary_restrictions": rules,
        "never": never_choices(rules),
        "split": split_of(form["macro_protein"], form["macro_carbs"], form["macro_fat"]),
        "limits": limits.asked(form),
        "minutes": _minutes(form["prep_complexity"]),
    }


def first_days(today: datetime.date) -> list[tuple[str, str]]:
    """Return (date as programs write it, words) of the days on which a first menu may begin."""
    monday = today + datetime.timedelta(days=7 - today.weekday())
    tomorrow = today + datetime.timedelta(days=1)
    days = {today: f"Today, {_on_one_line(today)}", tomorrow: f"Tomorrow, {_on_one_line(tomorrow)}"}
    days.setdefault(monday, _on_one_line(monday))
    return [(day.isoformat(), words) for day, words in days.items()]


def _on_one_line(value: datetime.date) -> str:
    """Return `Mon 23 Nov` as it stays on one line."""
    return short_date(value).replace(" ", "\N{NO-BREAK SPACE}")


def _minutes(complexity: object) -> int | None:
    text = str(complexity)
    return minutes_per_meal(int(text)) if text.isascii() and text.isdigit() and int(text) <= 100 else None
