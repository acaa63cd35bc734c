"""Checks of what a dish says about the day before, the servings it makes and the days it keeps. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mealplanner.food.step_minutes import long_waits
from mealplanner.planner.model import Recipe

MOST_SERVINGS: Final = 24
MOST_DAYS: Final = 30

_BEFORE: Final = re.compile(
    r"\b(?:overnight|(?:the )?(?:day|night|evening) before|previous (?:day|night|evening)|yesterday|in the morning"
    r"|chill(?:ed)? (?:well|until)|freeze (?:it|them|until)|for (?:some|a few|several) hours)\b",
    re.IGNORECASE,
)
"""Words for waits of hours that do not say how many."""
_PREPARES: Final = re.compile(
    r"\b(?:soak|marinate|chill|fridge|freez|cool|salt|cure|ferment|rise|set|leave|drain|warm place)", re.IGNORECASE
)
"""Words for what takes hours and so has to begin the day before."""
_COOKED_BEFORE: Final = re.compile(r"rice-(?:[a-z]+-)*cooked")
"""Foods that have to be cooked before the dish is begun."""


def lead_time_problems(recipe: Recipe) -> Iterator[str]:
    """Yield what is wrong with the day before, the servings or the days of `recipe`."""
    yield from _day_before(recipe)
    if not 1 <= recipe.makes <= MOST_SERVINGS:
        yield f"makes {recipe.makes} servings, expected 1 to {MOST_SERVINGS}"
    if not 0 <= recipe.keeps_days <= MOST_DAYS:
        yield f"keeps for {recipe.keeps_days} days, expected at most {MOST_DAYS}"
    if recipe.keeps_days and recipe.makes == 1:
        yield "keeps, but is made for one serving: expected the servings that it makes"


def _day_before(recipe: Recipe) -> Iterator[str]:
    for number, step in enumerate(recipe.steps, start=1):
        if found := _BEFORE.search(step):
            yield f"step {number} says {found[0]!r}: expected what is done before in day-before, and not in the steps"
        for minutes in long_waits([step], recipe.minutes):
            yield (
                f"step {number} waits for {minutes:g} minutes, and the dish takes {recipe.minutes}: "
                "expected what is done before in day-before, and not in the steps"
            )
    before = recipe.day_before
    for item in recipe.ingredients:
        if _COOKED_BEFORE.fullmatch(item.food_id) and not before:
            yield f"{item.food_id} is cooked before: expected how and when in day-before"
    if before and (len(before) < 20 or not before.endswith(".")):
        yield "day-before is no full sentence: expected 20 characters or more and a full stop"
    if before and not _PREPARES.search(before):
        yield "day-before says nothing that takes hours, like soaking or chilling: expected it in the steps"
