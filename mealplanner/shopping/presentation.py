"""Lists as JSON. Pure."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import fields
from typing import Any

from mealplanner.food.wording import Units
from mealplanner.shopping.assembly import Line, OwnLine, shopping_list
from mealplanner.shopping.records import Records
from mealplanner.shopping.values import LATER, OPEN, AnyRow, ListRows, Mark


def list_json(rows: ListRows, *, units: Units) -> dict[str, Any]:
    """Return a list; amounts are exact grams, and `buy` is what a shop sells."""
    shopping = shopping_list(rows, units=units)
    done, wanted = shopping.progress
    return {
        "from": shopping.span.first.isoformat(),
        "to": shopping.span.last.isoformat(),
        "aisles": list(shopping.aisles),
        "done": done,
        "all": wanted,
        "lines": [_line(line) for line in shopping.lines],
        "own": [_own(item) for item in shopping.own],
    }


def records_json(records: Records) -> dict[str, Any]:
    """Return all that is stored of a person's shopping, row by row."""
    return {field.name: [_plain(row) for row in getattr(records, field.name)] for field in fields(records)}


def _plain(row: AnyRow) -> dict[str, Any]:
    return {name: _written(value) for name, value in row._mapping.items()}


def _written(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    return [_written(item) for item in value] if isinstance(value, list) else value


def _line(line: Line) -> dict[str, Any]:
    return {
        "food": line.food.id,
        "name": line.name,
        "aisle": line.aisle,
        "check": line.checked,
        "state": _state(line.mark, done=line.done),
        "needed": round(line.needed, 1),
        "bought": round(line.bought, 1),
        "in_the_house": round(line.house, 1),
        "always_there": line.always,
        "from_other_lists": round(line.left, 1),
        "buy": {"text": line.buy.words, "grams": round(line.buy.grams, 1)} if line.buy else None,
        "change": line.change,
        "note": line.note or None,
        "ticks": [str(id_) for id_ in line.mark.ticks],
        "meals": [
            {
                "meal": str(use.meal_id),
                "date": use.date.isoformat(),
                "slot": use.slot,
                "recipe": {"id": str(use.recipe_id), "title": use.title},
                "grams": round(use.grams, 1),
            }
            for use in line.uses
        ],
    }


def _own(item: OwnLine) -> dict[str, Any]:
    state = _state(item.mark, done=item.done)
    return {"item": str(item.id), "text": item.text, "state": state, "ticks": [str(id_) for id_ in item.mark.ticks]}


def _state(mark: Mark, *, done: bool) -> str:
    """Return the state that is shown: open again where too little was bought."""
    return mark.state if done or mark.state == LATER else OPEN
