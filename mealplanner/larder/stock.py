"""What the larder covers of a need, and what cooking takes out of it. Pure."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from mealplanner.food.pack_table import sale_of
from mealplanner.food.packs import ToBuy, to_buy, tolerance
from mealplanner.food.wording import Units
from mealplanner.larder.values import Item, Larder, Move

EXACT: Final = Decimal("0.001")
"""Amounts are whole milligrams, so that exactly what was taken can be put back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What is needed of something that shops sell, and how much of it the larder has."""

    needed: ToBuy
    grams: float
    """Still to buy; 0 where there is enough."""
    is_always_there: bool = False

    @property
    def has(self) -> float:
        """Grams of the need that are in the house."""
        return self.needed.grams - self.grams


def still_needed(needs: Mapping[str, float], larder: Larder, *, units: Units = "metric") -> list[Missing]:
    """Return what is to be bought for grams of foods, by their ids, less what is in the house.

    Cooked rice in the house is used before rice is cooked; eggs cover what is needed of egg white. A remainder within
    the tolerance of a purchase in `units` counts as covered.
    """
    if not larder.settings.subtract:
        return [Missing(needed=item, grams=item.grams) for item in to_buy(needs)]
    stock = _stock(larder.items)
    used = {food_id: min(grams, stock[food_id]) for food_id, grams in needs.items() if food_id in stock}
    rest = {
        item.food.id: item.grams for item in to_buy({id_: grams - used.get(id_, 0) for id_, grams in needs.items()})
    }
    return [
        _missing(item, rest[item.food.id] - stock.get(item.food.id, 0) + used.get(item.food.id, 0), larder, units)
        for item in to_buy(needs)
    ]


def without_moves(larder: Larder, causes: Container[uuid.UUID]) -> Larder:
    """Return the larder as it would be if `causes` had moved nothing.

    A list is for all meals of its days, so what the meals that are cooked already took out counts as there; what was
    bought with the list is counted by the list itself.
    """
    back: dict[tuple[str, datetime.date | None], Decimal] = defaultdict(Decimal)
    for cause, move in larder.moves:
        if cause in causes:
            back[move.food_id, move.best_before] -= move.grams
    kept = [replace(item, grams=item.grams + back.pop((item.food_id, item.best_before), 0)) for item in larder.items]
    gone = [
        Item(id=uuid.UUID(int=0), food_id=food_id, grams=grams, best_before=date)
        for (food_id, date), grams in back.items()
    ]
    return replace(larder, items=[item for item in (*kept, *gone) if item.grams > 0])


def taken(items: Sequence[Item], needs: Mapping[str, float]) -> list[Move]:
    """Return what a meal that needs grams of foods, by their ids, takes out of `items`: what keeps shortest goes first.

    No more is taken than is there.
    """
    wanted = {food_id: _exact(grams) for food_id, grams in needs.items()}
    moves = [move for food_id, grams in wanted.items() for move in _out_of(items, food_id, grams)]
    for move in moves:
        wanted[move.food_id] += move.grams
    left = _after(items, moves)
    others = [
        move
        for item in to_buy({food_id: float(grams) for food_id, grams in wanted.items()})
        for move in _out_of(left, item.food.id, _exact(item.grams))
    ]
    return _merged([*moves, *others])


def _is_always_there(food_ids: Iterable[str], larder: Larder) -> bool:
    return any(
        food_id in larder.always or (larder.settings.staples and sale_of(food_id).is_staple) for food_id in food_ids
    )


def _missing(item: ToBuy, grams: float, larder: Larder, units: Units) -> Missing:
    if _is_always_there({item.food.id, *item.needed}, larder):
        return Missing(needed=item, grams=0, is_always_there=True)
    enough = grams < item.grams and grams <= tolerance(item.food, item.grams, units)
    return Missing(needed=item, grams=0 if enough else grams)


def _after(items: Iterable[Item], moves: Iterable[Move]) -> list[Item]:
    moved = {(move.food_id, move.best_before): move.grams for move in moves}
    return [replace(item, grams=item.grams + moved.get((item.food_id, item.best_before), 0)) for item in items]


def _merged(moves: Iterable[Move]) -> list[Move]:
    merged: dict[tuple[str, datetime.date | None], Decimal] = defaultdict(Decimal)
    for move in moves:
        merged[move.food_id, move.best_before] += move.grams
    return [Move(food_id=food_id, best_before=day, grams=grams) for (food_id, day), grams in merged.items() if grams]


def _stock(items: Iterable[Item]) -> dict[str, float]:
    stock: dict[str, float] = defaultdict(float)
    for item in items:
        stock[item.food_id] += float(item.grams)
    return stock


def _out_of(items: Sequence[Item], food_id: str, grams: Decimal) -> list[Move]:
    moves = []
    for item in sorted((item for item in items if item.food_id == food_id), key=_keeps):
        if grams > 0:
            part = min(grams, item.grams)
            moves.append(Move(food_id=food_id, best_before=item.best_before, grams=-part))
            grams -= part
    return moves


def _keeps(item: Item) -> tuple[bool, str]:
    return item.best_before is None, str(item.best_before)


def _exact(grams: float) -> Decimal:
    return Decimal(grams).quantize(EXACT)
