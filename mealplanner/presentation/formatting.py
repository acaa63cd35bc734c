"""Dates, times, amounts and names, written for people, in English whatever the locale of the server.

All of it is pure, but that dates are written in the order that the reader of this request or job is used to.
"""

from __future__ import annotations

import datetime
import decimal
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal

Hours = Literal["12h", "24h"]
"""How times of the day are written."""

Dates = Literal["day-first", "month-first"]
"""How dates are written."""

_dates: ContextVar[Dates] = ContextVar("mealplanner_dates", default="day-first")

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_FRACTIONS: Final = {0: "", 25: "¼", 33: "⅓", 50: "½", 67: "⅔", 75: "¾"}
UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
"""Characters that show nothing and change how others are shown or read: controls, marks of direction, tags."""
_BLANK: Final = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2800\u3164\ufe00-\ufe0f\uffa0\U0001d173-\U0001d17a"
    "\U000e0080-\U000e0fff]"
)
"""Other characters that show nothing by themselves: joiners, fillers and marks of variants, which words may need."""
_MEASURED: Final = re.compile(r"(?<=[\d¼½¾⅓⅔⅛]) (?=(?:g|kg|ml|l|oz|lb|tsp|tbsp|cups?|kcal|min)\b)")
_NBSP: Final = "\N{NO-BREAK SPACE}"
_EN_DASH: Final = "\N{EN DASH}"


def write_dates(dates: Dates = "day-first") -> None:
    """Write dates in this order from here on, for the request that is running."""
    _dates.set(dates)


@contextmanager
def dates_written(dates: Dates) -> Iterator[None]:
    """Write dates in this order in the block."""
    outer = _dates.set(dates)
    try:
        yield
    finally:
        _dates.reset(outer)


def day(value: datetime.date) -> str:
    """Return `Monday 23 November`, or `Monday, November 23`."""
    return _after_weekday(_WEEKDAYS[value.weekday()], value, _MONTHS[value.month - 1])


def weekday(value: datetime.date) -> str:
    """Return `Mon`."""
    return _WEEKDAYS[value.weekday()][:3]


def weekday_name(value: datetime.date) -> str:
    """Return `Monday`."""
    return _WEEKDAYS[value.weekday()]


def short_date(value: datetime.date) -> str:
    """Return `Mon 23 Nov`, or `Mon, Nov 23`."""
    return _after_weekday(weekday(value), value, _MONTHS[value.month - 1][:3])


def date_range(start: datetime.date, days: int, today: datetime.date | None = None) -> str:
    """Return `23-29 November 2026` or `November 23-29, 2026` with an en dash; what both ends share is written once.

    The year of `today` goes without saying.
    """
    end = start + datetime.timedelta(days=days - 1)
    comma = "," if _month_first() else ""
    month = _MONTHS[end.month - 1]
    year = "" if today and start.year == end.year == today.year else f"{comma} {end.year}"
    if start == end:
        return f"{_in_order(end, month)}{year}"
    if (start.year, start.month) == (end.year, end.month):
        first, last = (f"{month} {start.day}", end.day) if _month_first() else (start.day, f"{end.day} {month}")
        return f"{first}{_EN_DASH}{last}{year}"
    first_year = "" if start.year == end.year else f"{comma} {start.year}"
    opening = f"{_in_order(start, _MONTHS[start.month - 1])}{first_year}"
    return f"{opening} {_EN_DASH} {_in_order(end, month)}{year}"


def _month_first() -> bool:
    return _dates.get() == "month-first"


def _in_order(value: datetime.date, month: str) -> str:
    return f"{month} {value.day}" if _month_first() else f"{value.day} {month}"


def _after_weekday(name: str, value: datetime.date, month: str) -> str:
    return f"{name}{',' if _month_first() else ''} {_in_order(value, month)}"


def clock(value: datetime.time, hours: Hours = "24h") -> str:
    """Return `08:00`, or `8:00 AM` with twelve `hours`."""
    if hours == "24h":
        return f"{value.hour:02}:{value.minute:02}"
    return f"{value.hour % 12 or 12}:{value.minute:02}{_NBSP}{'AM' if value.hour < 12 else 'PM'}"


def duration(minutes: int) -> str:
    """Return `55 min` or `1 h 5 min`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours}{_NBSP}h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest}{_NBSP}min")
    return _NBSP.join(parts)


def number(value: float) -> str:
    """Return `1,803`: no decimals, with separators of thousands."""
    return f"{value:,.0f}"


def portion(value: float | decimal.Decimal) -> str:
    """Return `1¼`; a fraction without a sign of its own is written with at most two decimals."""
    whole, hundredths = divmod(round(value * 100), 100)
    sign = _FRACTIONS.get(hundredths)
    if sign is None:
        return f"{whole + hundredths / 100:g}"
    return f"{whole or ''}{sign}" or "0"


def servings(value: float | decimal.Decimal) -> str:
    """Return `1¼ servings` or `½ serving`."""
    return f"{portion(value)}{_NBSP}{'serving' if value <= 1 else 'servings'}"


def unbroken(text: str) -> str:
    """Return `text` with each number kept on one line with its unit."""
    return _MEASURED.sub(_NBSP, text)


def label(slug: str) -> str:
    """Return `Air fryer` for `air-fryer`."""
    words = slug.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def visible(text: str) -> str:
    """Return `text` with each character that cannot be seen written as its number, as in `[U+202E]`."""
    return UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def what_shows(text: str) -> str:
    """Return what can be seen of `text`, to tell whether it says anything: without blanks around it, and without all
    that shows nothing by itself."""
    return _BLANK.sub("", without_unseen(text)).strip()


def without_unseen(text: str) -> str:
    """Return `text` without the characters that `visible` would write as numbers."""
    return UNSEEN.sub("", text)
