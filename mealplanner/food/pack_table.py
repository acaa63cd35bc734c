"""How shops sell the foods of the table. Read from `data/packs.tsv`.

A line is for one food, for the foods of an aisle of the table in one state (`vegetables frozen`), or for a whole aisle
(`vegetables`). A column that one leaves blank is taken from the next.

| column | says |
|---|---|
| `called` | what a shop calls it, `one|many`, where that is not the food's name |
| `bought` | the food that it is bought as: rice for cooked rice, eggs for egg white; `nothing` for water |
| `part` | the part of `bought` that it is: whites and yolks come out of the same eggs, two foods of one part do not |
| `yields` | grams of the food that a gram of `bought` gives, such as `33/50`; `water` where only water goes in |
| `metric`, `us` | the packs, `|` between them, in metric shops and in American ones |
| `aisle` | where it stands in a shop, of `SHOP_AISLES` |
| `staple` | `yes` for what a kitchen usually has |
| `source` | where yields and weights that are not on the label come from |

A pack is `500 g bag`; `400 g tin=240` where 240 g are left when it is drained; `bunch=30` where no label gives the
weight; `6 box` for six pieces; `each` for single pieces, `each=900` where `measures.tsv` does not know their weight;
`loose` for what is weighed. Tins and cans that `measures.tsv` knows are taken from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from mealplanner.food.findings import Finding
from mealplanner.food.measures import CUP_ML, PACKED, Measures, measures_of
from mealplanner.food.table import FoodTableError, Row, load_foods, read_lines
from mealplanner.food.unknown import UNKNOWN, unknown_food
from mealplanner.food.vocabulary import AISLES, STATES
from mealplanner.food.wording import WEIGHTS, Units, said_name
from mealplanner.planner.model import Food

COLUMNS: Final = ("food", "called", "bought", "part", "yields", "metric", "us", "aisle", "staple", "source")

SHOP_AISLES: Final[Mapping[str, str]] = {
    "vegetables": "Vegetables and herbs",
    "fruit": "Fruit",
    "bakery": "Bread and wraps",
    "meat": "Meat",
    "fish": "Fish",
    "dairy": "Dairy and eggs",
    "chilled": "Tofu and chilled food",
    "tins": "Tins and jars",
    "dry-goods": "Rice, pasta and pulses",
    "oils-sauces": "Oils, vinegars and sauces",
    "spices": "Spices and dried herbs",
    "baking": "Flour, sugar and baking",
    "nuts": "Nuts, seeds and dried fruit",
    "spreads": "Spreads, honey and jam",
    "drinks": "Drinks",
    "frozen": "Frozen food",
}
"""Aisle of a shop -> how people read it, in the order of a walk through most shops."""

SHELVES: Final[Mapping[str, str]] = {**SHOP_AISLES, UNKNOWN: "Unknown foods"}
"""The same, and at the end where foods stand that are not known to this release."""

Called = tuple[str, str]
"""What a shop calls one and several of a food."""

NOTHING: Final = "nothing"
"""What water is bought as."""

_SYSTEMS: Final[Mapping[Units, str]] = {"metric": "metric", "imperial": "us"}
_TINS: Final[Mapping[Units, str]] = {"metric": "tin", "imperial": "can"}
_MILLILITRES: Final = {
    **{"ml": 1.0, "l": 1000.0, "fl oz": 2 * CUP_ML / 16, "pint": 2 * CUP_ML},
    **{"quart": 4 * CUP_ML, "gallon": 16 * CUP_ML},
}
_PACK: Final = re.compile(
    rf"(?:(?P<size>[\d.]+|1/2) (?P<unit>{'|'.join([*WEIGHTS, *_MILLILITRES])}) |(?P<pieces>\d+) )?"
    r"(?P<container>[a-z]+)(?:=(?P<grams>[\d.]+))?"
)
_BARE: Final = frozenset({"each", "loose"})
_LABELLED: Final = re.compile(r"(.+) (?:tin|can) of ")
_PREPARED: Final = re.compile(r", (?:canned|cooked or canned and drained|drained|home-made|without peel)(?=,|$)")
"""What a name says of the food in the kitchen, and not of the one in the shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What is put into the basket: a tin, a bunch, an onion."""

    one: str
    many: str
    grams: float
    """Of the food, without the liquid of a tin."""
    size: str = ""
    """What stands on it, such as `400 g`."""
    pieces: int = 0
    """How many pieces are in it; 0 where they are not counted."""
    is_piece: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """How shops sell one food."""

    bought: str
    """The id of the food that it is bought as, its own or another one's; empty where it is not bought."""
    part: str
    yields: float
    """Grams of the food that a gram of the bought one gives."""
    called: Called
    packs: Mapping[Units, tuple[Pack, ...]]
    is_weighed: Mapping[Units, bool]
    """Whether shops sell it by weight where it is not counted."""
    aisle: str
    is_staple: bool


