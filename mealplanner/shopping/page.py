"""The texts of a list's page. Pure."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from mealplanner.errors import NotFound
from mealplanner.food.pack_table import SHELVES
from mealplanner.food.unknown import stored_foods
from mealplanner.food.wording import Units, ingredient_text
from mealplanner.presentation.formatting import date_range, day, label
from mealplanner.shopping.assembly import Line, OwnLine, ShoppingList, shopping_list
from mealplanner.shopping.values import BOUGHT, ELSEWHERE, LATER, OPEN, ListRows, Mark, PlannedSpan, Span, Use
from mealplanner.shopping.words import bought_text, buy_text, change_text, days_text


class UsePage(NamedTuple):
    """A dish that asks for a food, and when."""

    title: str
    when: str


class RowPage(NamedTuple):
    """A row of the list. `tick`, `elsewhere`, `later` and `back` are what its buttons send."""

    id: str
    name: str
    much: str
    """What is to be bought of it."""
    need: str
    """The exact need, where more than that is bought."""
    when: str
    state: str
    """`open`, `bought` or `later`."""
    told: str
    """What was bought."""
    note: str
    uses: tuple[UsePage, ...]
    tick: str
    elsewhere: str
    later: str
    food: str
    """Empty for an item of one's own."""
    item: str


class FoodPage(NamedTuple):
    """One food of a list: which meals need how much of it, and what was bought."""

    id: str
    name: str
    much: str
    told: str
    note: str
    meals: tuple[tuple[str, str, str, str], ...]
    """Of each: what follows the address of all recipes, the dish, the occasion, and the amount."""
    seen: str


class SectionPage(NamedTuple):
    """An aisle, or another part of the list."""

    id: str
    title: str
    rows: tuple[RowPage, ...]


class ListPage(NamedTuple):
    """A whole list."""

    title: str
    first: datetime.date
    last: datetime.date
    people: str
    done: int
    all: int
    changes: tuple[tuple[str, str], ...]
    sections: tuple[SectionPage, ...]
    check: tuple[RowPage, ...]
    later: tuple[RowPage, ...]
    spare: tuple[RowPage, ...]
    """Bought, but no longer needed."""
    planned: bool
    """Whether any meal is planned for these days."""


def list_page(rows: ListRows, *, units: Units) -> ListPage:
    """Return the page of a list."""
    return page_of(shopping_list(rows, units=units), planned=bool(rows.meals), units=units)


def page_of(shopping: ShoppingList, *, planned: bool, units: Units) -> ListPage:
    """Return the page of a list that has been put together."""
    span = shopping.span
    done, wanted = shopping.progress
    rows = {line.food.id: _row(line, span, units) for line in shopping.lines}
    here = [line for line in shopping.to_buy if rows[line.food.id].state != LATER]
    own = [_own_row(item) for item in shopping.own]
    sections = [
        SectionPage(aisle, SHELVES[aisle], _open_first(rows[line.food.id] for line in lines))
        for aisle, lines in groupby(here, key=lambda line: line.aisle)
    ]
    return ListPage(
        title=date_range(span.first, span.days),
        first=span.first,
        last=span.last,
        people=_people(shopping.people),
        done=done,
        all=wanted,
        changes=tuple((line.name, change_text(line, span, units)) for line in shopping.changes),
        sections=(*sections, SectionPage("own", "Your own", _open_first(row for row in own if row.state != LATER))),
        check=tuple(rows[line.food.id] for line in shopping.lines if line.checked and line.needed and not line.always),
        later=tuple(row for row in (*(rows[line.food.id] for line in shopping.to_buy), *own) if row.state == LATER),
        spare=tuple(rows[line.food.id] for line in shopping.lines if line.bought and not line.needed),
        planned=planned,
    )


def food_page(rows: ListRows, food: str, *, units: Units) -> FoodPage:
    """Return the page of one food of a list. Raise `NotFound` for one that is not on it."""
    line = next((line for line in shopping_list(rows, units=units).lines if line.food.id == food), None)
    if line is None:
        raise NotFound
    row, foods = _row(line, rows.span, units), stored_foods()
    meals = tuple(
        (
            f"{use.recipe_id}?meal={use.meal_id}",
            use.title,
            f"{label(use.slot)}, {day(use.date)}",
            ingredient_text(foods[use.food], use.grams, units),
        )
        for use in line.uses
    )
    return FoodPage(food, line.name, row.much, row.told, line.note, meals, _seen(line.mark))


def span_links(spans: Sequence[PlannedSpan], span: Span) -> list[tuple[str, uuid.UUID, bool]]:
    """Return the menus whose lists can be opened: the words, the menu, and whether it is the one that is shown."""
    return [(date_range(one.span.first, one.span.days), one.menu_id, one.span == span) for one in spans]


def _row(line: Line, span: Span, units: Units) -> RowPage:
    seen, state = _seen(line.mark), _state(line)
    much = buy_text(line)
    need = line.buy.need if line.buy and not line.bought else ""
    total = f"{line.total:.6g}"
    return RowPage(
        id=f"food-{line.food.id}",
        name=line.name,
        much=much,
        need=need if need != much else "",
        when=days_text((use.date for use in line.uses), span),
        state=state,
        told=bought_text(line, span, units),
        note=line.note,
        uses=tuple(_uses(line, span)),
        tick=_said(BOUGHT if state == OPEN else OPEN, line.food.id, total, seen),
        elsewhere=_said(ELSEWHERE, line.food.id, total, seen),
        later=_said(LATER, line.food.id, total, seen),
        food=line.food.id,
        item="",
    )


def _own_row(item: OwnLine) -> RowPage:
    seen, state, subject = _seen(item.mark), _state(item), str(item.id)
    return RowPage(
        id=f"item-{subject}",
        name=item.text,
        much="",
        need="",
        when="",
        state=state,
        told="Bought somewhere else." if item.mark.state == ELSEWHERE else "",
        note="",
        uses=(),
        tick=_said(BOUGHT if state == OPEN else OPEN, subject, "", seen),
        elsewhere=_said(ELSEWHERE, subject, "", seen),
        later=_said(LATER, subject, "", seen),
        food="",
        item=subject,
    )


def _state(listed: Line | OwnLine) -> str:
    return BOUGHT if listed.done else LATER if listed.mark.state == LATER else OPEN


def _seen(mark: Mark) -> str:
    """Return the ticks that the page shows, which the next one replaces."""
    return ",".join(map(str, mark.ticks))


def _said(state: str, subject: str, grams: str, seen: str) -> str:
    """Return what a button sends (see `TickSchema`)."""
    return " ".join(part for part in (state, subject, grams, seen) if part)


def _uses(line: Line, span: Span) -> Iterator[UsePage]:
    """Yield each dish once, with its days."""
    dishes: dict[uuid.UUID, list[Use]] = {}
    for use in line.uses:
        dishes.setdefault(use.recipe_id, []).append(use)
    for uses in dishes.values():
        when, slots = days_text((use.date for use in uses), span), {use.slot for use in uses}
        yield UsePage(uses[0].title, f"{when}, {slots.pop()}" if len(slots) == 1 else when)


def _open_first(rows: Iterator[RowPage]) -> tuple[RowPage, ...]:
    return tuple(sorted(rows, key=lambda row: row.state == BOUGHT))


def _people(people: frozenset[int]) -> str:
    if len(people) != 1:
        return ""
    (number,) = people
    return f"for {number}" if number > 1 else "for one"
