"""Ingredients as a number, a unit and a food, for programs that compute with them. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from mealplanner.recipe_files.values import one_line
from mealplanner.recipes.values import IngredientLine


class Amount(NamedTuple):
    """An ingredient, cut into its parts; `unit` is empty where pieces are counted."""

    amount: float
    unit: str
    food: str
    note: str


_SIGNS: Final = "⅛¼⅓½⅔¾"
_UNITS: Final = "g|kg|ml|l|oz|lb|tsp|tbsp|cups?|quarts"
_WORDED: Final = re.compile(
    rf"(?P<whole>\d+(?:\.\d+)?)?(?P<part>[{_SIGNS}])? (?:(?P<unit>{_UNITS}) )?"
    rf"(?P<food>(?!(?:{_UNITS}) )[^\W\d][^(]*?)(?: \((?P<note>[^()]+)\))?"
)


def amount_of(line: IngredientLine) -> Amount:
    """Return `2 tbsp olive oil (28 g)` as 2, `tbsp`, `olive oil` and `28 g`.

    What does not begin with one number, such as `a pinch of salt`, is in grams, with its text as the note.
    """
    text = one_line(line.text)
    found = _WORDED.fullmatch(text)
    if found is None or not (found["whole"] or found["part"]):
        return Amount(round(line.grams, 2), "g", line.name, text)
    part = unicodedata.numeric(found["part"]) if found["part"] else 0
    return Amount(round(float(found["whole"] or 0) + part, 3), found["unit"] or "", found["food"], found["note"] or "")
