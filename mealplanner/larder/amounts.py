"""Amounts as people say them of what is in the house: `400 g`, `2 tins`, `half a bunch`, `3`. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from mealplanner.food.measures import CUP_ML, measures_of
from mealplanner.food.pack_table import sale_of
from mealplanner.food.spelling import matched_words, singular
from mealplanner.food.wording import OUNCE, WEIGHTS, Units
from mealplanner.planner.model import Food

LONGEST: Final = 60

_SIGNS: Final = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8"}
_WORDS: Final = {"a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "half": "1/2"}
_NUMBER: Final = re.compile(r"(?:(\d{1,6}(?:[.,]\d{1,3})?)(?![\d.,/]))?\s*(?:(\d)/([1-9]))?(.*)")
_POUNDS: Final = re.compile(r"(\d{1,3}) ?lbs? ?(\d{1,2}) ?oz")
_REMARK: Final = re.compile(r"\(.*\)| of \d+$")
"""What stands behind packs: `2 tins (400 g each)`, `2 boxes of 6`."""
_GRAMS: Final[Mapping[str, float]] = {
    **WEIGHTS,
    **dict.fromkeys(("gram", "gr"), WEIGHTS["g"]),
    **dict.fromkeys(("kilo", "kilogram"), WEIGHTS["kg"]),
    "ounce": WEIGHTS["oz"],
    "pound": WEIGHTS["lb"],
}
_MILLILITRES: Final = {
    **dict.fromkeys(("ml", "millilitre", "milliliter"), 1.0),
    **dict.fromkeys(("l", "litre", "liter"), 1000.0),
    **dict.fromkeys(("fl oz", "fluid ounce"), CUP_ML / 8),
    **dict.fromkeys(("cup",), CUP_ML),
    **dict.fromkeys(("pint",), 2 * CUP_ML),
    **dict.fromkeys(("quart",), 4 * CUP_ML),
    **dict.fromkeys(("gallon",), 16 * CUP_ML),
    **dict.fromkeys(("tbsp", "tablespoon"), CUP_ML / 16),
    **dict.fromkeys(("tsp", "teaspoon"), CUP_ML / 48),
}


def grams_of(food: Food, text: str, units: Units = "metric") -> float | None:
    """Return the grams that `text` says of `food`; None for what is no amount of it, and for 0 and less.

    A bare number counts pieces; it says nothing of a food that has none.
    """
    if len(text) > LONGEST:
        return None
    tidied = " ".join(_REMARK.sub("", text.lower()).split())
    if pounds := _POUNDS.fullmatch(tidied):
        return (16 * int(pounds[1]) + int(pounds[2])) * OUNCE or None
    for sign, digits in _SIGNS.items():
        tidied = tidied.replace(sign, f" {digits} ")
    first, _, others = tidied.strip().partition(" ")
    tidied = f"{_WORDS[first]} {others.removeprefix('a ')}" if first in _WORDS else tidied.strip()
    found = _NUMBER.fullmatch(tidied)
    if found is None or not (found[1] or found[2]):
        return None
    whole = Fraction((found[1] or "0").replace(",", "."))
    number = whole + (Fraction(int(found[2]), int(found[3])) if found[2] else 0)
    each = _unit_grams(food, found[4].strip(), units)
    return float(number) * each if number > 0 and each else None


def _unit_grams(food: Food, unit: str, units: Units) -> float:
    """Return the grams of one `unit` of the food; 0 where it has no such unit."""
    measures = measures_of(food)
    packs = sale_of(food.id).packs
    others = packs["imperial" if units == "metric" else "metric"]  # a tin is understood in America too
    named = {_plain(pack.one): pack.grams for pack in reversed((*packs[units], *others)) if pack.one}
    pieces = {pack.grams for pack in sale_of(food.id).packs[units] if pack.is_piece or pack.pieces}
    piece = measures.piece.grams if measures.piece else next(iter(pieces), 0.0)
    if not unit:
        return piece
    plain = _plain(unit)
    if plain in _GRAMS:
        return _GRAMS[plain]
    if plain in _MILLILITRES:
        return _MILLILITRES[plain] * measures.cup / CUP_ML
    if plain in named:
        return named[plain]
    words = set(matched_words(unit))
    names = {*sale_of(food.id).called, *((measures.piece.one, measures.piece.many) if measures.piece else ())}
    is_piece = plain == "piece" or any(words <= set(matched_words(name)) for name in names)
    return piece if is_piece else 0.0


def _plain(unit: str) -> str:
    return " ".join(singular(word) for word in unit.replace(".", "").split())
