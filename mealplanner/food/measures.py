"""Household measures: how cooks count, spoon and pour the foods of the table. Read from `data/measures.tsv`.

A line says how one food is measured, or all foods of one aisle that say nothing of their own:

| kind | the food is |
|---|---|
| `each` | counted, in pieces of one size: eggs, slices of bread |
| `always` | counted, and too light to be weighed: cloves of garlic, bay leaves |
| `about` | counted when the number is near, with the grams beside it: pieces of various sizes, such as carrots |
| `tin`, `can` | bought in metric tins or in American cans |
| `spoon` | spooned, and poured or weighed where that would be more than four tablespoons |
| `ml` | poured, in millilitres or in cups |
| `cup` | poured in American kitchens, and weighed in others |
| `weigh` | weighed, although its aisle is not |

`one` and `many` are the words for one and for several pieces; of what is spooned, `one` is what stands after the
spoon, where that is not the food's name. `grams` are those of a piece, a tablespoon or a cup; where they are blank,
the food table knows them. `least` is the smallest share of a piece that is counted. `source` is an entry of USDA
FoodData Central with one of its household portions, or the size in which shops sell it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Final

from mealplanner.food.findings import Finding
from mealplanner.food.table import Row, read_lines
from mealplanner.food.vocabulary import AISLES
from mealplanner.planner.model import Food

COLUMNS: Final = ("food", "kind", "one", "many", "grams", "least", "source")
COUNTED: Final = frozenset({"each", "always", "about"})
PACKED: Final = frozenset({"tin", "can"})
MANNERS: Final = frozenset({"spoon", "ml", "cup", "weigh"})

TEASPOON_ML: Final = 5
"""The metric teaspoon; a tablespoon is three of them."""
CUP_ML: Final = 236.588
"""The US customary cup, half a liquid pint of 28.875 cubic inches."""
CUP_TABLESPOONS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece, tin or can of a food."""

    kind: str
    one: str
    many: str
    grams: float
    least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """How one food is measured. Grams are 0 where they are not known."""

    piece: Piece | None
    packs: Mapping[str, Piece]
    """By kind: `tin` and `can`."""
    manner: str
    """`spoon`, `ml`, `cup` or `weigh`: what is done where there are no pieces."""
    spooned: str
    """What stands after a spoon."""
    tablespoon: float
    cup: float


def measures_of(food: Food) -> Measures:
    given = food.grams_per
    return _measures(food.id, food.aisle, given.get("tbsp") or 3 * given.get("tsp", 0), given.get("cup", 0))


@cache
def _measures(food_id: str, aisle: str, tablespoon: float, cup: float) -> Measures:
    rows = load_measures().get(food_id, {})
    manner = next((kind for kind in rows if kind in MANNERS), None)
    own = rows.get(manner) if manner else None
    if manner is None:
        manner = next(iter(load_measures().get(aisle, {})), "weigh")
    if own and own.cells["grams"]:
        cup, tablespoon = _volumes(manner, own.number("grams"))
    return Measures(
        piece=next((_piece(row) for kind, row in rows.items() if kind in COUNTED), None),
        packs={kind: _piece(row) for kind, row in rows.items() if kind in PACKED},
        manner=manner,
        spooned=own.cells["one"] if own else "",
        tablespoon=tablespoon or cup / CUP_TABLESPOONS,
        cup=cup or tablespoon * CUP_TABLESPOONS,
    )


def _volumes(manner: str, grams: float) -> tuple[float, float]:
    """Return the grams of a cup and of a tablespoon, of which a line gives the one or the other."""
    return (grams * CUP_TABLESPOONS, grams) if manner == "spoon" else (grams, grams / CUP_TABLESPOONS)


def _piece(row: Row) -> Piece:
    return Piece(
        kind=row.text("kind"),
        one=row.text("one"),
        many=row.text("many"),
        grams=row.number("grams"),
        least=float(Fraction(row.text("least"))),
    )


@cache
def load_measures() -> Mapping[str, Mapping[str, Row]]:
    """Return the lines of the package's file, by food or aisle and then by kind. Raises `FoodTableError`."""
    text = (files("mealplanner.food") / "data" / "measures.tsv").read_text(encoding="utf-8")
    found: dict[str, dict[str, Row]] = {}
    for row in read_lines("measures.tsv", text, COLUMNS):
        kind = row.text("kind")
        if kind not in COUNTED | PACKED | MANNERS:
            raise row.fail("kind", f"one of {', '.join(sorted(COUNTED | PACKED | MANNERS))}")
        kinds = found.setdefault(row.text("food"), {})
        if kind in kinds:
            raise row.fail("kind", "a kind that the food does not have already")
        kinds[kind] = row
    return found


def check_measures(lines: Mapping[str, Mapping[str, Row]], foods: Mapping[str, Food]) -> list[Finding]:
    """Return what is wrong with the lines that `load_measures` read."""
    findings = [
        Finding(name, "measures are of a food or of an aisle") for name in lines.keys() - foods.keys() - AISLES.keys()
    ]
    for name, kinds in lines.items():
        if len(kinds.keys() & COUNTED) > 1 or len(kinds.keys() & MANNERS) > 1:
            findings.append(Finding(name, f"is counted or poured in two ways: {', '.join(sorted(kinds))}"))
    return findings
