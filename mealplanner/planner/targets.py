"""From what a person asks for to what the planner aims at: the day's target, its slots and the minutes of a meal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from mealplanner.planner.model import BREAKFAST, MAIN, SNACK, Nutrients, Slot

KCAL_PER_GRAM: Final[Mapping[str, int]] = {"protein": 4, "carbohydrate": 4, "fat": 9}
"""The general factors of Atwater, which Regulation (EU) No 1169/2011, Annex XIV, uses too."""

MEALS: Final[Mapping[str, str]] = {"breakfast": BREAKFAST, "lunch": MAIN, "dinner": MAIN}
"""Meal -> the kind of recipe it takes."""

SHARES: Final[Mapping[str, float]] = {"breakfast": 0.25, "lunch": 0.35, "dinner": 0.40, "snack": 0.09}
"""Usual share of the day's energy; the shares of the meals that a person has are scaled to sum to one."""

MOST_SNACKS: Final = 4

MINUTES: Final = ((0, 15), (50, 45), (100, 120))
"""Points between which the minutes of a meal rise in straight lines with the complexity that a person accepts."""

_DAY_START, _DAY_END = 8 * 60, 21 * 60
_AFTER_LAST_MEAL = 3 * 60
_LAST_MINUTE = 23 * 60 + 45


def daily_target(kcal: float, protein_percent: float, carbohydrate_percent: float, fat_percent: float) -> Nutrients:
    """Return the day's target: `kcal`, and the grams that provide each percentage of it at 4, 4 and 9 kcal per gram.

    Raise `ValueError` when `kcal` is not positive or the percentages are negative or do not sum to 100.
    """
    percents = (protein_percent, carbohydrate_percent, fat_percent)
    if kcal <= 0:
        raise ValueError(f"expected a positive number of kcal a day, got {kcal:g}")
    if min(percents) < 0 or abs(sum(percents) - 100) > 0.01:
        raise ValueError(f"expected percentages that sum to 100, got {' + '.join(f'{share:g}' for share in percents)}")
    protein, carbohydrate, fat = (
        kcal * percent / 100 / factor for percent, factor in zip(percents, KCAL_PER_GRAM.values(), strict=True)
    )
    return Nutrients(kcal, protein, carbohydrate, fat)


def minutes_per_meal(prep_complexity: int) -> int:
    """Return the minutes that a meal may take for a person who accepts `prep_complexity` (0-100).

    15 at 0, 45 at 50, 120 at 100, in straight lines between. Raise `ValueError` outside 0-100.
    """
    if not 0 <= prep_complexity <= 100:
        raise ValueError(f"expected a complexity from 0 to 100, got {prep_complexity}")
    (low, start), (high, end) = next(pair for pair in pairwise(MINUTES) if prep_complexity <= pair[1][0])
    return round(start + (end - start) * (prep_complexity - low) / (high - low))


def day_slots(meal_times: Mapping[str, str], snacks_per_day: int) -> tuple[Slot, ...]:
    """Return the slots of a day in order of time: the meals of `meal_times` (meal -> `HH:MM`) and snacks between them.

    Snacks fall where people wait longest for food: each goes to the widest gap of the day, from eight o'clock until
    three hours after the last meal, and they divide a gap evenly, to the quarter of an hour. Raise `ValueError` for
    an unknown meal, a time that is not `HH:MM`, other than 0-4 snacks, and a day without anything to eat.
    """
    if not 0 <= snacks_per_day <= MOST_SNACKS:
        raise ValueError(f"expected 0 to {MOST_SNACKS} snacks a day, got {snacks_per_day}")
    if unknown := sorted(set(meal_times) - set(MEALS)):
        raise ValueError(f"expected meals among {', '.join(MEALS)}, got {', '.join(unknown)}")
    meals = [(_minute(time), name) for name, time in meal_times.items()]
    snacks = [(minute, "snack") for minute in _snack_minutes([minute for minute, _ in meals], snacks_per_day)]
    placed = sorted(meals + snacks, key=lambda item: (item[0], list(SHARES).index(item[1])))
    if not placed:
        raise ValueError("expected at least one meal or snack a day")
    whole = sum(SHARES[name] for _, name in placed)
    return tuple(
        Slot(name=name, kind=MEALS.get(name, SNACK), share=SHARES[name] / whole, time=_clock(minute))
        for minute, name in placed
    )


def _snack_minutes(meals: list[int], snacks: int) -> list[int]:
    gaps = list(pairwise(_edges(meals)))
    taken = [0] * len(gaps)
    for _ in range(snacks):
        widest = max(range(len(gaps)), key=lambda gap: (gaps[gap][1] - gaps[gap][0]) / (taken[gap] + 1))
        taken[widest] += 1
    return [
        start + round((end - start) * place / (count + 1) / 15) * 15
        for (start, end), count in zip(gaps, taken, strict=True)
        for place in range(1, count + 1)
    ]


def _edges(meals: list[int]) -> list[int]:
    """Return the meals, and where the day begins and ends for a person who wants a snack, in minutes since midnight."""
    first, last = min(meals, default=_DAY_START), max(meals, default=_DAY_START)
    return [min(first, _DAY_START), *sorted(meals), min(max(last + _AFTER_LAST_MEAL, _DAY_END), _LAST_MINUTE)]


def _minute(time: str) -> int:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", time):
        raise ValueError(f"expected a time as HH:MM from 00:00 to 23:59, got {time!r}")
    return int(time[:2]) * 60 + int(time[3:])


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
