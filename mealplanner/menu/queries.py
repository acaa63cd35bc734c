"""Reading menus: one query for the menus and one for their meals, however many there are. The first query of a menu's
page is the one for the account as well.

The queries are built once and select from tables rather than entities. A menu's page is the one that people open most,
and building a query, or entities from its rows, costs more than sending it.

A menu that belongs to another person is treated as nonexistent.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ARRAY, Date, Select, Uuid, any_, bindparam, case, select, tuple_
from sqlalchemy.orm import Session

from mealplanner.auth.accounts import beside_account
from mealplanner.db import named, read
from mealplanner.errors import NotFound
from mealplanner.menu.assembly import AnyRow, MenuRows, head_of, summary_of
from mealplanner.menu.models import IN_FLIGHT, Meal, Menu, ends_after
from mealplanner.menu.planned_days.overlaps import first_unplanned
from mealplanner.menu.planned_days.ownership import ELSEWHERE, belongs_to_menu
from mealplanner.menu.values import MenuSummary
from mealplanner.paging import Part, part_of
from mealplanner.recipes.models import Recipe
from mealplanner.recipes.queries import COMPOSITION
from mealplanner.spending.models import ModelCall

_menus, _meals = Menu.__table__.c, Meal.__table__.c
_recipes, _calls = Recipe.__table__.c, ModelCall.__table__.c

_SUMMARY = (
    _menus.id, _menus.status, _menus.start_date, _menus.days, _menus.source, _menus.seed, _menus.step, _menus.steps,
    _menus.message, _menus.error_code, _menus.created_at,
    select(_calls.id).where(_calls.menu_id == _menus.id).exists().label("model_asked"), _menus.version,
    _menus.undoable.is_not(None).label("can_undo"), _menus.redoable.is_not(None).label("can_redo"),
)  # fmt: skip
_MEAL = (
    _meals.menu_id, _meals.id, _meals.day, _meals.slot, _meals.time, _meals.portion, _meals.servings, _meals.locked,
    _meals.kcal, _meals.protein_g, _meals.carbohydrate_g, _meals.fat_g, _recipes.id.label("recipe_id"), _recipes.title,
    _recipes.owner_id, _recipes.minutes, _recipes.cuisine, _recipes.main_protein, _meals.note, _meals.skipped,
    _meals.eaten_at, _meals.cooked_at, _recipes.day_before, _recipes.makes,
    *(
        case((_recipes.day_before != "", column.element)).label(f"prepared_{column.name}") for column in COMPOSITION
    ),
)  # fmt: skip
WHOLE = (*_SUMMARY, _menus.targets, _menus.preferences, _menus.warnings, _menus.remedies, ELSEWHERE)
"""The columns of a menu as far as it is known without its meals; see `head_of`."""

PAGE: Final = 50
"""Menus in a part of the list."""

WHOLE_PAGE: Final = 20
"""Menus that are read with their meals at a time."""

_OWN = _menus.user_id == bindparam("user_id")
_THIS = (_menus.id == bindparam("menu_id")) & _OWN
_DATE = bindparam("date", type_=Date)
_COVERS = (_menus.status == "ready") & (_menus.start_date <= _DATE) & ends_after(_DATE)
_NEWEST_FIRST = _menus.created_at.desc()

_BY_DATE = (_menus.start_date.desc(), _menus.id.desc())
_ALL = select(*_SUMMARY).where(_OWN).order_by(*_BY_DATE).limit(PAGE + 1)
_AFTER = tuple_(_menus.start_date, _menus.id) < tuple_(_DATE, bindparam("menu_id", type_=Uuid))
_ALL_AFTER = _ALL.where(_AFTER)
_ALL_WHOLE = select(*WHOLE).where(_OWN).order_by(*_BY_DATE).limit(WHOLE_PAGE + 1)
_ONE = select(*_SUMMARY).where(_THIS)
_ONE_WHOLE = select(*WHOLE).where(_THIS)
_IN_FLIGHT = select(*_SUMMARY).where(_OWN, _menus.status.in_(IN_FLIGHT))
_SERVES = select(_meals.id).where(_meals.menu_id == _menus.id, _menus.start_date + _meals.day == _DATE).exists()
_TODAY = select(*WHOLE).where(_OWN, _COVERS, _SERVES).order_by(belongs_to_menu(_DATE).desc(), _NEWEST_FIRST).limit(1)
_LATEST = select(*_SUMMARY).where(_OWN, _menus.status == "ready").order_by(_menus.start_date.desc()).limit(1)
_COMING = (
    select(_menus.start_date, _menus.days)
    .where(_OWN, _menus.status.in_(("ready", *IN_FLIGHT)), ends_after(_DATE))
    .order_by(_menus.start_date)
)
HEAD = beside_account(Menu, WHOLE, _menus.id == bindparam("menu_id"))
"""The query for an account and one of its menus as far as it is known without its meals; see `head_of`."""

_MEALS = (
    select(*_MEAL)
    .join_from(Meal.__table__, Recipe.__table__, _recipes.id == _meals.recipe_id)
    .where(_meals.menu_id == any_(bindparam("menu_ids", type_=ARRAY(Uuid))))
    .order_by(_meals.day, _meals.position)
)
_MEALS_WITH_FOODS = _MEALS.add_columns(*COMPOSITION)
_MEALS_OF_TWO_DAYS = _MEALS.where(_meals.day.between(bindparam("day"), bindparam("day") + 1))


def menus(
    session: Session, user_id: uuid.UUID, *, after: tuple[datetime.date, uuid.UUID] | None = None
) -> Part[MenuSummary]:
    """Return the person's menus by their first day, the latest first, from the one that follows `after`."""
    query = _ALL if after is None else _ALL_AFTER
    rows = session.execute(query, {"user_id": user_id, **_place(after)})
    return part_of([summary_of(row) for row in rows], PAGE, lambda summary: (summary.start_date, summary.id))


