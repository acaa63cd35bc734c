"""Edits in words. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from mealplanner.menu.editing.values import OpenMenu, PlacedMeal
from mealplanner.presentation.formatting import day, servings

Entry = Mapping[str, Any]
"""What the journal keeps of one meal."""

MANY: Final[Mapping[str, str]] = {
    "rebalance": "Balanced again", "repeat": "Repeated from another week", "copy": "Copied from another day",
    "forget": "Ticks taken back",
}  # fmt: skip
"""Edit of many meals -> what is said of it."""


def named(menu: OpenMenu, meal: PlacedMeal) -> str:
    """Return `“Chilli” (dinner on Tuesday 24 November)`."""
    return f"“{meal.title}” ({meal.slot} on {day(menu.date_of(meal))})"


def begun_late(menu: OpenMenu, meals: Iterable[PlacedMeal]) -> list[str]:
    """Return a sentence for each meal that can't be begun in time any more."""
    return [f"{named(menu, meal)} had to be begun the day before." for meal in meals]


def sentence(what: str, before: Mapping[str, Entry], after: Mapping[str, Entry], start: datetime.date) -> str:
    """Return what an edit did, for a menu that begins on `start`."""
    if what in MANY:
        count = len(after)
        return f"{MANY[what]}: {count} meal{'s'[: count != 1]} changed."
    meal_id = next((id_ for id_ in after if _subject(what, after[id_])), next(iter(after)))
    return _SENTENCES[what](before[meal_id], after[meal_id], start)


def _subject(what: str, after: Entry) -> bool:
    """Whether a meal is the one that was edited, and not another of its day in a new portion."""
    return what not in ("skip", "unskip") or "skipped" in after


def _place(entry: Entry, start: datetime.date) -> str:
    return f"{entry['slot'].capitalize()} on {day(start + datetime.timedelta(days=entry['day']))}"


def _swapped(before: Entry, after: Entry, start: datetime.date) -> str:
    if "recipe_id" not in after:
        return f"{_place(after, start)}: “{after['title']}” in another portion."
    return f"{_place(after, start)}: “{after['title']}” instead of “{before['title']}”."


def _moved(before: Entry, after: Entry, start: datetime.date) -> str:
    there = _place(after, start)
    return f"{_place(before, start)}: “{before['title']}” changes places with {there[0].lower()}{there[1:]}."


def _resized(_before: Entry, after: Entry, start: datetime.date) -> str:
    told = [servings(after["portion"])] if "portion" in after else []
    if people := after.get("servings"):
        told.append("for one person" if people == 1 else f"for {people} people")
    return f"{_place(after, start)}: “{after['title']}”, {', '.join(told)}."


def _skipped(_before: Entry, after: Entry, start: datetime.date) -> str:
    shared = after["skipped"] == "shared"
    calories = (
        "the day's other meals take over its calories" if shared else "its calories are kept for what you eat instead"
    )
    return f"{_place(after, start)} is skipped; {calories}."


def _noted(_before: Entry, after: Entry, start: datetime.date) -> str:
    place, note = _place(after, start), after["note"]
    if not note:
        return f"{place}: note removed."
    return f"{place}: note “{note}”{'' if note.endswith(('.', '!', '?')) else '.'}"


def _ticked(field: str, done: str, undone: str) -> Callable[[Entry, Entry, datetime.date], str]:
    return lambda _before, after, start: (
        f"{_place(after, start)}: “{after['title']}” {done if after[field] else undone}."
    )


_SENTENCES: Final[Mapping[str, Callable[[Entry, Entry, datetime.date], str]]] = {
    "swap": _swapped,
    "move": _moved,
    "portion": _resized,
    "skip": _skipped,
    "unskip": lambda _before, after, start: f"{_place(after, start)} is planned again: “{after['title']}”.",
    "note": _noted,
    "lock": _ticked("locked", "is kept", "may change again"),
    "unlock": _ticked("locked", "is kept", "may change again"),
    "eaten": _ticked("eaten_at", "is eaten", "is not eaten yet"),
    "cooked": _ticked("cooked_at", "is cooked", "is not cooked yet"),
}
