"""Steps of a recipe as a cook reads them, for the servings asked for. Pure.

A recipe is written for one serving. What grows with the servings stands in braces:

| in a recipe | for one | for four |
|---|---|---|
| `Add {150 ml} of water` | 150 ml of water | 600 ml of water |
| `shape it into {2 thick patties}` | two thick patties | eight thick patties |
| `in half of the oil ({olive-oil 1/2})` | half of the oil (1 tsp) | half of the oil (1½ tbsp) |

Volumes are in ml, l, tsp, tbsp, cup or glass, masses in g, kg, oz or lb. A count is a whole number with what is
counted. A reference is the id of one of the recipe's foods, with a fraction of it or without; it gives the amount, not
the name. Temperatures and lengths are written in degrees Celsius, cm and mm, and read in American kitchens in theirs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Set
from fractions import Fraction
from typing import Final

from mealplanner.food.bare_amounts import bare_amounts, bare_counts, marked
from mealplanner.food.measures import CUP_ML, TEASPOON_ML
from mealplanner.food.spelling import singular
from mealplanner.food.wording import WEIGHTS, Units, count_word, number_text, part_text, volume_text, weight_text
from mealplanner.planner.model import Food

MILLILITRES: Final[Mapping[str, float]] = {
    "ml": 1, "l": 1000, "tsp": TEASPOON_ML, "tbsp": 3 * TEASPOON_ML, "cup": CUP_ML, "glass": 200,
}  # fmt: skip
INCH_MM: Final = 25.4

_BRACES: Final = re.compile(r"\{([^{}]*)\}")
_AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?) ([a-z]+)")
_COUNT: Final = re.compile(r"(\d+) ([a-z][a-z ]*)")
_REFERENCE: Final = re.compile(r"([a-z]+(?:-[a-z0-9]+)*)(?: ([1-9]/[1-9]))?")
_CELSIUS: Final = re.compile(r"\b(\d{1,3}) °?C\b")
_LENGTH: Final = re.compile(r"\b(\d{1,3}(?:\.\d)?) (cm|mm)\b")
_OVEN: Final = 100
"""Degrees Celsius from which a temperature is set at a knob, and not read from a thermometer."""
_KNOB: Final = 25
"""Degrees Fahrenheit between two marks of an American oven."""


def step_text(step: str, foods: Mapping[str, Food], grams: Mapping[str, float], servings: float, units: Units) -> str:
    """Return `step` for `servings`; `grams` are those of one serving, by the id of the food."""

    def amount(found: re.Match[str]) -> str:
        return _amount(found[1], foods, grams, servings, units) or found[0]

    text = _BRACES.sub(amount, marked(step))
    text = _CELSIUS.sub(lambda found: _degrees(int(found[1]), units), text)
    return text if units == "metric" else _LENGTH.sub(lambda found: _inches(float(found[1]), found[2]), text)


def step_problems(step: str, foods: Set[str]) -> Iterator[str]:
    """Yield what is wrong with a step of the catalogue whose recipe has `foods`."""
    for bare in bare_amounts(step):
        yield f"{bare!r} stays the same for more people: expected it in braces, like {{150 ml}}"
    for bare in bare_counts(step):
        yield f"{bare!r} stays the same for more people: expected it in braces, like {{8 balls}}"
    for written in _BRACES.findall(step):
        reference = _REFERENCE.fullmatch(written)
        if reference and reference[1] not in foods:
            yield f"{{{written}}} names no food of the recipe"
        elif not (reference or _COUNT.fullmatch(written) or _is_amount(written)):
            yield f"{{{written}}}: expected an amount like 150 ml, a count like 8 balls, or a food like olive-oil 1/2"
    if len(re.findall(r"[{}]", step)) != 2 * len(_BRACES.findall(step)):
        yield "a brace without its other one"


def _is_amount(written: str) -> bool:
    found = _AMOUNT.fullmatch(written)
    return found is not None and (found[2] in MILLILITRES or found[2] in WEIGHTS)


def _amount(
    written: str, foods: Mapping[str, Food], grams: Mapping[str, float], servings: float, units: Units
) -> str | None:
    """Return what stands between two braces for `servings`, None where it is not of the notation."""
    if _is_amount(written):
        number, unit = written.split()
        total = float(number) * servings
        if unit in WEIGHTS:
            return weight_text(total * WEIGHTS[unit], units)
        return volume_text(total * MILLILITRES[unit], units)
    if found := _COUNT.fullmatch(written):
        return _counted(max(1, math.floor(int(found[1]) * servings + 0.5)), found[2])
    found = _REFERENCE.fullmatch(written)
    if found and found[1] in grams:
        return part_text(foods[found[1]], grams[found[1]] * float(Fraction(found[2] or 1)) * servings, units)
    return None


def _counted(count: int, what: str) -> str:
    """Return `one thick patty` or `two thick patties`, whichever of them was written."""
    *before, noun = what.split()
    noun = singular(noun) if count == 1 else _plural(singular(noun))
    return " ".join((count_word(count), *before, noun))


def _plural(noun: str) -> str:
    if noun.endswith(("leaf", "loaf", "half")):
        return f"{noun[:-1]}ves"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def _degrees(celsius: int, units: Units) -> str:
    if units == "metric":
        return f"{celsius} °C"
    fahrenheit = celsius * 9 / 5 + 32
    return f"{_KNOB * round(fahrenheit / _KNOB) if celsius >= _OVEN else round(fahrenheit)} °F"


def _inches(length: float, unit: str) -> str:
    """Return quarters of an inch, and an eighth for what is less."""
    inches = length * (10 if unit == "cm" else 1) / INCH_MM
    return f"{number_text(max(1, round(4 * inches)) / 4 if inches >= 0.18 else 0.125)} inch"
