"""Reading menus into plain values: one query for menus and one for their meals, whatever their number; no entities.

The queries are built once and ask tables rather than entities: a menu's page is most of what people open, and building
a query, or looking for entities in its rows, costs more than sending it.

Somebody else's menu is not there, like one that does not exist.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Date, Row, Select, Uuid, any_, bindparam, select
from sqlalchemy.orm import Session

from mealplanner.errors import NotFound
from mealplanner.food.wording import Units
from mealplanner.menu.models import IN_FLIGHT, Meal, Menu
from mealplanner.menu.values import DayValue, MealValue, MenuSummary, MenuValue
from mealplanner.recipes.lines import ingredient_lines
from mealplanner.recipes.models import Recipe
from mealplanner.recipes.queries import COMPOSITION
from mealplanner.recipes.values import Numbers, RecipeSummary, source
from mealplanner.spending.models import ModelCall

_menus, _meals = Menu.__table__.c, Meal.__table__.c
_recipes, _calls = Recipe.__table__.c, ModelCall.__table__.c

_SUMMARY = (
    _menus.id, _menus.status, _menus.start_date, _menus.days, _menus.source, _menus.seed, _menus.step, _menus.steps,
    _menus.message, _menus.error_code, _menus.created_at,
    select(_calls.id).where(_calls.menu_id == _menus.id).exists().label("model_asked"),
)  # fmt: skip
_MEAL = (
    _meals.menu_id, _meals.id, _meals.day, _meals.slot, _meals.time, _meals.portion, _meals.servings, _meals.locked,
    _meals.kcal, _meals.protein_g, _meals.carbohydrate_g, _meals.fat_g, _recipes.id.label("recipe_id"), _recipes.title,
    _recipes.owner_id, _recipes.minutes, _recipes.cuisine, *COMPOSITION,
)  # fmt: skip
_WHOLE = (*_SUMMARY, _menus.targets, _menus.preferences, _menus.warnings)

_OWN = _menus.user_id == bindparam("user_id")
_THIS = (_menus.id == bindparam("menu_id")) & _OWN
_DATE = bindparam("date", type_=Date)
_COVERS = (_menus.status == "ready") & (_menus.start_date <= _DATE) & (_menus.start_date + _menus.days > _DATE)
_NEWEST_FIRST = _menus.created_at.desc()

_ALL = select(*_SUMMARY).where(_OWN).order_by(_NEWEST_FIRST)
_ALL_WHOLE = select(*_WHOLE).where(_OWN).order_by(_NEWEST_FIRST)
_ONE = select(*_SUMMARY).where(_THIS)
_ONE_WHOLE = select(*_WHOLE).where(_THIS)
_IN_FLIGHT = select(*_SUMMARY).where(_OWN, _menus.status.in_(IN_FLIGHT))
_TODAY = select(*_WHOLE).where(_OWN, _COVERS).order_by(_NEWEST_FIRST).limit(1)
_LATEST = select(*_SUMMARY).where(_OWN, _menus.status == "ready").order_by(_menus.start_date.desc()).limit(1)
_MEALS = (
    select(*_MEAL)
    .join_from(Meal.__table__, Recipe.__table__, _recipes.id == _meals.recipe_id)
    .where(_meals.menu_id == any_(bindparam("menu_ids", type_=ARRAY(Uuid))))
    .order_by(_meals.day, _meals.position)
)
_MEALS_OF_DAY = _MEALS.where(_meals.day == bindparam("day"))


def menus(session: Session, user_id: uuid.UUID) -> list[MenuSummary]:
    """The person's menus, newest first."""
    return [_summary(row) for row in session.execute(_ALL, {"user_id": user_id})]


