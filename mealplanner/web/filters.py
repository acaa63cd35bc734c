"""How pages write and draw what they are given: pure functions, registered as template filters.

Words are English whatever the locale of the server. Charts are bars that are `FULL` targets long, so that the targets
of all figures lie on one line.
"""

from __future__ import annotations

import datetime
import decimal
import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from flask import Flask

from mealplanner.planner.model import TOLERANCE

FULL: Final = 1.25
"""The length of a bar, in targets."""

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_FRACTIONS: Final = {0: "", 25: "¼", 33: "⅓", 50: "½", 67: "⅔", 75: "¾"}
_NUTRIENTS: Final = (
    ("kcal", "Energy", "kcal"),
    ("protein_g", "Protein", "g"),
    ("carbohydrate_g", "Carbohydrate", "g"),
    ("fat_g", "Fat", "g"),
)
_KCAL_PER_GRAM: Final = {"protein_g": 4, "carbohydrate_g": 4, "fat_g": 9}
_NBSP: Final = "\N{NO-BREAK SPACE}"
_EN_DASH: Final = "\N{EN DASH}"


class Numbers(Protocol):
    """Anything that carries energy in kcal and macros in grams."""

    @property
    def kcal(self) -> float: ...
    @property
    def protein_g(self) -> float: ...
    @property
    def carbohydrate_g(self) -> float: ...
    @property
    def fat_g(self) -> float: ...


class Counted(Protocol):
    """Anything that has numbers, like a meal."""

    @property
    def numbers(self) -> Numbers: ...


Dish = TypeVar("Dish", bound=Counted)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a bar carries its target and its tolerance, in percent of its length."""

    target: float = 100 / FULL
    low: float = 100 * (1 - TOLERANCE) / FULL
    high: float = 100 * (1 + TOLERANCE) / FULL


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure against its target."""

    name: str
    unit: str
    actual: float
    target: float

    @property
    def hue(self) -> str:
        """The name of its colour."""
        return self.name.lower()

    @property
    def off(self) -> float:
        """How far it lies from the target, as a fraction of it; infinite where nothing was wanted and some came."""
        if self.target:
            return self.actual / self.target - 1
        return math.inf if self.actual else 0.0

    @property
    def on_target(self) -> bool:
        """Whether it lies within the tolerance. The last bit of a float does not count."""
        return abs(self.off) <= TOLERANCE + 1e-9

    @property
    def fill(self) -> float:
        """How much of the bar is filled, in percent."""
        return 100 * min(1.0, (1 + self.off) / FULL)

    @property
    def words(self) -> str:
        """The verdict, for people: `on target`, `6 % under`."""
        if self.on_target:
            return "on target"
        if math.isinf(self.off):
            return "over"
        return f"{abs(self.off):.0%}".replace("%", f"{_NBSP}%") + (" over" if self.off > 0 else " under")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, and where it starts when the parts are drawn one after the other; both in percent."""

    name: str
    percent: float
    start: float

    @property
    def hue(self) -> str:
        """The name of its colour."""
        return self.name.lower()


def day(value: datetime.date) -> str:
    """`Monday 23 November`."""
    return f"{_WEEKDAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]}"


def weekday(value: datetime.date) -> str:
    """`Mon`."""
    return _WEEKDAYS[value.weekday()][:3]


def short_date(value: datetime.date) -> str:
    """`Mon 23 Nov`."""
    return f"{weekday(value)} {value.day} {_MONTHS[value.month - 1][:3]}"


def date_range(start: datetime.date, days: int) -> str:
    """`23-29 November 2026` with a dash; what both ends share is said once."""
    end = start + datetime.timedelta(days=days - 1)
    closing = f"{end.day} {_MONTHS[end.month - 1]} {end.year}"
    if start == end:
        return closing
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}{_EN_DASH}{closing}"
    year = "" if start.year == end.year else f" {start.year}"
    return f"{start.day} {_MONTHS[start.month - 1]}{year} {_EN_DASH} {closing}"


def clock(value: datetime.time) -> str:
    """`08:00`."""
    return f"{value.hour:02}:{value.minute:02}"


def duration(minutes: int) -> str:
    """`55 min`, `1 h 5 min`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours}{_NBSP}h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest}{_NBSP}min")
    return _NBSP.join(parts)


def number(value: float) -> str:
    """`1,803`: no decimals, thousands apart."""
    return f"{value:,.0f}"


def portion(value: float | decimal.Decimal) -> str:
    """`1¼`; a fraction that has no sign of its own is written with two decimals at most."""
    whole, hundredths = divmod(round(value * 100), 100)
    sign = _FRACTIONS.get(hundredths)
    if sign is None:
        return f"{whole + hundredths / 100:g}"
    return f"{whole or ''}{sign}" or "0"


def servings(value: float | decimal.Decimal) -> str:
    """`1¼ servings`, `½ serving`."""
    return f"{portion(value)}{_NBSP}{'serving' if value <= 1 else 'servings'}"


def label(slug: str) -> str:
    """`air-fryer` as `Air fryer`."""
    words = slug.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def measures(actual: Numbers, target: Numbers) -> tuple[Measure, ...]:
    """Energy and the three macros of `actual` against `target`."""
    return tuple(
        Measure(name, unit, getattr(actual, field), getattr(target, field)) for field, name, unit in _NUTRIENTS
    )


def energy_shares(numbers: Numbers) -> tuple[Share, ...]:
    """Which part of the energy each macro brings, by 4, 4 and 9 kcal a gram; they sum to 100, or to 0 for no macros."""
    energies = [getattr(numbers, field) * factor for field, factor in _KCAL_PER_GRAM.items()]
    whole = sum(energies) or 1.0
    return _side_by_side([100 * energy / whole for energy in energies])


def typed_shares(typed: Sequence[object]) -> tuple[Share, ...]:
    """Percents of protein, carbohydrate and fat as somebody typed them; too many are squeezed into one bar."""
    percents = [typed_number(value) for value in typed]
    squeeze = max(100.0, sum(percents)) / 100
    return _side_by_side([percent / squeeze for percent in percents])


def typed_number(value: Any) -> float:
    """What somebody typed, as a number between 0 and 1000; 0 for what is none."""
    try:
        result = float(value)
    except (TypeError, ValueError):
        return 0.0
    return min(max(result, 0.0), 1000.0) if math.isfinite(result) else 0.0


def running(meals: Iterable[Dish]) -> tuple[tuple[Dish, float], ...]:
    """Each meal with the kcal of the meals before it."""
    meals = tuple(meals)
    return tuple(zip(meals, itertools.accumulate((meal.numbers.kcal for meal in meals), initial=0.0), strict=False))


def _side_by_side(percents: Sequence[float]) -> tuple[Share, ...]:
    starts = itertools.accumulate(percents, initial=0.0)
    names = (name for field, name, _ in _NUTRIENTS if field in _KCAL_PER_GRAM)
    return tuple(Share(name, percent, start) for name, percent, start in zip(names, percents, starts, strict=False))


_FILTERS: Final[tuple[Callable[..., Any], ...]] = (
    *(day, weekday, short_date, date_range, clock, duration, number, portion, servings, label),
    *(measures, energy_shares, typed_shares, typed_number, running),
)


def register(app: Flask) -> None:
    """Give `app`'s templates these filters, the scale of the bars, and pages without the templates' blank lines."""
    for function in _FILTERS:
        app.add_template_filter(function)
    app.jinja_env.globals["scale"] = Scale()
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
