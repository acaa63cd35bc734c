"""Amounts that a step states in plain words, which stay as they are however many are served. Pure.

The steps of the catalogue may hold none, since `food.steps` has a notation for amounts that grow. Steps that a model
wrote, and those stored before there was a notation, hold some: `marked` puts into braces what can be told for certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from mealplanner.food.spelling import words

_NUMBERS: Final = {
    word: number
    for number, word in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=2)
} | {"eleven": 11, "twelve": 12, "sixteen": 16, "twenty": 20}
_OTHERS: Final = {"a": 1, "an": 1, "one": 1, "half a": 0.5, "half an": 0.5, "a few": 3, "a couple of": 2}
_SIGNS: Final = {"": 0, "¼": 0.25, "⅓": 0.33, "½": 0.5, "⅔": 0.67, "¾": 0.75}
_UNITS: Final = {
    spelling: unit
    for unit, spellings in {
        "ml": "ml millilitre milliliter",
        "l": "l litre liter",
        "tsp": "tsp teaspoon teaspoonful",
        "tbsp": "tbsp tablespoon tablespoonful spoonful",
        "cup": "cup",
        "glass": "glass",
        "g": "g gram",
        "kg": "kg kilogram",
        "oz": "oz ounce",
        "lb": "lb pound",
    }.items()
    for spelling in spellings.split()
}
_PIECES: Final = frozenset(
    {"ball", "bun", "burger", "cake", "chop", "clove", "crepe", "cutlet", "disc", "dumpling", "egg", "fillet"}
    | {"flatbread", "fritter", "leaf", "loaf", "meatball", "mug", "omelette", "pancake", "parcel", "patty", "piece"}
    | {"portion", "rasher", "roll", "round", "sausage", "skewer", "slice", "sprig", "square", "stalk", "stick"}
    | {"strip", "tortilla", "wedge", "wrap"}
)
"""What is counted, in the singular: how many there are grows with the servings."""
_NOT_BETWEEN: Final = frozenset(
    {"a", "and", "c", "cm", "for", "g", "hour", "in", "minute", "mm", "of", "or", "second", "the", "time", "to", "with"}
)
"""Words after which a number is not that of the pieces: `2 cm slices`."""

_BRACES: Final = re.compile(r"\{[^{}]*\}")
_AMOUNT: Final = re.compile(
    rf"(?<![\w.,/½¼¾⅓⅔{{-])(?P<number>{'|'.join(sorted({*_NUMBERS, *_OTHERS}, key=len, reverse=True))}"
    rf"|\d{{1,5}}(?:\.\d{{1,3}})?(?P<sign>[{''.join(_SIGNS)}]?)|[{''.join(_SIGNS)}])[ -]?"
    rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?:e?s)?\b"
    r"(?! (?:tins?|cans?|jars?|packs?|pieces?|each|cubes|at a time)\b)",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(rf"(?<![\w.,/-])(?:{'|'.join(_NUMBERS)}|\d+)(?=((?: [a-z]+){{1,3}})\b)", re.IGNORECASE)


def marked(step: str) -> str:
    """Return `step` with its bare masses and volumes in braces: `{150 ml} of water`, `{2 tbsp} of oil`."""
    return _AMOUNT.sub(_braced, step) if "{" not in step else step


def bare_amounts(step: str) -> Iterator[str]:
    """Yield the masses and volumes that stand outside braces, as they are written."""
    yield from (found[0] for found in _AMOUNT.finditer(_BRACES.sub("{}", step)) if _is_amount(found))


def bare_counts(step: str) -> Iterator[str]:
    """Yield the numbers of pieces that stand outside braces: `eight balls`."""
    for found in _COUNT.finditer(_BRACES.sub("{}", step)):
        following = words(found[1])
        piece = next((place for place, word in enumerate(following) if word in _PIECES), None)
        if piece is not None and not _NOT_BETWEEN & set(following[:piece]):
            yield " ".join((found[0], *found[1].split()[: piece + 1]))


def count_pieces(steps: Iterable[str]) -> bool:
    """Say whether some step tells how many pieces there are, and cannot be told for more servings."""
    return any(True for step in steps for _ in bare_counts(step))


def _is_amount(found: re.Match[str]) -> bool:
    """Say whether it is an amount of something: `a cup of water`, and not a cup to drink from."""
    vessel = _UNITS[found["unit"].lower()] in {"cup", "glass"} and found["number"].lower() in _OTHERS
    return not vessel or found.string.startswith(" of ", found.end())


def _braced(found: re.Match[str]) -> str:
    if not _is_amount(found):
        return found[0]
    written = found["number"].lower()
    number = _NUMBERS.get(written) or _OTHERS.get(written) or _in_digits(written, found["sign"] or "")
    digits = f"{number:.2f}".rstrip("0").rstrip(".")
    return f"{{{digits} {_UNITS[found['unit'].lower()]}}}"


def _in_digits(written: str, sign: str) -> float:
    digits = written.removesuffix(sign) if sign else written
    return _SIGNS[written] if written in _SIGNS else float(digits) + _SIGNS[sign]
