"""How an amount of a food is worded for a kitchen: `2 eggs`, `½ tsp salt`, `1 tbsp olive oil (14 g)`, `60 g oats`.

Amounts are rounded to what a cook can measure; energy and macros are computed from the grams. Where the weight
matters, because pieces vary in size or a spoon holds much energy, it stands beside in brackets.
"""

from __future__ import annotations

import functools
import math
import re
from bisect import bisect
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal

from mealplanner.food.measures import CUP_ML, CUP_TABLESPOONS, TEASPOON_ML, Measures, Piece, measures_of
from mealplanner.planner.model import Food

PROPER: Final = frozenset(
    {"Aleppo", "Appenzeller", "Asian", "Brazil", "Brussels", "Cajun", "Camembert", "Cheddar", "Chinese"}
    | {"Comte", "Cotija", "Edam", "English", "Fontina", "Gouda", "Grana", "Greek", "Gruyere", "Irish"}
    | {"Italian", "Jerusalem", "Korean", "Malabar", "Medjool", "Monterey", "Oaxaca", "Parma", "Parmesan"}
    | {"Pecorino", "Polish", "Portobello", "Provolone", "Romaine", "Roquefort", "Savoy", "Scotch", "Serrano"}
    | {"Sichuan", "Swiss", "Thai", "Tilsiter", "Worcestershire"}
)
"""First words that keep their capital in the middle of a sentence."""

_SAID_FIRST: Final = re.compile(
    r"([^,]+), (alcohol-free|air-popped|black|canned|chopped|cloudy|cooked|defatted|dried|dry|extra firm|extra lean"
    r"|fat-free|firm|fresh|fried|frozen|full-fat|gluten-free|green|ground|home-made|hulled|lactose-free|lean|low-fat|part-skim|pitted|plain"
    r"|red|roasted|salted|silken|skinless|sliced|smoked|soft|streaky|sweetened|unfiltered|unsalted|unsweetened|vegan"
    r"|vegetarian|whole|wild|yellow)(?=,|$)"
)
"""A name and what the table says behind it, and cooks say before it."""

Units = Literal["metric", "imperial"]

OUNCE: Final = 28.349523125
"""Grams; the international avoirdupois ounce, 1/16 of 0.45359237 kg."""

WEIGHTS: Final[Mapping[str, float]] = {"g": 1.0, "kg": 1000.0, "oz": OUNCE, "lb": 16 * OUNCE}
"""What amounts are weighed in, in grams."""

POURED: Final = {"metric": frozenset({"spoon", "ml"}), "imperial": frozenset({"spoon", "ml", "cup"})}
"""The manners in which an amount is read from a spoon, a jug or a cup."""
NEAR: Final = 0.2
"""How far a count of pieces may lie from the grams, as a fraction of them."""
NEAR_PACK: Final = 0.12
EXACT: Final = 0.1
"""Up to this fraction no weight stands beside what is counted in pieces of one size."""
MOST_PIECES: Final = 12
"""Of pieces of various sizes; more are weighed."""
MOST_TABLESPOONS: Final = 4.25
LEAST_TABLESPOON: Final = 0.9
LEAST_CUP: Final = 0.22
LEAST_GRAMS: Final = 0.5
"""Kitchen scales show nothing of less."""
LEAST_WEIGHED: Final = 14.5
"""Grams below which pieces are counted although they come out near no number, and flour or crumbs are spooned."""
NEAR_LIGHT: Final = 0.5
"""What `NEAR` is for so little."""
LEAST_OUNCE: Final = 0.2
PINCH: Final = 1 / 12
"""Of a teaspoon: anything less is a pinch."""
A_PINCH: Final = "a pinch"
RICH_KCAL: Final = 40
RICH_KCAL_PER_100G: Final = 150
"""The energy from which the weight of a spoonful or a cup matters."""

_SIGNS: Final = {0: "", 0.125: "⅛", 0.25: "¼", 1 / 3: "⅓", 0.5: "½", 2 / 3: "⅔", 0.75: "¾"}
_NUMBERS: Final = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


class _Ladder:
    """The amounts that a measure holds, worded; any other amount is taken for the nearest of them, by ratio."""

    def __init__(self, amounts: str, one: str, many: str) -> None:
        steps = [_sum(item) for item in amounts.split()]
        self._texts = [f"{number_text(step)} {one if step <= 1 else many}" for step in steps]
        self._bounds = [math.sqrt(lower * upper) for lower, upper in pairwise(steps)]

    def __call__(self, amount: float) -> str:
        return self._texts[bisect(self._bounds, amount)]


def _sum(text: str) -> float:
    return float(sum(map(Fraction, text.split("+"))))


def number_text(count: float) -> str:
    """Return `1½`. The fraction is one of those that have a sign."""
    whole, part = divmod(count, 1)
    sign = _SIGNS[next(known for known in _SIGNS if abs(known - part) < 0.01)]
    return f"{int(whole) or ''}{sign}"


