"""What to buy for an amount of a food: `2 tins (400 g each)`, `1 bunch`, `3 onions`, `1 bag (1 kg)`. Pure.

`to_buy` turns what dishes need into what shops sell: cooked rice into rice, whites and yolks into eggs. `purchase`
rounds the amount of one of them up to whole packs.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from mealplanner.food.measures import CUP_ML, measures_of
from mealplanner.food.pack_table import Called, Pack, Sale, sale_of
from mealplanner.food.unknown import stored_foods
from mealplanner.food.wording import (
    LEAST_GRAMS,
    MOST_PIECES,
    OUNCE,
    Units,
    number_text,
    part_text,
    spoon_text,
    volume_text,
    weight_text,
)
from mealplanner.planner.model import Food

TOLERANCE: Final = 0.1
"""How much of the need may be missing, as a fraction of it: a second tin for the last spoonful would be waste."""
PACK_TOLERANCE: Final = 0.2
"""How much may be missing at most, as a fraction of the smallest pack or piece."""
FEE: Final = 0.15
"""What each pack counts beside its grams, as a fraction of the smallest one: fewer packs are better than many."""
MOST_EXTRA: Final = 3
"""Packs of a smaller size beside those of a larger one."""
LITTLE: Final = 0.5
"""Up to this fraction of a pack, a staple is looked for in the kitchen before it is bought."""
WHOLE: Final = 0.02
"""How far an amount may lie from whole packs to be given in packs, as a fraction of one."""

_LADDER: Final[Mapping[Units, Sequence[tuple[float, float]]]] = {
    "metric": ((500, 50), (2000, 100), (5000, 250), (math.inf, 500)),
    "imperial": tuple((most * OUNCE, step * OUNCE) for most, step in ((48, 4), (160, 8), (math.inf, 16))),
}
"""(most grams, step): up to so many grams, what is weighed is bought in such steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToBuy:
    """An amount of something that shops sell, and the foods of the dishes that it is bought for."""

    food: Food
    grams: float
    """Of `food`, before it is rounded up to packs."""
    needed: Mapping[str, float]
    """Grams of the foods of the dishes, by their ids."""
    called: Called


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """Whole packs of one food."""

    grams: float
    """In all packs together, drained."""
    name: str
    """`Onions`, `Chickpeas`."""
    amount: str
    """`3`, `2 tins (400 g each)`: what stands beside the name."""
    words: str
    """The same where no name stands beside it and pieces are counted: `3 onions`."""
    need: str
    """The amount that is needed, such as `2¼` onions or `260 g`."""


def to_buy(needs: Mapping[str, float]) -> list[ToBuy]:
    """Return what to buy for grams of foods, by their ids.

    Foods that are different parts of one thing come out of the same pieces: three whites and two yolks are three eggs.
    """
    parts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    needed: dict[str, dict[str, float]] = defaultdict(dict)
    for food_id, grams in needs.items():
        sale = sale_of(food_id)
        if sale.bought:
            parts[sale.bought][sale.part] += grams / sale.yields
            needed[sale.bought][food_id] = grams
    foods = stored_foods()
    return [
        ToBuy(
            food=foods[bought],
            grams=amounts.get("", 0) + max((grams for part, grams in amounts.items() if part), default=0),
            needed=needed[bought],
            called=_called(bought, needed[bought]),
        )
        for bought, amounts in parts.items()
    ]


def _called(bought: str, needed: Iterable[str]) -> Called:
    """Return what a shop calls it, and what only one use of it asks for: the lemons whose zest is used are unwaxed."""
    usual = sale_of(bought).called
    return next((called for food_id in needed if (called := sale_of(food_id).called) != usual), usual)


def shop_aisle(food_id: str) -> str:
    """Return the aisle, one of `SHELVES`, of the food that `food_id` is bought as."""
    return sale_of(sale_of(food_id).bought or food_id).aisle


def is_only_checked(food: Food, grams: float, units: Units = "metric") -> bool:
    """Say whether so little of a staple is needed that most kitchens have it."""
    sale = sale_of(food.id)
    return sale.is_staple and grams <= LITTLE * _smallest(sale, units)