def sale_of(food_id: str) -> Sale:
    """Return how shops sell a food; one that the table does not have is weighed."""
    return _sales().get(food_id) or _unknown_sale(food_id)


@cache
def _sales() -> Mapping[str, Sale]:
    foods, lines = load_foods(), load_packs()
    return MappingProxyType({food.id: read_sale(food, lines, foods) for food in foods.values()})


def _unknown_sale(food_id: str) -> Sale:
    name = said_name(unknown_food(food_id).name)
    return Sale(
        bought=food_id,
        part="",
        yields=1.0,
        called=(name, name),
        packs=dict.fromkeys(_SYSTEMS, ()),
        is_weighed=dict.fromkeys(_SYSTEMS, True),
        aisle=UNKNOWN,
        is_staple=False,
    )


@cache
def load_packs() -> Mapping[str, Row]:
    """Return the lines of the package's file, by food or group. Raise `FoodTableError` for a bad line."""
    text = (files("mealplanner.food") / "data" / "packs.tsv").read_text(encoding="utf-8")
    found: dict[str, Row] = {}
    for row in read_lines("packs.tsv", text, COLUMNS):
        if row.text("food") in found:
            raise row.fail("food", "a food or group that has no line yet")
        found[row.text("food")] = row
    return found


def check_packs(lines: Mapping[str, Row], foods: Mapping[str, Food]) -> list[Finding]:
    """Return what is wrong with the lines that `load_packs` read, and which foods they do not answer for."""
    groups = {*AISLES, *(f"{aisle} {state}" for aisle in AISLES for state in STATES)}
    findings = [
        Finding(name, "packs.tsv: packs are of a food, of an aisle, or of an aisle and a state (`vegetables frozen`)")
        for name in lines.keys() - foods.keys() - groups
    ]
    for food in foods.values():
        try:
            read_sale(food, lines, foods)
        except FoodTableError as error:
            findings.append(Finding(food.id, str(error)))
    return findings


def read_sale(food: Food, lines: Mapping[str, Row], foods: Mapping[str, Food]) -> Sale:
    """Return how shops sell `food`. Raise `FoodTableError`, which says what its line lacks."""
    own = lines.get(food.id)
    group = lines.get(f"{food.aisle} {food.state}")
    rows = [row for row in (own, group, lines.get(food.aisle)) if row]
    if not rows or (own is None and group is None and food.state == "cooked"):
        raise FoodTableError(
            f"packs.tsv does not say how shops sell {food.id} ({food.aisle}, {food.state}): add a line for it, with "
            "its packs (`500 g bag`, `each`, `loose`), or with `bought` and `yields` where it is made from another food"
        )
    cells = {column: next((row for row in rows if row.cells[column]), rows[0]) for column in COLUMNS}
    bought, yields = _bought(food, own, lines, foods) if own and own.cells["bought"] else (food, 1.0)
    shown = food if bought is None or (own and own.cells["called"]) else bought
    sale = Sale(
        bought=bought.id if bought else "",
        part=own.cells["part"] if own else "",
        yields=yields,
        called=_called(shown, lines.get(shown.id)),
        packs={units: tuple(_packs(cells[column], column, food, units)) for units, column in _SYSTEMS.items()},
        is_weighed={units: "loose" in cells[column].cells[column].split("|") for units, column in _SYSTEMS.items()},
        aisle=cells["aisle"].cells["aisle"],
        is_staple=cells["staple"].cells["staple"] == "yes",
    )
    if bought is food:
        _check_sale(sale, cells)
    return sale


