"""How a week hangs together, as the page asks for it: four habits, and what each level of them changes.

The figures are medians over the profiles of `python -m tests.benchmarks.connected`, each habit changed by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ASKED: Final[Mapping[str, tuple[str, str, tuple[str, str, str, str]]]] = {
    "use_up": (
        "Use up what you buy",
        "Meals share what they need, so that Monday's spinach is finished on Wednesday. A week buys",
        (
            "about 85 foods, 20 for one meal only",
            "about 65, 6 for one meal",
            "about 60, 3 for one meal",
            "about 55, 2 for one meal",
        ),
    ),
    "same_meals": (
        "The same breakfasts and snacks",
        "Fewer kinds, each on more days. In a week, one comes",
        ("at most twice", "at most twice, and usually twice", "at most 3 times", "at most 5 times"),
    ),
    "whole_units": (
        "Whole eggs, slices and tins",
        "And whole servings, where your numbers allow it. Of the eggs, slices and tins in meals, whole are",
        ("about a third", "about 3 in 4", "about 9 in 10", "nearly all"),
    ),
    "short_days": (
        "Short days in the kitchen",
        "Less cooking than you allow for each meal. All meals of a day take",
        ("about 1 h 35 min", "about 1 h 10 min", "about 1 h", "about 50 min"),
    ),
}
"""Preference -> its name, what it means, and what each of `planner.habits.LEVELS` comes to."""