def summary(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> MenuSummary:
    """How far a menu is. Raises `NotFound`."""
    return _summary(_one(session, _ONE, user_id, menu_id))


def menu(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID, *, units: Units = "metric") -> MenuValue:
    """A whole menu. Raises `NotFound`, also when it is deleted just now: ready, and its meals are gone already."""
    row = _one(session, _ONE_WHOLE, user_id, menu_id)
    days = _days(session, {menu_id: row.start_date}, units)[menu_id]
    if row.status == "ready" and not days:
        raise NotFound
    return _whole(row, days)


def whole_menus(session: Session, user_id: uuid.UUID, *, units: Units = "metric") -> list[MenuValue]:
    """Everything the person ever planned, newest first."""
    rows = session.execute(_ALL_WHOLE, {"user_id": user_id}).all()
    days = _days(session, {row.id: row.start_date for row in rows}, units)
    return [_whole(row, days[row.id]) for row in rows]


def today(session: Session, user_id: uuid.UUID, date: datetime.date, *, units: Units = "metric") -> MenuValue | None:
    """The newest finished menu that covers `date`, with that day alone."""
    row = session.execute(_TODAY, {"user_id": user_id, "date": date}).one_or_none()
    if row is None:
        return None
    this_day = {"menu_ids": [row.id], "day": (date - row.start_date).days}
    meals = [_meal(meal, units) for meal in session.execute(_MEALS_OF_DAY, this_day)]
    return _whole(row, (_day(date, meals),))


def latest(session: Session, user_id: uuid.UUID) -> MenuSummary | None:
    """The finished menu that begins last."""
    row = session.execute(_LATEST, {"user_id": user_id}).one_or_none()
    return _summary(row) if row is not None else None


def in_flight(session: Session, user_id: uuid.UUID) -> MenuSummary | None:
    """The menu that is being made for the person."""
    row = session.execute(_IN_FLIGHT, {"user_id": user_id}).one_or_none()
    return _summary(row) if row is not None else None


def _one(
    session: Session, query: Select[*tuple[Any, ...]], user_id: uuid.UUID, menu_id: uuid.UUID
) -> Row[*tuple[Any, ...]]:
    row = session.execute(query, {"user_id": user_id, "menu_id": menu_id}).one_or_none()
    if row is None:
        raise NotFound
    return row


def _summary(row: Row[*tuple[Any, ...]]) -> MenuSummary:
    return MenuSummary(**{column.key: getattr(row, column.key) for column in _SUMMARY})


def _whole(row: Row[*tuple[Any, ...]], days: tuple[DayValue, ...]) -> MenuValue:
    return MenuValue(
        summary=_summary(row),
        targets=Numbers(**row.targets),
        preferences=row.preferences,
        warnings=tuple(row.warnings),
        days=days,
    )


def _days(
    session: Session, starts: Mapping[uuid.UUID, datetime.date], units: Units
) -> Mapping[uuid.UUID, tuple[DayValue, ...]]:
    """The days of each menu, which `starts` maps to its first date."""
    meals: dict[uuid.UUID, dict[int, list[MealValue]]] = {menu_id: defaultdict(list) for menu_id in starts}
    for row in session.execute(_MEALS, {"menu_ids": list(starts)}):
        meals[row.menu_id][row.day].append(_meal(row, units))
    return {
        menu_id: tuple(_day(starts[menu_id] + datetime.timedelta(days=day), found) for day, found in by_day.items())
        for menu_id, by_day in meals.items()
    }


def _day(date: datetime.date, meals: Sequence[MealValue]) -> DayValue:
    totals = Numbers(
        kcal=sum(meal.numbers.kcal for meal in meals),
        protein_g=sum(meal.numbers.protein_g for meal in meals),
        carbohydrate_g=sum(meal.numbers.carbohydrate_g for meal in meals),
        fat_g=sum(meal.numbers.fat_g for meal in meals),
    )
    return DayValue(date=date, minutes=sum(meal.recipe.minutes for meal in meals), totals=totals, meals=tuple(meals))


def _meal(row: Row[*tuple[Any, ...]], units: Units) -> MealValue:
    portion = float(row.portion)
    return MealValue(
        id=row.id,
        slot=row.slot,
        time=row.time,
        portion=portion,
        servings=row.servings,
        locked=row.locked,
        recipe=RecipeSummary(
            id=row.recipe_id, title=row.title, source=source(row.owner_id), minutes=row.minutes, cuisine=row.cuisine
        ),
        numbers=Numbers(row.kcal, row.protein_g, row.carbohydrate_g, row.fat_g),
        ingredients=ingredient_lines(row.foods, row.grams, portion * row.servings, units),
    )
