"""What a list says in words. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Final

from mealplanner.food.pack_table import SHELVES
from mealplanner.food.packs import need_text
from mealplanner.food.wording import Units
from mealplanner.presentation.formatting import weekday
from mealplanner.shopping.assembly import GONE, MORE, NEW, Line, ShoppingList
from mealplanner.shopping.values import ELSEWHERE, LATER, Span

_WEEK: Final = 7
_RUN: Final = 3
"""Days in a row that are written as their ends."""


def bought_text(line: Line, span: Span, units: Units) -> str:
    """Return what was bought of a food, and what that means now; empty where nothing was."""
    if not line.bought:
        return _had_text(line, units)
    where = " somewhere else" if line.mark.state == ELSEWHERE else ""
    bought = f"You bought {need_text(line.food, line.bought, units)}{where}"
    if not line.needed:
        return f"{bought}; no meal needs it any more."
    if line.buy or line.spare:
        return f"{bought}, {period(span)} {need_text(line.food, line.needed, units)}."
    return f"{bought}."


def _had_text(line: Line, units: Units) -> str:
    """Return what is there although it was not bought for this list."""
    if line.always:
        return "You always have it."
    if line.done and line.house:
        return "You have enough in the house."
    if line.house:
        return f"You have {need_text(line.food, line.house, units)} in the house."
    return "You have enough from another list." if line.left and line.done else ""


def buy_text(line: Line) -> str:
    """Return what is to be bought, as in `2 tins`; `250 g more` where something was bought already."""
    if line.buy is None:
        return ""
    return f"{line.buy.amount} more" if line.bought else line.buy.amount


def change_text(line: Line, span: Span, units: Units) -> str:
    """Return what changed since the shopping began, in a sentence without the food's name."""
    if line.bought:
        return bought_text(line, span, units)
    if line.change == GONE:
        return "No longer needed."
    now = need_text(line.food, line.needed, units)
    if line.change == NEW:
        return f"New: {buy_text(line) or now}."
    words = "More" if line.change == MORE else "Less"
    return f"{words}: {now} instead of {need_text(line.food, line.before, units)}."


def period(span: Span) -> str:
    """Return the subject and the verb of a sentence about needs, such as `the week now needs`."""
    if span.days == 1:
        return "the day now needs"
    return "the week now needs" if span.days == _WEEK else "these days now need"


def days_text(dates: Iterable[datetime.date], span: Span) -> str:
    """Return `Mon, Wed-Fri` with an en dash, and the numbers of days where weekdays would not tell them apart."""
    runs: list[list[datetime.date]] = []
    for date in dict.fromkeys(dates):
        if runs and (date - runs[-1][-1]).days == 1:
            runs[-1].append(date)
        else:
            runs.append([date])
    return ", ".join(_run_text([_day_text(date, span) for date in run]) for run in runs)


def _run_text(days: Sequence[str]) -> str:
    return ", ".join(days) if len(days) < _RUN else f"{days[0]}\N{EN DASH}{days[-1]}"


def _day_text(date: datetime.date, span: Span) -> str:
    return weekday(date) if span.days <= _WEEK else f"{weekday(date)} {date.day}"


def list_text(title: str, shopping: ShoppingList) -> str:
    """Return what is left to buy as plain text, made for a chat: short lines, no markup."""
    lines = [f"Shopping list, {title}"]
    for name, listed in aisles_with_lines(shopping):
        missing = [line for line in listed if not line.done and line.mark.state != LATER]
        if missing:
            lines += ["", name, *(_plain(line) for line in missing)]
    own = [item for item in shopping.own if not item.done and item.mark.state != LATER]
    if own:
        lines += ["", "Also", *(f"- {item.text}" for item in own)]
    check = [line.name for line in shopping.lines if line.checked and line.needed and not line.done]
    if check:
        lines += ["", f"Check that you have: {', '.join(name[:1].lower() + name[1:] for name in check)}"]
    if len(lines) == 1:
        lines += ["", "Nothing left to buy."]
    return "\n".join(lines) + "\n"


def aisles_with_lines(shopping: ShoppingList) -> list[tuple[str, Sequence[Line]]]:
    """Return the aisles with something to buy, by their names, with their lines."""
    found = ((SHELVES[aisle], [line for line in shopping.to_buy if line.aisle == aisle]) for aisle in shopping.aisles)
    return [(name, lines) for name, lines in found if lines]


def _plain(line: Line) -> str:
    note = f" ({line.note})" if line.note else ""
    return f"- {line.name}, {buy_text(line)}{note}"