def purchase(food: Food, grams: float, units: Units = "metric", called: Called | None = None) -> Purchase:
    """Return what to buy of a food for at least `grams`, less the tolerance. Raise `ValueError` for 0 grams or less.

    Of all packs and pairs of packs the one with the least waste is taken, where each pack counts a little too.
    """
    if not (math.isfinite(grams) and grams > 0):
        raise ValueError(f"expected grams above 0, got {grams}")
    sale = sale_of(food.id)
    least = grams - tolerance(food, grams, units)
    counts = _chosen(sale, least, units)
    if counts:
        bought = sum(count * pack.grams for pack, count in counts)
        amount = " and ".join(_pack_text(pack, count) for pack, count in counts)
    else:
        bought = _weighed(least, units)
        amount = weight_text(bought, units)
    pieces = counts[0][1] if len(counts) == 1 and counts[0][0].is_piece else 0
    one, many = called or sale.called
    noun = one if pieces == 1 else many
    return Purchase(
        grams=bought,
        name=noun[0].upper() + noun[1:],
        amount=amount,
        words=f"{amount} {noun}" if pieces else amount,
        need=need_text(food, grams, units) if counts else _weight(grams, units),
    )


def tolerance(food: Food, grams: float, units: Units = "metric") -> float:
    """Return the grams of a need that may be missing from what is bought."""
    return min(TOLERANCE * grams, PACK_TOLERANCE * _smallest(sale_of(food.id), units))


def need_text(food: Food, grams: float, units: Units = "metric") -> str:
    """Return the amount alone: `2¼` where shops count pieces, `6 cloves`, `2 tbsp`, `260 g`."""
    piece = measures_of(food).piece
    counted = next((pack.grams / (pack.pieces or 1) for pack in sale_of(food.id).packs[units] if _counts(pack)), 0)
    if counted:
        step = 4 if grams < 4 * counted else 2 if grams < 10 * counted else 1
        return number_text(max(1, math.floor(step * grams / counted + 0.5)) / step)
    if piece and piece.kind == "always":
        return part_text(food, grams, units)
    if spoons := spoon_text(food, grams, units):
        return spoons
    measures = measures_of(food)
    if measures.manner == "ml" and measures.cup:
        return volume_text(grams / measures.cup * CUP_ML, units)
    return _weight(grams, units)


def _weight(grams: float, units: Units) -> str:
    return weight_text(grams, units) if grams >= LEAST_GRAMS else "a little"


def stock_text(food: Food, grams: float, units: Units = "metric") -> str:
    """Return an amount in the house: `2 tins (400 g each)` where it is whole packs, else as `need_text` has it."""
    sale = sale_of(food.id)
    if sale.bought != food.id:
        return part_text(food, grams, units)
    for pack in sale.packs[units]:
        count = round(grams / pack.grams)
        if not _counts(pack) and count and abs(count * pack.grams - grams) < WHOLE * pack.grams:
            return _pack_text(pack, count)
    return need_text(food, grams, units)


def _counts(pack: Pack) -> bool:
    return pack.is_piece or pack.pieces > 0


def _smallest(sale: Sale, units: Units) -> float:
    """Return the grams of the smallest pack or piece, or of the smallest amount that is weighed."""
    return min((pack.grams for pack in sale.packs[units]), default=_LADDER[units][0][1])


def _chosen(sale: Sale, least: float, units: Units) -> tuple[tuple[Pack, int], ...]:
    """Return packs and how many of each; nothing where the food is weighed.

    Which choices there are, and what each costs, does not depend on `least`, which only rules some of them out. So what
    is bought never becomes less when more is needed.
    """
    packs = sale.packs[units]
    if sale.is_weighed[units] and not (packs and least <= MOST_PIECES * packs[0].grams):
        return ()
    fee = FEE * _smallest(sale, units)
    return min(_choices(packs, least), key=lambda counts: sum(count * (pack.grams + fee) for pack, count in counts))


def _choices(packs: Sequence[Pack], least: float) -> Iterator[tuple[tuple[Pack, int], ...]]:
    """Yield the smallest counts that make up `least`: of each pack alone, and of each with some of a smaller one."""
    for pack in packs:
        yield ((pack, max(1, math.ceil(least / pack.grams))),)
    for large, small in permutations(packs, 2):
        if small.grams < large.grams:
            for extra in range(1, MOST_EXTRA + 1):
                yield ((large, max(1, math.ceil((least - extra * small.grams) / large.grams))), (small, extra))


def _weighed(least: float, units: Units) -> float:
    """Return the next amount that is asked for at a counter or shown by the scales of a shop."""
    step = next(step for most, step in _LADDER[units] if least <= most)
    return step * math.ceil(least / step)


def _pack_text(pack: Pack, count: int) -> str:
    if pack.is_piece:
        return str(count)
    text = f"{count} {pack.one if count == 1 else pack.many}"
    if pack.pieces:
        return f"{text} of {pack.pieces}"
    return f"{text} ({pack.size if count == 1 else f'{pack.size} each'})" if pack.size else text
