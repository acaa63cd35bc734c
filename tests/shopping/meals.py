"""Meals and ticks as the pure functions of shopping read them."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from mealplanner.shopping.values import ListRows, Span

MONDAY = datetime.date(2026, 11, 23)


def day(number: int) -> datetime.date:
    """Return the day so many days after the Monday."""
    return MONDAY + datetime.timedelta(days=number)


WEEK = Span(MONDAY, day(6))


def meal(date: datetime.date, foods: Mapping[str, float], **changes: Any) -> Any:
    """Return a dinner for one; `foods` are the grams of one serving."""
    plain = {"id": uuid.uuid4(), "slot": "dinner", "portion": 1.0, "servings": 1, "recipe_id": uuid.uuid4()}
    whole = {
        **plain,
        "makes": 1,
        "keeps_days": 0,
        "title": "Stew",
        "foods": list(foods),
        "grams": list(foods.values()),
        "date": date,
    }
    return SimpleNamespace(**{**whole, **changes})


def tick(food: str, grams: float = 0.0, *, span: Span = WEEK, state: str = "bought", replaces: Any = ()) -> Any:
    """Return a tick of a food."""
    place = {"first_day": span.first, "last_day": span.last, "food_id": food, "item_id": None}
    said = {"state": state, "grams": grams or None, "replaces": [one.id for one in replaces]}
    return SimpleNamespace(id=uuid.uuid4(), **place, **said)


def rows(*meals: Any, ticks: Any = (), span: Span = WEEK, baseline: Any = None, aisles: Any = ()) -> ListRows:
    """Return a list as it is read."""
    rest: Any = {"items": (), "notes": {}, "aisles": aisles, "baseline": baseline}
    return ListRows(span=span, meals=meals, ticks=ticks, **rest)
