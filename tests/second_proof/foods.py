"""Foods by their names alone: what they are according to the words of `words.FAMILIES`, and what they hold as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import mealplanner.food
from tests.second_proof.words import FAMILIES, INNOCENT, RULES

Row = dict[str, str]
"""A line of the food table, by the names of its columns."""


@cache
def table() -> dict[str, Row]:
    """Return the lines of all aisles, each with its `aisle` beside the columns, by the id of the food."""
    folder = Path(next(iter(mealplanner.food.__path__))) / "data" / "foods"
    rows = {}
    for file in sorted(folder.glob("*.tsv")):
        header, *lines = file.read_text(encoding="utf-8").splitlines()
        for line in lines:
            row = dict(zip(header.split("\t"), line.split("\t"), strict=True))
            rows[row["id"]] = {**row, "aisle": file.stem}
    return rows


def sounding(row: Row, rule: str) -> Iterator[str]:
    """Yield the families against `rule` that a food belongs to by its names."""
    return (family for family in RULES[rule] if sounds_like(family, row["name"], *row["aliases"].split("|")))


@cache
def sounds_like(family: str, name: str, *others: str) -> bool:
    """Return whether a food that is called `name`, and `others` beside, belongs to `family` by these words."""
    if any(has_words(innocent, name) for innocent in INNOCENT.get(family, ())):
        return False
    return any(has_words(FAMILIES[family], called) for called in (name, *others))


def has_words(words: str, text: str) -> bool:
    """Return whether one of `words`, with `|` between them, stands in `text`, also in the plural."""
    return _pattern(words).search(text) is not None


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})(?:s|es)?\b", re.IGNORECASE)
