"""Read what compound foods are made of: `data/composition.tsv`, one line for each food that is more than itself.

Columns, tab separated below one header line: the food's id, what it certainly holds, what it may hold, and why where
that is not plain from the two. Both lists are separated by commas: ids of the food table, or in quotes something that
the table has not got. *Certainly* means in practically every brand and recipe, *may* in some. Water and salt are not
listed. A line with two empty lists was looked at and holds one thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

from mealplanner.food.table import read_lines

COLUMNS: Final = ("food", "certainly", "maybe", "reason")


@dataclass(frozen=True, slots=True)
class Composition:
    """What one food holds: ids of the food table, and in quotes what the table has not got."""

    certainly: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()


@cache
def load_composition() -> Mapping[str, Composition]:
    """Return the composition of the package's compound foods, by their ids. Raises `FoodTableError`."""
    return read_composition(files("mealplanner.food") / "data" / "composition.tsv")


def read_composition(file: Traversable) -> Mapping[str, Composition]:
    """Read `file`. Raises `FoodTableError` for a line that is not of the form described above."""
    found: dict[str, Composition] = {}
    for row in read_lines(file.name, file.read_text(encoding="utf-8"), COLUMNS):
        food_id = row.text("food")
        if food_id in found:
            raise row.fail("food", "a food that has no line yet")
        found[food_id] = Composition(_items(row.cells["certainly"]), _items(row.cells["maybe"]))
    return MappingProxyType(found)


class Uses:
    """Which foods hold what, at any depth: barbecue sauce holds what Worcestershire sauce in it is made of."""

    def __init__(self, composition: Mapping[str, Composition]) -> None:
        self._certainly = _turned({food: parts.certainly for food, parts in composition.items()})
        self._either = _turned({food: parts.certainly + parts.maybe for food, parts in composition.items()})

    def holders(self, wanted: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Return the foods that certainly hold one of `wanted`, and those that only may."""
        items = tuple(wanted)
        certainly = _reach(items, self._certainly)
        return certainly, _reach(items, self._either) - certainly


def _turned(parts: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    uses: dict[str, list[str]] = {}
    for food, items in parts.items():
        for item in items:
            uses.setdefault(item, []).append(food)
    return uses


def _reach(wanted: Iterable[str], uses: Mapping[str, list[str]]) -> frozenset[str]:
    reached, todo = set[str](), list(wanted)
    while todo:
        new = [food for food in uses.get(todo.pop(), ()) if food not in reached]
        reached.update(new)
        todo += new
    return frozenset(reached)


def _items(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split(",") if item.strip())
