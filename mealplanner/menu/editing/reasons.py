"""What speaks for a dish at a place of a menu, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from mealplanner.food.wording import some
from mealplanner.planner.model import Food
from mealplanner.planner.one_meal import Alternative
from mealplanner.planner.results import Shortfall

_MUCH_FASTER: Final = 10
"""Minutes that are worth telling."""

_MOST: Final = 3
"""How many reasons are given at most."""

_NAMES: Final[Mapping[str, str]] = {
    "kcal": "{} kcal", "protein_g": "{} g of protein", "carbohydrate_g": "{} g of carbohydrate", "fat_g": "{} g of fat"
}  # fmt: skip


def reason(one: Alternative, foods: Mapping[str, Food], *, own: bool, late: bool) -> str:
    """Return what speaks for a dish, the most personal first, and whether its day stays on target.

    Before that stands that it has to be begun the day before; `late` says that this day is over.
    """
    words = ", ".join((*_begun(one, late=late), *islice(_reasons(one, foods, own=own), _MOST - 1), _target(one)))
    return words[:1].upper() + words[1:]


def _begun(one: Alternative, *, late: bool) -> Iterator[str]:
    if one.recipe.day_before:
        yield "had to be begun the day before" if late else "begun the day before"


def _reasons(one: Alternative, foods: Mapping[str, Food], *, own: bool) -> Iterator[str]:
    if own:
        yield "one of your own dishes"
    elif one.liked:
        yield "you rated it"
    if one.minutes <= -_MUCH_FASTER:
        yield f"{-one.minutes} minutes faster"
    if one.shared:
        yield f"uses up the {some(foods[one.shared[0]])}"


def _target(one: Alternative) -> str:
    if not one.shortfalls:
        return "keeps the day on target"
    worst = max(one.shortfalls, key=_distance)
    off = f"{abs(worst.actual - worst.target):,.0f}"
    side = "over" if worst.actual > worst.target else "short"
    return f"leaves the day {_NAMES[worst.nutrient].format(off)} {side}"


def _distance(shortfall: Shortfall) -> float:
    return abs(shortfall.actual - shortfall.target) / max(shortfall.target, 1.0)
