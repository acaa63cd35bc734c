"""A menu against its targets, in one sentence or two. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Final, NamedTuple

from mealplanner.menu.values import DayValue
from mealplanner.presentation.charts import Measure, measures
from mealplanner.presentation.formatting import duration, number, short_date, weekday_name
from mealplanner.recipes.values import Numbers

LONG: Final = 75
"""From so many minutes a day in the kitchen on, a day can be a long one."""

_COUNTS: Final = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_EN_DASH: Final = "\N{EN DASH}"


class _Miss(NamedTuple):
    """A figure of one day that is off target."""

    day: DayValue
    figure: Measure

    @property
    def difference(self) -> float:
        return self.figure.actual - self.figure.target

    @property
    def share(self) -> float:
        """How far off, in targets."""
        return abs(self.difference) / max(self.figure.target, 1)

    @property
    def kind(self) -> tuple[str, bool]:
        return self.figure.name, self.difference > 0


def status_line(days: Sequence[DayValue], target: Numbers) -> str:
    """Return `On target all week.` or which days miss what, and which day is a long one in the kitchen."""
    misses = [_Miss(day, figure) for day in days for figure in measures(day.totals, target) if not figure.on_target]
    return " ".join(filter(None, (_on_target(days) if not misses else _off_target(days, misses), _long_day(days))))


def _on_target(days: Sequence[DayValue]) -> str:
    if len(days) == 1:
        return "On target."
    return "On target all week." if len(days) == 7 else "On target every day."


def _off_target(days: Sequence[DayValue], misses: Sequence[_Miss]) -> str:
    missed = {miss.day.date for miss in misses}
    kinds = {miss.kind for miss in misses}
    worst = max(misses, key=lambda miss: miss.share)
    if len(missed) == 1:
        return _one_day(days, misses)
    how_many = "Every day is" if len(missed) == len(days) else f"{_counted(len(missed))} days are"
    if len(kinds) == 1:
        return f"{how_many} {_in_common(misses)}."
    name = _named(worst.day, days)
    return f"{how_many} off target. {name} is furthest: {_difference(worst)}."


def _one_day(days: Sequence[DayValue], misses: Sequence[_Miss]) -> str:
    first, *others = sorted(misses, key=lambda miss: -miss.share)
    also = f" and {_difference(others[0])}" if others else ""
    subject = "The day" if len(days) == 1 else _named(first.day, days)
    return f"{subject} is {_difference(first)}{also}."


def _in_common(misses: Sequence[_Miss]) -> str:
    """Return `short on protein (53-75 g of 180 g)`."""
    figure = misses[0].figure
    low, high = (number(pick(miss.figure.actual for miss in misses)) for pick in (min, max))
    amounts = low if low == high else f"{low}{_EN_DASH}{high}"
    direction = "high in" if misses[0].difference > 0 else "short on"
    return f"{direction} {figure.name.lower()} ({amounts} of {number(figure.target)} {figure.unit})"


def _difference(miss: _Miss) -> str:
    """Return `12 g short of protein` or `150 kcal over`."""
    amount = f"{number(abs(miss.difference))}\N{NO-BREAK SPACE}{miss.figure.unit}"
    if miss.figure.unit == "kcal":
        return f"{amount} {'over' if miss.difference > 0 else 'short'}"
    return f"{amount} {'over on' if miss.difference > 0 else 'short of'} {miss.figure.name.lower()}"


def _long_day(days: Sequence[DayValue]) -> str:
    """Name the day that takes far longer in the kitchen than the others do."""
    if len(days) < 3:
        return ""
    longest = max(days, key=lambda day: day.minutes)
    if longest.minutes < max(LONG, 1.4 * statistics.median(day.minutes for day in days)):
        return ""
    return f"{_named(longest, days)} is a long one: {duration(longest.minutes)} in the kitchen."


def _named(day: DayValue, days: Sequence[DayValue]) -> str:
    """Return `Thursday`, or `Thu 26 Nov` where there are several Thursdays."""
    return weekday_name(day.date) if len(days) <= 7 else short_date(day.date)


def _counted(count: int) -> str:
    return _COUNTS[count] if count < len(_COUNTS) else str(count)
