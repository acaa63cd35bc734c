"""The journal of a menu: what an edit changed, as JSON and back, and what undoing and redoing come to next. Pure.

Undoing takes back the latest edit that is not undone, as often as one likes; redoing makes the one that was undone last
once more. Both are entries of the journal themselves, so that it only ever grows. Any other edit ends redoing.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any, Final

from mealplanner.menu.editing.values import OpenMenu, PlacedMeal, Step

State = Mapping[str, Mapping[str, Any]]
"""Id of a meal -> fields of the meal, in JSON's terms."""

CHANGEABLE: Final = tuple(field.name for field in fields(PlacedMeal) if field.name not in ("id", "changed_in"))

_CONTEXT: Final = ("day", "slot", "title")
"""What is written of a meal in any case, so that an entry can be read without others."""

_TO_JSON: Final[Mapping[type, Callable[[Any], Any]]] = {
    uuid.UUID: str,
    datetime.time: lambda value: f"{value:%H:%M}",
    datetime.datetime: lambda value: value.isoformat(),
}

_FROM_JSON: Final[Mapping[str, Callable[[Any], Any]]] = {
    "time": datetime.time.fromisoformat,
    "recipe_id": uuid.UUID,
    "eaten_at": datetime.datetime.fromisoformat,
    "cooked_at": datetime.datetime.fromisoformat,
}


def changed_fields(before: PlacedMeal, after: PlacedMeal) -> frozenset[str]:
    """Return the fields in which two states of a meal differ."""
    return frozenset(name for name in CHANGEABLE if getattr(before, name) != getattr(after, name))


def entry(changes: Iterable[tuple[PlacedMeal, PlacedMeal]]) -> tuple[State, State]:
    """Return what the journal keeps of `changes`, pairs of a meal before and after: two states."""
    pairs = [(before, after, {*_CONTEXT, *changed_fields(before, after)}) for before, after in changes]
    return (
        {str(before.id): _state(before, names) for before, _, names in pairs},
        {str(after.id): _state(after, names) for _, after, names in pairs},
    )


def restored(menu: OpenMenu, state: State) -> list[PlacedMeal]:
    """Return the meals of `menu` with the fields of `state`."""
    return [
        replace(menu.meals[uuid.UUID(meal_id)], **{name: _value(name, value) for name, value in kept.items()})
        for meal_id, kept in state.items()
    ]


def next_steps(steps: Iterable[Step]) -> tuple[int | None, int | None]:
    """Return the versions of the edits that would be undone and redone next, for a journal in order."""
    done, undone = _replayed(steps)
    return done[-1] if done else None, undone[-1] if undone else None


def undone_steps(steps: Iterable[Step]) -> frozenset[int]:
    """Return the versions of the edits that are undone at present, for good or until they are redone."""
    steps = list(steps)
    done, _ = _replayed(steps)
    return frozenset(step.version for step in steps if step.undoes is None and step.redoes is None) - frozenset(done)


def _replayed(steps: Iterable[Step]) -> tuple[list[int], list[int]]:
    """Return the edits that are in force and those that can be redone, the next to take back or to redo last."""
    done: list[int] = []
    undone: list[int] = []
    for step in steps:
        if step.undoes is not None:
            undone.append(done.pop())
        elif step.redoes is not None:
            done.append(undone.pop())
        else:
            done.append(step.version)
            undone.clear()
    return done, undone


def _state(meal: PlacedMeal, names: set[str]) -> Mapping[str, Any]:
    return {name: _json(getattr(meal, name)) for name in CHANGEABLE if name in names}


def _json(value: Any) -> Any:
    convert = _TO_JSON.get(type(value))
    return convert(value) if convert is not None else value


def _value(name: str, value: Any) -> Any:
    return _FROM_JSON[name](value) if name in _FROM_JSON and value is not None else value
