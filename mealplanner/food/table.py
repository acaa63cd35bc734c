"""Read the food table: `data/foods/*.tsv`, one file for each aisle, one line for each food.

Columns, tab separated below one header line: id, name, aliases (`|` between them), state, source, then per 100 g
kcal, protein, fat, saturates (part of the fat), carbohydrate, fibre and sugars (parts of it) and salt in grams, then
the traits it contains, those that may be hidden in it and those it may hold traces of (space separated, `-` where a
reviewer found none), the grams of a cup, tablespoon and teaspoon (blank where there is no such measure), and the excuse
of a food whose energy is not what its macros give.

Figures are those of the entry named by `source`, see `food.sources`; salt is 2.5 times the sodium. Where a table counts
fibre apart from carbohydrate, the two are added here. Saturates, fibre, sugars and salt are blank, and `nan` in a
`Food`, where the entry has no figure: unknown is never taken for none.
A trait stands under `may` when some brands have it in their recipe or use it in the making (rennet in cheese, wheat
in stock, egg white in wine). An allergen stands under `traces` when it only gets there by accident and the food is
notorious for it: gluten in oats and millet, peanuts among other nuts. What a label has to promise is in the food's
name.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

from mealplanner.food.sources import TABLES
from mealplanner.food.vocabulary import AISLES, MEASURES
from mealplanner.planner.model import Food, Nutrients

COLUMNS: Final = (
    *("id", "name", "aliases", "state", "source"),
    *("kcal", "protein", "fat", "saturates", "carbohydrate", "fibre", "sugars", "salt"),
    *("contains", "may", "traces", *MEASURES, "excuse"),
)


class FoodTableError(ValueError):
    """A line of the food table that cannot be read; the message names the file, the line and the column."""


@dataclass(frozen=True, slots=True)
class FoodTable:
    """The foods by id, and why the energy of some of them differs from what their macros give."""

    foods: Mapping[str, Food]
    excuses: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a data file, and where it stands."""

    place: str
    cells: Mapping[str, str]

    def fail(self, column: str, expected: str) -> FoodTableError:
        """Return the error that says what was expected in `column`."""
        return FoodTableError(f"{self.place}: {column}: expected {expected}, found {self.cells[column]!r}")

    def text(self, column: str) -> str:
        """Return the text of `column`, which must have one."""
        if not self.cells[column].strip():
            raise self.fail(column, "some text")
        return self.cells[column].strip()

    def number(self, column: str) -> float:
        """Return a number that is not negative."""
        try:
            value = float(self.cells[column])
        except ValueError:
            raise self.fail(column, "a number") from None
        if not (math.isfinite(value) and value >= 0):
            raise self.fail(column, "a number that is not negative")
        return value

    def number_or_unknown(self, column: str) -> float:
        """Return a number, `nan` for a blank."""
        return self.number(column) if self.cells[column] else math.nan

    def source(self, column: str) -> str:
        """Return a table of food composition and the entry in it, as `fdc 168874`."""
        table, _, entry = self.cells[column].partition(" ")
        if table not in TABLES or not entry.strip():
            raise self.fail(column, f"a table, one of {', '.join(TABLES)}, and its entry")
        return self.cells[column]

    def traits(self, column: str) -> frozenset[str]:
        """Return the traits of `column`, which says `-` where there are none."""
        cell = self.cells[column]
        if not cell:
            raise self.fail(column, "traits, or '-' when it was reviewed and has none")
        return frozenset() if cell == "-" else frozenset(cell.split())


@cache
def load_table() -> FoodTable:
    """Return the food table that comes with the package. Raises `FoodTableError` for a line it cannot read."""
    return read_table(files("mealplanner.food") / "data" / "foods")


def load_foods() -> Mapping[str, Food]:
    """Return the foods of the package's table, by id."""
    return load_table().foods


def read_table(folder: Traversable) -> FoodTable:
    """Return the table in `folder`, whose files are named for `AISLES`. Raises `FoodTableError`."""
    foods: dict[str, Food] = {}
    excuses: dict[str, str] = {}
    for row, aisle in _rows(folder):
        food = _food(row, aisle)
        if food.id in foods:
            raise row.fail("id", f"an id that {foods[food.id].aisle} does not have already")
        foods[food.id] = food
        if excuse := row.cells["excuse"].strip():
            excuses[food.id] = excuse
    return FoodTable(MappingProxyType(foods), MappingProxyType(excuses))


def _rows(folder: Traversable) -> Iterator[tuple[Row, str]]:
    for file in sorted((item for item in folder.iterdir() if item.name.endswith(".tsv")), key=lambda item: item.name):
        aisle = file.name.removesuffix(".tsv")
        if aisle not in AISLES:
            raise FoodTableError(f"{file.name}:1: expected a file named for an aisle, one of {', '.join(AISLES)}")
        yield from ((row, aisle) for row in read_lines(file.name, file.read_text(encoding="utf-8"), COLUMNS))


def read_lines(name: str, text: str, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the lines of `text`, the tab-separated file `name` with `columns`. Raises `FoodTableError`."""
    header, *lines = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    if tuple(header) != tuple(columns):
        raise FoodTableError(f"{name}:1: expected the columns {', '.join(columns)}")
    for number, cells in enumerate(lines, start=2):
        if len(cells) != len(columns):
            raise FoodTableError(f"{name}:{number}: expected {len(columns)} columns, found {len(cells)}")
        yield Row(f"{name}:{number}", dict(zip(columns, cells, strict=True)))


def _food(row: Row, aisle: str) -> Food:
    return Food(
        id=row.text("id"),
        name=row.text("name"),
        state=row.text("state"),
        aisle=aisle,
        source=row.source("source"),
        per_100g=Nutrients(
            kcal=row.number("kcal"),
            protein_g=row.number("protein"),
            carbohydrate_g=row.number("carbohydrate"),
            fat_g=row.number("fat"),
        ),
        saturates_g=row.number_or_unknown("saturates"),
        fibre_g=row.number_or_unknown("fibre"),
        sugars_g=row.number_or_unknown("sugars"),
        salt_g=row.number_or_unknown("salt"),
        contains=row.traits("contains"),
        may_contain=row.traits("may"),
        traces=row.traits("traces"),
        aliases=tuple(filter(None, row.cells["aliases"].split("|"))),
        grams_per=MappingProxyType({key: row.number(key) for key in MEASURES if row.cells[key]}),
    )