_TEASPOONS: Final = _Ladder("1/8 1/4 1/2 3/4 1 1+1/2 2 2+1/2", "tsp", "tsp")
_TABLESPOONS: Final = _Ladder("1 1+1/2 2 2+1/2 3 3+1/2 4", "tbsp", "tbsp")
_CUPS: Final = _Ladder(
    "1/4 1/3 1/2 2/3 3/4 1 1+1/4 1+1/3 1+1/2 1+2/3 1+3/4 2 2+1/4 2+1/2 2+3/4 3 3+1/2 4 4+1/2 5 5+1/2 6 6+1/2 7 7+1/2 8",
    "cup",
    "cups",
)
_MOST_CUPS: Final = 8
_JUGS: Final = ((100, 5), (250, 10), (500, 25), (2000, 50))
"""Millilitres -> the steps in which less than that is poured."""


def ingredient_text(food: Food, grams: float, units: Units = "metric") -> str:
    """Return `2 eggs`, `1 onion (110 g)`, `1 tbsp olive oil (14 g)`, `a pinch of salt` or `60 g rolled oats`."""
    amount, name, weight = _worded(food, measures_of(food), grams, units)
    return f"{amount}{name} ({_metric(grams)})" if weight else f"{amount}{name}"


def part_text(food: Food, grams: float, units: Units = "metric") -> str:
    """Return the amount alone, `2 tsp` or `1 clove`; where pieces vary in size, their weight or cups of them."""
    measures = measures_of(food)
    if measures.piece and measures.piece.kind == "about":
        fills_a_cup = measures.manner == "cup" and grams >= LEAST_CUP * measures.cup > 0
        return _cups(grams / measures.cup) if fills_a_cup and units == "imperial" else weight_text(grams, units)
    if measures.piece and measures.piece.kind == "always":
        return _counted(measures.piece, grams, measures.piece.least).partition(" of ")[0]
    return _worded(food, measures, grams, units)[0]


def spoon_text(food: Food, grams: float, units: Units = "metric") -> str:
    """Return `2 tbsp`; nothing for what is not spooned, or is too much for four spoons."""
    measures = measures_of(food)
    is_spooned = measures.manner in POURED[units] and measures.tablespoon
    return _spoons(3 * grams / measures.tablespoon, units) if is_spooned else ""


def volume_text(millilitres: float, units: Units = "metric") -> str:
    """Return `150 ml` or `⅔ cup`, and `2 tbsp` for what is too little for a jug."""
    spoon = _spoons(millilitres / TEASPOON_ML, units)
    return spoon or (_millilitres(millilitres) if units == "metric" else _cups(millilitres / CUP_ML))


def weight_text(grams: float, units: Units = "metric") -> str:
    """Return `60 g` or `2 oz`."""
    return _metric(grams) if units == "metric" else _ounces(grams)


def count_word(count: int) -> str:
    """Return `two` for 2, and digits above twelve."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


@functools.cache
def said_name(name: str) -> str:
    """Return `ground turmeric` for `Turmeric, ground`."""
    found = _SAID_FIRST.match(name)
    if not found:
        return inside_a_sentence(name)
    return f"{found[2]} {inside_a_sentence(found[1])}{name[found.end() :]}"


def some(food: Food) -> str:
    """Return what a sentence calls a food of which there is some: `tomatoes`, `ground turmeric`, `spinach`."""
    piece = measures_of(food).piece
    if piece is None or " of " in piece.one:
        return inside_a_sentence(food.name.split(",")[0])
    return piece.many


def inside_a_sentence(name: str) -> str:
    """Return `name` with a small first letter, unless its first word is a proper name."""
    return name if name.split()[0].rstrip(",") in PROPER else name[:1].lower() + name[1:]


def _worded(food: Food, measures: Measures, grams: float, units: Units) -> tuple[str, str, bool]:
    """Return the amount, the rest of the text with the food's name, and whether its weight matters."""
    name = said_name(food.name)
    pack = measures.packs.get("tin" if units == "metric" else "can")
    if found := (pack and _packs(pack, grams)) or (measures.piece and _pieces(measures.piece, grams)):
        text, weight = found
        amount, of, rest = text.partition(" of ")
        return amount, of + rest, weight
    is_light = measures.manner == "cup" and grams < LEAST_WEIGHED
    is_poured = (is_light or measures.manner in POURED[units]) and measures.cup
    if is_poured and (poured := _poured(measures, grams, units)):
        of = " of" if poured == A_PINCH else ""
        return poured, f"{of} {measures.spooned or name}", _is_rich(food, measures, grams)
    weight_alone = weight_text(grams, units) if grams >= LEAST_GRAMS else "a little"
    return weight_alone, f" {_weighed(name, measures.piece, grams)}", False


def _weighed(name: str, piece: Piece | None, grams: float) -> str:
    """Return `carrots` for several of them, `carrot` for a part of one, and the name where a piece is part of it."""
    if piece is None or " of " in piece.one:
        return name
    return piece.many if grams > piece.grams else piece.one


