"""What there may be much of about a person, read some at a time: each part in a transaction of its own."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from mealplanner.auth.accounts import Account
from mealplanner.menu import queries as menus
from mealplanner.menu.assembly import menu_value
from mealplanner.menu.eaten.presentation import past_meal_json
from mealplanner.menu.eaten.queries import ticked
from mealplanner.menu.editing.presentation import edit_json
from mealplanner.menu.editing.queries import all_edits
from mealplanner.menu.planned_days import queries as planned_days
from mealplanner.menu.presentation import menu_json
from mealplanner.paging import Part, place_of
from mealplanner.recipes import queries as recipes
from mealplanner.recipes.assembly import recipe_value
from mealplanner.recipes.presentation import recipe_json
from mealplanner.spending import queries as spending
from mealplanner.spending.presentation import call_json

Present = Callable[[], Sequence[Any]]
"""Makes JSON of a part once its transaction is over."""

Read = Callable[[Session, Account, str | None], tuple[Present, str | None]]
"""Reads a part, from a place on, and returns the place of the next one with it."""


def _menus(session: Session, account: Account, place: str | None) -> tuple[Present, str | None]:
    part = menus.whole_menus(session, account.id, after=_menu(place))
    overlaps = planned_days.overlaps(session, account.id)

    def present() -> list[Any]:
        found = (menu_value(rows, units=account.units, ingredients=True) for rows in part.items)
        return [
            {**menu_json(menu), "preferences": dict(menu.preferences), "overlap": overlaps.get(menu.summary.id)}
            for menu in found
        ]

    return present, part.after


def _edits(session: Session, account: Account, place: str | None) -> tuple[Present, str | None]:
    part = menus.menus(session, account.id, after=_menu(place))
    found = all_edits(session, account.id, _ids(part))
    return lambda: [{"menu_id": str(menu_id), **edit_json(edit)} for menu_id, edit in found], part.after


def _history(session: Session, account: Account, place: str | None) -> tuple[Present, str | None]:
    part = menus.menus(session, account.id, after=_menu(place))
    found = ticked(session, account.id, _ids(part))
    return lambda: [past_meal_json(meal) for meal in found], part.after


def _recipes(session: Session, account: Account, place: str | None) -> tuple[Present, str | None]:
    part = recipes.own_recipes(session, account.id, after=uuid.UUID(place) if place else None)
    return lambda: [recipe_json(recipe_value(row, units=account.units)) for row in part.items], part.after


def _calls(session: Session, account: Account, place: str | None) -> tuple[Present, str | None]:
    kinds = (datetime.datetime.fromisoformat, uuid.UUID)
    part = spending.calls_of_person(session, account.id, after=place_of(place, kinds) if place else None)
    return lambda: [call_json(call) for call in part.items], part.after


def _menu(place: str | None) -> Any:
    return place_of(place, (datetime.date.fromisoformat, uuid.UUID)) if place else None


def _ids(part: Part[Any]) -> list[uuid.UUID]:
    return [summary.id for summary in part.items]


SECTIONS: Final[Mapping[str, Read]] = {
    "menus": _menus,
    "edits": _edits,
    "recipes": _recipes,
    "history": _history,
    "model_calls": _calls,
}
"""Name in the download -> how it is read."""
