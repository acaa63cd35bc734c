"""How a week hangs together: what the planner knows of buying, and how much each habit matters to a person. Values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

NEARLY: Final = 0.1
"""How far an amount may lie from a whole number of pieces, as a fraction of one; the shopping list rounds alike."""

LEVELS: Final = ("off", "low", "medium", "high")
"""How much a habit matters, in rising order: its place here is its number in `Habits`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """How a food is bought and counted."""

    bought: str
    """The id of the food it is bought as: rice for cooked rice, a lemon for its juice. Empty for water."""
    spoils: bool = False
    """Whether what is left over has to be eaten within days."""
    piece: float = 0.0
    """Grams of one egg, slice or wrap, which is best used whole; 0 where it is weighed."""
    tin: float = 0.0
    """Grams of a tin, drained; 0 where it is not sold in tins."""

    @property
    def unit(self) -> float:
        """The grams of what is best used whole, if anything is."""
        return self.piece or self.tin


@dataclass(frozen=True, slots=True)
class Habits:
    """How much it matters how a week hangs together: for each habit a number from 0, not at all, to 3."""

    use_up: int = 0
    """Few foods to buy, and what is opened is used up."""
    repeat: int = 0
    """The same breakfasts and snacks on several days."""
    whole: int = 0
    """Whole eggs, slices and tins, and whole servings."""
    short: int = 0
    """Short days in the kitchen."""


def bought(food_ids: Iterable[str], goods: Mapping[str, Goods]) -> frozenset[str]:
    """Return the ids of what is bought for some foods; one that is not among `goods` is bought as itself."""
    return frozenset(goods[id_].bought if id_ in goods else id_ for id_ in food_ids) - {""}


def is_whole(count: Any) -> Any:
    """Return whether `count`, a number or an array, is a whole number of pieces, or nearly, and at least one."""
    return (count > 1 - NEARLY) & (np.abs(count - np.round(count)) <= NEARLY)
