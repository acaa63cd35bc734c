"""Charts: pure functions from numbers to tuples that templates draw.

Charts are bars that are `FULL` targets long, so that the targets of all figures lie on one line. What a page draws by
the hundred is a tuple, which a template unpacks in a fraction of the time that attributes take.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

from mealplanner.planner.day_limits import AT_LEAST, beyond
from mealplanner.planner.details import Details
from mealplanner.planner.model import TOLERANCE

FULL: Final = 1.25
"""The length of a bar, in targets."""

_NUTRIENTS: Final = (
    ("kcal", "Energy", "kcal"),
    ("protein_g", "Protein", "g"),
    ("carbohydrate_g", "Carbohydrate", "g"),
    ("fat_g", "Fat", "g"),
)
_DETAILS: Final = {"saturates_g": "Saturated fat", "fibre_g": "Fibre", "sugars_g": "Sugars", "salt_g": "Salt"}
_KCAL_PER_GRAM: Final = {"protein_g": 4, "carbohydrate_g": 4, "fat_g": 9}
_HUES: Final = {name: name.lower() for _, name, _ in _NUTRIENTS}
"""Figure -> the name of its colour."""

_NBSP: Final = "\N{NO-BREAK SPACE}"


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


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a bar carries its target and its tolerance, in percent of its length."""

    target: float = 100 / FULL
    low: float = 100 * (1 - TOLERANCE) / FULL
    high: float = 100 * (1 + TOLERANCE) / FULL


class Measure(NamedTuple):
    """One figure against its target."""

    name: str
    hue: str
    """The name of its colour."""
    unit: str
    actual: float
    target: float
    on_target: bool
    """Whether it lies within the tolerance."""
    words: str
    """The verdict, for people: `on target`, `6 % under`."""
    fill: float
    """How much of the bar is filled, in percent."""
    beyond: bool
    """Whether it is longer than the bar, which is then drawn with an arrow."""


class Share(NamedTuple):
    """A part of a whole, and where it starts when the parts are drawn one after the other; both in percent."""

    name: str
    hue: str
    percent: float
    start: float


def measure(name: str, unit: str, actual: float, target: float) -> Measure:
    """How far `actual` lies from `target`. The last bit of a float does not count."""
    off = actual / target - 1 if target else math.inf if actual else 0.0
    on_target = abs(off) <= TOLERANCE + 1e-9
    words = "on target" if on_target else _verdict(off)
    length = (1 + off) / FULL
    return Measure(name, _HUES[name], unit, actual, target, on_target, words, 100 * min(1.0, length), length > 1 + 1e-9)


def measures(actual: Numbers, target: Numbers) -> tuple[Measure, ...]:
    """Energy and the three macros of `actual` against `target`."""
    return tuple(
        measure(name, unit, getattr(actual, field), getattr(target, field)) for field, name, unit in _NUTRIENTS
    )


class DetailLine(NamedTuple):
    """What else food provides: an amount as `5.1 g` or `at least 5.1 g`, and its limit in words, if it has one."""

    name: str
    amount: str
    limit: str = ""
    beyond: bool = False


def detail_lines(details: Details, limits: Mapping[str, float] | None = None) -> tuple[DetailLine, ...]:
    """Return saturates, fibre, sugars and salt by their names, beside the `limits` of a day where those are given."""
    return tuple(_detail_line(details, field, name, (limits or {}).get(field)) for field, name in _DETAILS.items())


def _detail_line(details: Details, field: str, name: str, limit: float | None) -> DetailLine:
    grams = getattr(details, field)
    amount = f"{'at least ' if field in details.incomplete else ''}{grams:.1f}{_NBSP}g"
    if limit is None:
        return DetailLine(name, amount)
    words = f"{'at least' if field in AT_LEAST else 'at most'} {limit:.3g}{_NBSP}g"
    return DetailLine(name, amount, words, beyond(field, limit, round(grams, 1)) > 0)


def energy_shares(numbers: Numbers) -> tuple[Share, ...]:
    """Which part of the energy each macro brings, by 4, 4 and 9 kcal a gram; they sum to 100, or to 0 for no macros."""
    energies = [getattr(numbers, field) * factor for field, factor in _KCAL_PER_GRAM.items()]
    whole = sum(energies) or 1.0
    return _side_by_side([100 * energy / whole for energy in energies])


def typed_shares(typed: Sequence[object]) -> tuple[Share, ...]:
    """Return percents of protein, carbohydrate and fat as they were typed; more than 100 are squeezed into one bar."""
    percents = [typed_number(value) for value in typed]
    squeeze = max(100.0, sum(percents)) / 100
    return _side_by_side([percent / squeeze for percent in percents])


def typed_number(value: Any) -> float:
    """Return what was typed as a number from 0 to 1000; 0 if it is not a number."""
    try:
        result = float(value)
    except (TypeError, ValueError):
        return 0.0
    return min(max(result, 0.0), 1000.0) if math.isfinite(result) else 0.0


def _verdict(off: float) -> str:
    if math.isinf(off):
        return "over"
    return f"{100 * abs(off):.0f}{_NBSP}% " + ("over" if off > 0 else "under")


def _side_by_side(percents: Sequence[float]) -> tuple[Share, ...]:
    starts = itertools.accumulate(percents, initial=0.0)
    names = (name for field, name, _ in _NUTRIENTS if field in _KCAL_PER_GRAM)
    return tuple(
        Share(name, _HUES[name], percent, start) for name, percent, start in zip(names, percents, starts, strict=False)
    )
