"""A list from what was read: each line with what is needed, what is bought, and what changed. Pure.

The lines of a month take milliseconds, so this is done after the transaction that read them, and not inside it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mealplanner.food.pack_table import SHOP_AISLES, sale_of
from mealplanner.food.packs import Purchase, is_only_checked, purchase, shop_aisle, tolerance
from mealplanner.food.unknown import UNKNOWN, stored_foods
from mealplanner.food.wording import Units
from mealplanner.larder.stock import Missing
from mealplanner.planner.model import Food
from mealplanner.shopping.needs import in_house, left_from_others, needs
from mealplanner.shopping.ticks import mark_of_item, marks_of_foods
from mealplanner.shopping.values import GOT, UNMARKED, ListRows, Mark, Need, Span, Use

NEW: Final = "new"
MORE: Final = "more"
LESS: Final = "less"
GONE: Final = "gone"
"""What changed since the shopping began; `gone` is no longer needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A food on a list. `needed`, `bought` (with this list), `left` (from another one) and `house` (in the
    larder) are grams."""

    food: Food
    name: str
    aisle: str
    checked: bool
    """Whether the cupboard is checked before it is bought: a little of a staple."""
    needed: float
    bought: float
    left: float
    house: float
    always: bool
    """Whether the person always has it."""
    mark: Mark
    buy: Purchase | None
    """What is still to be bought; None where there is enough."""
    change: str | None
    before: float
    """The grams that were needed when the shopping began."""
    spare: bool
    """Whether more was bought than is needed now."""
    uses: Sequence[Use]
    note: str

    @property
    def done(self) -> bool:
        """Whether nothing of it is to be bought."""
        return self.buy is None

    @property
    def total(self) -> float:
        """Grams bought with this list once what is missing is bought too."""
        return self.bought + (self.buy.grams if self.buy else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """An item of one's own on a list."""

    id: uuid.UUID
    text: str
    mark: Mark

    @property
    def done(self) -> bool:
        """Whether it was bought."""
        return self.mark.state in GOT


@dataclass(frozen=True, slots=True, kw_only=True)
class ShoppingList:
    """A whole list; `lines` are in the order of the shop."""

    span: Span
    lines: Sequence[Line]
    own: Sequence[OwnLine]
    aisles: Sequence[str]
    people: frozenset[int]
    """The numbers of people who eat: one, unless meals differ."""

    @property
    def to_buy(self) -> list[Line]:
        """The lines to shop for: neither what is always there nor what is only checked."""
        return [line for line in self.lines if line.needed and not line.checked and (line.bought or not line.always)]

    @property
    def progress(self) -> tuple[int, int]:
        """How many things are bought, of how many."""
        wanted: list[Line | OwnLine] = [*self.to_buy, *self.own]
        return sum(line.done for line in wanted), len(wanted)

    @property
    def changes(self) -> list[Line]:
        """The lines that changed since the shopping began."""
        return [line for line in self.lines if line.change]


def shopping_list(rows: ListRows, *, units: Units = "metric") -> ShoppingList:
    """Return the list that `rows` make."""
    lines = list(_lines(rows, units))
    aisles = (*in_order(rows.aisles), *{line.aisle for line in lines} & {UNKNOWN})
    place = {aisle: number for number, aisle in enumerate(aisles)}
    here = [meal for meal in rows.meals if rows.span.first <= meal.date <= rows.span.last]
    return ShoppingList(
        span=rows.span,
        lines=sorted(lines, key=lambda line: (place[line.aisle], line.name)),
        own=[OwnLine(id=uuid.UUID(item["id"]), text=item["text"], mark=mark_of_item(item)) for item in rows.items],
        aisles=aisles,
        people=frozenset(meal.servings for meal in here),
    )


def in_order(aisles: Sequence[str]) -> tuple[str, ...]:
    """Return every aisle: first those of the person's own order, then the others in the order of most shops."""
    known = dict.fromkeys(aisle for aisle in aisles if aisle in SHOP_AISLES)
    return (*known, *(aisle for aisle in SHOP_AISLES if aisle not in known))


def _lines(rows: ListRows, units: Units) -> Iterator[Line]:
    wanted, marks = needs(rows.meals, rows.span), marks_of_foods(rows.ticks)
    bought = {food: {span: mark.grams for span, mark in spans.items() if mark.grams} for food, spans in marks.items()}
    left = left_from_others(rows.meals, bought, rows.span)
    here = {food: spans[rows.span] for food, spans in marks.items() if rows.span in spans}
    house = in_house(wanted, marks, rows.larder, units=units)
    known = wanted.keys() | {food for food, mark in here.items() if mark.grams} | (rows.baseline or {}).keys()
    for food in known:
        need = wanted.get(food) or _no_need(food)
        mark = here.get(food, UNMARKED)
        if need.grams or mark.grams or rows.baseline:
            yield _line(need, mark, left=left.get(food, 0.0), house=house.get(food), rows=rows, units=units)


def _line(need: Need, mark: Mark, *, left: float, house: Missing | None, rows: ListRows, units: Units) -> Line:
    has, always = (house.has, house.is_always_there) if house else (0.0, False)
    food, before = need.food, (rows.baseline or {}).get(need.food.id, 0.0)
    whole = purchase(food, need.grams, units, need.called) if need.grams else None
    missing = need.grams - mark.grams - left - has
    enough = whole is None or missing <= tolerance(food, need.grams, units)
    checked = is_only_checked(food, need.grams or before or mark.grams, units)
    began = rows.baseline is not None
    return Line(
        food=food,
        name=(whole or purchase(food, mark.grams or before, units, need.called)).name,
        aisle=shop_aisle(food.id),
        checked=checked,
        needed=need.grams,
        bought=mark.grams,
        left=left,
        house=has,
        always=always,
        mark=mark,
        buy=None if enough else whole if missing == need.grams else purchase(food, missing, units, need.called),
        change=_change(food, whole, need.grams, before, checked=checked, units=units) if began else None,
        before=before,
        spare=mark.grams > (whole.grams if whole else 0.0) + tolerance(food, mark.grams, units),
        uses=need.uses,
        note=rows.notes.get(food.id, ""),
    )


def _change(
    food: Food, whole: Purchase | None, needed: float, before: float, *, checked: bool, units: Units
) -> str | None:
    """Return what changed, if the purchase would now be another than when the shopping began."""
    if not before or whole is None:
        return NEW if whole else None if checked else GONE
    if checked or abs(needed - before) <= tolerance(food, before, units):
        return None
    then = purchase(food, before, units).grams
    return MORE if whole.grams > then else LESS if whole.grams < then else None


def _no_need(food: str) -> Need:
    return Need(stored_foods()[food], 0.0, sale_of(food).called, ())
