"""The larder for pages and JSON. Pure."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any, Final

from mealplanner.food.pack_table import SHELVES, sale_of
from mealplanner.food.packs import shop_aisle, stock_text
from mealplanner.food.table import load_foods
from mealplanner.food.unknown import stored_foods
from mealplanner.food.wording import Units, said_name
from mealplanner.larder.values import MOST_GRAMS, SETTINGS, SOON_DAYS, Item, Larder, Move
from mealplanner.paging import Part, numbered
from mealplanner.presentation.formatting import day

PAGE: Final = 100
"""Items on a page."""

EXAMPLES: Final[Mapping[Units, str]] = {"metric": "400 g, 2 tins or 3", "imperial": "14 oz, 2 cans or 3"}
"""What people weigh in -> how an amount can be written."""

FULL: Final = f"{MOST_GRAMS // 1000} kg is the most that is kept here. What you bought beyond that is not counted."


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownItem:
    """An item as a page shows it."""

    id: uuid.UUID
    food_id: str
    name: str
    text: str
    """`2 tins (400 g each)`."""
    grams: Decimal
    best_before: datetime.date | None
    note: str
    """A remark on its date or its amount, or empty."""
    is_over: bool


def by_aisle(larder: Larder) -> list[Item]:
    """Return the items in the order of a walk through a shop."""
    order = list(SHELVES)
    return sorted(larder.items, key=lambda item: order.index(shop_aisle(item.food_id)))


def part_with(larder: Larder, item_id: uuid.UUID | None) -> Part[Item] | None:
    """Return the part of the items that has `item_id`, None when there is none."""
    items = by_aisle(larder)
    place = next((place for place, item in enumerate(items) if item.id == item_id), None)
    return None if place is None else numbered(items, 1 + place // PAGE, PAGE)


def larder_page(larder: Larder, part: Part[Item], *, today: datetime.date, units: Units) -> dict[str, Any]:
    """Return what the page shows of a larder and a part of its items."""
    return {
        "shelves": partial(shelves, part.items, today=today, units=units),
        "part": part,
        "always": partial(always_there, larder.always),
        "names": partial(food_names),
        "settings": larder.settings,
        "words": SETTINGS,
        "today": today,
        "example": EXAMPLES[units],
    }


def shelves(shown: Iterable[Item], *, today: datetime.date, units: Units) -> list[tuple[str, list[ShownItem]]]:
    """Return items that are in the order of `by_aisle` under the name of each aisle."""
    return [
        (SHELVES[aisle], [shown_item(item, today=today, units=units) for item in items])
        for aisle, items in groupby(shown, key=lambda item: shop_aisle(item.food_id))
    ]


def shown_item(item: Item, *, today: datetime.date, units: Units) -> ShownItem:
    """Return an item with its words."""
    food = stored_foods()[item.food_id]
    days = None if item.best_before is None else (item.best_before - today).days
    return ShownItem(
        id=item.id,
        food_id=item.food_id,
        name=food_name(item.food_id),
        text=stock_text(food, float(item.grams), units),
        grams=item.grams,
        best_before=item.best_before,
        note=_date_note(days, item.best_before) or (FULL if item.grams >= MOST_GRAMS else ""),
        is_over=days is not None and days < 0,
    )


def food_name(food_id: str) -> str:
    """Return what a food is called on a shelf: `Onions`, `Chickpeas`."""
    sale = sale_of(food_id)
    name = sale.called[1] if sale.bought == food_id else said_name(stored_foods()[food_id].name)
    return name[0].upper() + name[1:]


def always_there(food_ids: Iterable[str]) -> list[tuple[str, str]]:
    """Return id and name of each food, by name."""
    return sorted(((food_id, food_name(food_id)) for food_id in food_ids), key=lambda pair: pair[1])


def food_names() -> list[str]:
    """Return the names of all foods, to be completed while a person types."""
    return sorted(food.name for food in load_foods().values())


def larder_json(larder: Larder, part: Part[Item], *, today: datetime.date, units: Units) -> dict[str, Any]:
    """Return a part of what is in the house, and what the larder is to do."""
    items = [shown_item(item, today=today, units=units) for item in part.items]
    return {
        "items": [
            {
                "id": str(item.id),
                "food": item.food_id,
                "name": item.name,
                "grams": float(item.grams),
                "text": item.text,
                "best_before": item.best_before.isoformat() if item.best_before else None,
            }
            for item in items
        ],
        "always_there": [{"food": food_id, "name": name} for food_id, name in always_there(larder.always)],
        "settings": asdict(larder.settings),
    }


def export_json(larder: Larder, moves: Sequence[tuple[uuid.UUID, Move]]) -> dict[str, Any]:
    """Return all that is stored of a person's larder."""
    return {
        "items": [{"id": str(item.id), **_stored(item.food_id, item.grams, item.best_before)} for item in larder.items],
        "always_there": sorted(larder.always),
        "settings": asdict(larder.settings),
        "moves": [
            {"cause": str(cause), **_stored(move.food_id, move.grams, move.best_before)} for cause, move in moves
        ],
    }


def _stored(food_id: str, grams: Decimal, best_before: datetime.date | None) -> dict[str, Any]:
    date = best_before.isoformat() if best_before else None
    return {"food": food_id, "grams": float(grams), "best_before": date}


def _date_note(days: int | None, best_before: datetime.date | None) -> str:
    if days is None or best_before is None:
        return ""
    if days < 0:
        return f"Best before {day(best_before)}: look and smell before you use it"
    if days == 0:
        return "Best before today"
    if days == 1:
        return "Best before tomorrow"
    return f"Best before {day(best_before)}{': use it soon' if days <= SOON_DAYS else ''}"