def summary(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> MenuSummary:
    """Return a menu without its meals, as for its progress. Raise `NotFound`."""
    return summary_of(_one(session, _ONE, user_id, menu_id))


def with_meals(session: Session, found: MenuRows, *, foods: bool = False) -> MenuRows:
    """Return the menu with its meals, and with what is in them if `foods`.

    Raise `NotFound` when it has been deleted since its head was read.
    """
    meals = named(read(session, _MEALS_WITH_FOODS if foods else _MEALS, {"menu_ids": [found.summary.id]}))
    if found.summary.status == "ready" and not meals:
        raise NotFound
    return replace(found, meals=meals)


def menu(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID, *, foods: bool = False) -> MenuRows:
    """Return a whole menu, as `with_meals` does. Raise `NotFound`."""
    return with_meals(session, head_of(_one(session, _ONE_WHOLE, user_id, menu_id)), foods=foods)


def whole_menus(
    session: Session, user_id: uuid.UUID, *, after: tuple[datetime.date, uuid.UUID] | None = None
) -> Part[MenuRows]:
    """Return some of the person's menus with their meals, in the order of `menus`."""
    query = _ALL_WHOLE if after is None else _ALL_WHOLE.where(_AFTER)
    rows = session.execute(query, {"user_id": user_id, **_place(after)})
    part = part_of([head_of(row) for row in rows], WHOLE_PAGE, lambda menu: (menu.summary.start_date, menu.summary.id))
    return Part(all_with_meals(session, part.items, foods=True), part.after)


def all_with_meals(session: Session, found: Sequence[MenuRows], *, foods: bool = False) -> list[MenuRows]:
    """Return the menus with their meals, and with what is in them if `foods`."""
    meals = defaultdict(list)
    menu_ids = [menu.summary.id for menu in found]
    for meal in named(read(session, _MEALS_WITH_FOODS if foods else _MEALS, {"menu_ids": menu_ids})):
        meals[meal.menu_id].append(meal)
    return [replace(menu, meals=meals[menu.summary.id]) for menu in found]


def today(session: Session, user_id: uuid.UUID, date: datetime.date) -> MenuRows | None:
    """Return the menu that `date` belongs to, with the meals of that day and the next."""
    row = session.execute(_TODAY, {"user_id": user_id, "date": date}).one_or_none()
    if row is None:
        return None
    this_day = {"menu_ids": [row.id], "day": (date - row.start_date).days}
    meals = session.execute(_MEALS_OF_TWO_DAYS, this_day).all()
    meals = [meal for meal in meals if str(meal.day) not in (row.elsewhere or {})]
    planned = meals and meals[0].day == this_day["day"]
    return MenuRows(summary=summary_of(row), row=row, meals=meals) if planned else None


def first_free_day(session: Session, user_id: uuid.UUID, today: datetime.date) -> datetime.date:
    """Return the first day from `today` on that no finished or unfinished menu of the person covers."""
    return first_unplanned(session.execute(_COMING, {"user_id": user_id, "date": today}), today)


def latest(session: Session, user_id: uuid.UUID) -> MenuSummary | None:
    """Return the finished menu with the latest first day."""
    return _first(session, _LATEST, user_id)


def in_flight(session: Session, user_id: uuid.UUID) -> MenuSummary | None:
    """Return the menu that is being generated for the person."""
    return _first(session, _IN_FLIGHT, user_id)


def _place(after: tuple[datetime.date, uuid.UUID] | None) -> dict[str, object]:
    return {} if after is None else {"date": after[0], "menu_id": after[1]}


def _first(session: Session, query: Select[*tuple[Any, ...]], user_id: uuid.UUID) -> MenuSummary | None:
    row = session.execute(query, {"user_id": user_id}).one_or_none()
    return summary_of(row) if row is not None else None


def _one(session: Session, query: Select[*tuple[Any, ...]], user_id: uuid.UUID, menu_id: uuid.UUID) -> AnyRow:
    row = read(session, query, {"user_id": user_id, "menu_id": menu_id}).one_or_none()
    if row is None:
        raise NotFound
    return row
