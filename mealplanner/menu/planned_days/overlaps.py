"""What can be done where a menu is asked for on days that are planned already. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from mealplanner.errors import Conflict, Invalid
from mealplanner.presentation.formatting import date_range, day

REPLACE: Final = "replace"
GAPS: Final = "gaps"
AFTER: Final = "after"
WAYS: Final = (REPLACE, GAPS, AFTER)
"""The new menu takes the days over, fills those that are free, or begins later."""

_A_DAY: Final = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One thing that can be done."""

    overlap: str
    """Among `WAYS`."""
    dates: tuple[datetime.date, ...]
    """The days that are planned then."""
    sentence: str


class DaysPlanned(Conflict):
    """Some of the days belong to another menu, and the person has not said what to do."""

    def __init__(self, start: datetime.date, planned: Sequence[datetime.date], ways: Sequence[Way]) -> None:
        super().__init__(f"You already have meals for {listed_days(planned)}. Choose what to do about them.")
        self.start = start
        self.planned = tuple(planned)
        self.ways = tuple(ways)


def days_from(start: datetime.date, days: int) -> list[datetime.date]:
    """Return `days` dates from `start` on."""
    return [start + number * _A_DAY for number in range(days)]


def ways(
    start: datetime.date, days: int, *, planned: Collection[datetime.date], today: datetime.date
) -> tuple[Way, ...]:
    """Return what can be done where `planned` days are among `days` from `start` on.

    Days gone by are never replaced, and without a free day there is no gap to fill.
    """
    wanted = days_from(start, days)
    free = [date for date in wanted if date not in planned]
    later = days_from(first_free(start, days, planned=planned), days)
    offered = []
    if all(date >= today for date in wanted if date in planned):
        offered.append(_way(REPLACE, wanted, f"Replace them: the new menu takes {date_range(start, days)}"))
    if free:
        offered.append(_way(GAPS, free, f"Keep them, and plan {listed_days(free)} only"))
    offered.append(_way(AFTER, later, f"Begin after them: plan {date_range(later[0], days)}"))
    return tuple(offered)


def first_free(start: datetime.date, days: int, *, planned: Collection[datetime.date]) -> datetime.date:
    """Return the first day from `start` on that begins so many `days` of which none is planned."""
    while taken := [date for date in days_from(start, days) if date in planned]:
        start = taken[-1] + _A_DAY
    return start


def first_unplanned(spans: Iterable[tuple[datetime.date, int]], today: datetime.date) -> datetime.date:
    """Return the first day from `today` on that none of `spans` covers: first days and lengths of menus, in order."""
    free = today
    for start, days in spans:
        if start > free:
            break
        free = max(free, start + days * _A_DAY)
    return free


def require_possible(overlap: str, offered: Sequence[Way]) -> Way:
    """Return the way that was chosen. Raise `Invalid` when it is not among those that are offered."""
    found = next((way for way in offered if way.overlap == overlap), None)
    if found is None:
        choices = "; ".join(way.sentence for way in offered)
        why = "Days gone by stay as they are" if overlap == REPLACE else "All of these days are planned already"
        raise Invalid({"overlap": [f"{why}. You can choose among: {choices}."]})
    return found


def listed_days(dates: Sequence[datetime.date]) -> str:
    """Return `dates`, in order, as runs of days in words."""
    runs: list[list[datetime.date]] = []
    for date in dates:
        if runs and date - runs[-1][-1] == _A_DAY:
            runs[-1].append(date)
        else:
            runs.append([date])
    words = [day(run[0]) if len(run) == 1 else date_range(run[0], len(run)) for run in runs]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _way(overlap: str, dates: Sequence[datetime.date], sentence: str) -> Way:
    return Way(overlap=overlap, dates=tuple(dates), sentence=f"{sentence}.")