def _is_rich(food: Food, measures: Measures, grams: float) -> bool:
    """Say whether the weight of what is spooned or poured matters: where a little more is much more energy."""
    dense = food.per_100g.kcal >= RICH_KCAL_PER_100G or measures.manner == "cup"
    return dense and food.per_100g.kcal * grams / 100 >= RICH_KCAL


def _pieces(piece: Piece, grams: float) -> tuple[str, bool] | None:
    """Count pieces, where the amount is near a number that cooks count; the larger the number, the rounder it is."""
    exact = grams / piece.grams
    always = piece.kind == "always"
    step = piece.least if exact < 1 else 1 if exact >= 4 else max(piece.least, 1 if always else 0.5)
    if always:
        return _counted(piece, grams, step), False
    off = abs(_count(piece, grams, step) * piece.grams - grams) / grams
    if off > (NEAR if grams >= LEAST_WEIGHED else NEAR_LIGHT) or (piece.kind == "about" and exact > MOST_PIECES + 0.5):
        return None
    return _counted(piece, grams, step), piece.kind == "about" or off > EXACT


def _counted(piece: Piece, grams: float, step: float) -> str:
    count = _count(piece, grams, step)
    return f"{number_text(count)} {piece.one if count <= 1 else piece.many}"


def _count(piece: Piece, grams: float, step: float) -> float:
    """Return the number of pieces in steps of `step`, and never none."""
    return max(piece.least, step * math.floor(grams / piece.grams / step + 0.5))


def _packs(pack: Piece, grams: float) -> tuple[str, bool] | None:
    """Count tins or cans, where the amount is very near to whole or half ones."""
    count = math.floor(2 * grams / pack.grams + 0.5) / 2
    off = abs(count * pack.grams - grams) / grams
    if not count or off > NEAR_PACK:
        return None
    if count <= 1:
        text = f"{'a' if count == 1 else 'half a'} {pack.one}"
    elif count < len(_NUMBERS):
        text = f"{count_word(int(count))}{' and a half' if count % 1 else ''} {pack.many}"
    else:
        text = f"{math.floor(count + 0.5)} \N{MULTIPLICATION SIGN} {pack.many}"
    return text, "drained" in pack.one or off > EXACT / 2


def _poured(measures: Measures, grams: float, units: Units) -> str:
    """Return spoons, millilitres or cups; nothing for what is weighed."""
    if spoons := _spoons(3 * grams / measures.tablespoon, units):
        return spoons
    if units == "imperial":
        return _cups(grams / measures.cup)
    return _millilitres(grams / measures.cup * CUP_ML) if measures.manner == "ml" else ""


def _spoons(teaspoons: float, units: Units) -> str:
    """Return `½ tsp` or `2 tbsp`, `a pinch` for less than a spoon holds, and nothing for more than four."""
    if teaspoons < PINCH:
        return A_PINCH
    if teaspoons > 3 * (MOST_TABLESPOONS if units == "metric" else LEAST_CUP * CUP_TABLESPOONS):
        return ""
    return _TEASPOONS(teaspoons) if teaspoons < LEAST_TABLESPOON * 3 else _TABLESPOONS(teaspoons / 3)


def _cups(cups: float) -> str:
    """Return `⅔ cup`, `1½ cups` or `2½ quarts`."""
    return _CUPS(cups) if cups <= _MOST_CUPS else f"{number_text(round(cups / 2) / 2)} quarts"


def _millilitres(amount: float) -> str:
    step = next((step for most, step in _JUGS if amount < most), 100)
    rounded = _rounded(amount, step)
    return f"{rounded} ml" if rounded < 1000 else f"{rounded / 1000:g} l"


def _metric(grams: float) -> str:
    """Return whole grams up to 15, steps of 5 up to 250, steps of 10 up to a kilogram, and steps of 50."""
    rounded = _rounded(grams, 1 if grams < 15 else 5 if grams < 250 else 10 if grams < 995 else 50)
    return f"{rounded} g" if rounded < 1000 else f"{rounded / 1000:g} kg"


def _ounces(grams: float) -> str:
    """Return quarters of an ounce, then halves and whole ones, then pounds; grams for what is less than a quarter."""
    ounces = grams / OUNCE
    if ounces < LEAST_OUNCE:
        return _metric(grams)
    if ounces >= 31:
        return f"{number_text(math.floor(ounces / 4 + 0.5) / 4)} lb"
    if round(ounces) >= 16:
        return f"1 lb {round(ounces) - 16} oz".removesuffix(" 0 oz")
    steps = 4 if ounces < 4 else 2 if ounces < 8 else 1
    return f"{number_text(max(1, math.floor(steps * ounces + 0.5)) / steps)} oz"


def _rounded(amount: float, step: int) -> int:
    return step * math.floor(amount / step + 0.5)