def _bought(food: Food, own: Row, lines: Mapping[str, Row], foods: Mapping[str, Food]) -> tuple[Food | None, float]:
    """Return the food that `food` is bought as, and the grams that a gram of it gives."""
    if own.cells["bought"] == NOTHING:
        return None, 1
    bought = foods.get(own.cells["bought"])
    line = lines.get(own.cells["bought"])
    if bought is None or bought is food or (line and line.cells["bought"]):
        raise own.fail("bought", "the id of another food, which shops sell as itself")
    if own.cells["yields"] == "water":
        return bought, bought.per_100g.kcal / food.per_100g.kcal
    if not re.fullmatch(r"[1-9]\d*(/[1-9]\d*)?", own.cells["yields"]):
        raise own.fail("yields", "the grams that a gram gives, such as 2 or 33/50, or `water`")
    return bought, float(Fraction(own.cells["yields"]))


def _check_sale(sale: Sale, cells: Mapping[str, Row]) -> None:
    if sale.aisle not in SHOP_AISLES:
        raise cells["aisle"].fail("aisle", f"one of {', '.join(SHOP_AISLES)}")
    for units, column in _SYSTEMS.items():
        packs, is_weighed = sale.packs[units], sale.is_weighed[units]
        if not (packs or is_weighed):
            raise cells[column].fail(
                column, "a pack whose weight is known; `each` and `6 box` need a piece in measures.tsv"
            )
        if is_weighed and not all(pack.is_piece for pack in packs):
            raise cells[column].fail(column, "packs, or `loose`, or `each|loose`")


def _called(food: Food, own: Row | None) -> Called:
    """Return what a shop calls one and several of the food."""
    if own and own.cells["called"]:
        one, _, many = own.cells["called"].partition("|")
        return one, many or one
    piece = measures_of(food).piece
    if piece and " of " not in piece.one and food.state in {"raw", "baked"}:
        return piece.one, piece.many
    name = _PREPARED.sub("", food.name)
    name = said_name(name.removesuffix(", dry") if food.aisle == "grains-pasta" else name)
    return name, name


def _packs(row: Row, column: str, food: Food, units: Units) -> Iterator[Pack]:
    measures = measures_of(food)
    tin = measures.packs.get(_TINS[units])
    if tin and (label := _LABELLED.match(tin.one)):
        kind = _TINS[units]
        yield Pack(one=kind, many=_plural(kind), grams=tin.grams, size=label[1])
    for text in filter(None, row.cells[column].split("|")):
        found = _PACK.fullmatch(text)
        if found is None or not (text in _BARE or found["size"] or found["pieces"] or found["grams"]):
            raise row.fail(column, "packs such as `500 g bag`, `400 g tin=240`, `bunch=30`, `6 box`, `each` or `loose`")
        if text != "loose" and not (tin and found["container"] in PACKED) and (pack := _pack(found, measures)):
            yield pack


def _pack(found: re.Match[str], measures: Measures) -> Pack | None:
    """Return the pack, or nothing where its weight is not known."""
    container, piece = found["container"], measures.piece
    grams = float(found["grams"] or 0)
    if container == "each":
        grams = grams or (piece.grams if piece else 0)
        return Pack(one="", many="", grams=grams, is_piece=True) if grams else None
    if found["pieces"]:
        pieces = int(found["pieces"])
        grams = pieces * piece.grams if piece else 0
        return Pack(one=container, many=_plural(container), grams=grams, pieces=pieces) if grams else None
    if found["size"]:
        grams = grams or float(Fraction(found["size"])) * _grams_in(found["unit"], measures)
    size = f"{found['size']} {found['unit']}".replace("1/2", "½") if found["size"] else ""
    return Pack(one=container, many=_plural(container), grams=grams, size=size) if grams else None


def _grams_in(unit: str, measures: Measures) -> float:
    return WEIGHTS[unit] if unit in WEIGHTS else _MILLILITRES[unit] * measures.cup / CUP_ML


def _plural(container: str) -> str:
    if container == "loaf":
        return "loaves"
    return f"{container}es" if container.endswith(("ch", "x")) else f"{container}s"
