"""Reading menus into plain values: a few queries whatever their size, and no entities.

Somebody else's menu is not there, like one that does not exist.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from mealplanner.errors import NotFound
from mealplanner.food.wording import Units
from mealplanner.menu.models import IN_FLIGHT, Meal, Menu
from mealplanner.menu.values import DayValue, MealValue, MenuSummary, MenuValue
from mealplanner.planner.model import Ingredient
from mealplanner.recipes.lines import ingredient_lines
from mealplanner.recipes.models import Recipe
from mealplanner.recipes.reading import ingredients
from mealplanner.recipes.values import Numbers, RecipeSummary, source

_SUMMARY = (
    Menu.id, Menu.status, Menu.start_date, Menu.days, Menu.source, Menu.seed, Menu.step, Menu.steps, Menu.message,
    Menu.error_code, Menu.created_at,
)  # fmt: skip
_MEAL = (
    Meal.id, Meal.day, Meal.slot, Meal.time, Meal.portion, Meal.servings, Meal.locked, Meal.kcal, Meal.protein_g,
    Meal.carbohydrate_g, Meal.fat_g, Recipe.id.label("recipe_id"), Recipe.title, Recipe.owner_id, Recipe.minutes,
    Recipe.cuisine,
)  # fmt: skip


_WHOLE = (*_SUMMARY, Menu.targets, Menu.preferences, Menu.warnings)


def menus(session: Session, user_id: uuid.UUID) -> list[MenuSummary]:
    """The person's menus, newest first."""
    query = select(*_SUMMARY).where(Menu.user_id == user_id).order_by(Menu.created_at.desc())
    return [_summary(row) for row in session.execute(query)]


def summary(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> MenuSummary:
    """How far a menu is. Raises `NotFound`."""
    return _summary(_one(session, select(*_SUMMARY).where(Menu.id == menu_id, Menu.user_id == user_id)))


def menu(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID, *, units: Units = "metric") -> MenuValue:
    """A whole menu, in three queries. Raises `NotFound`."""
    row = _one(session, select(*_WHOLE).where(Menu.id == menu_id, Menu.user_id == user_id))
    return _whole(row, _days(session, {menu_id: row.start_date}, units)[menu_id])


def whole_menus(session: Session, user_id: uuid.UUID, *, units: Units = "metric") -> list[MenuValue]:
    """Everything the person ever planned, newest first, in three queries."""
    rows = session.execute(select(*_WHOLE).where(Menu.user_id == user_id).order_by(Menu.created_at.desc())).all()
    days = _days(session, {row.id: row.start_date for row in rows}, units)
    return [_whole(row, days[row.id]) for row in rows]


def today(
    session: Session, user_id: uuid.UUID, date: datetime.date, *, units: Units = "metric"
) -> tuple[MenuValue, DayValue] | None:
    """The newest finished menu that covers `date`, and that day of it."""
    covers = (Menu.start_date <= date) & (Menu.start_date + Menu.days > date)
    query = select(Menu.id).where(Menu.user_id == user_id, Menu.status == "ready", covers)
    found = session.scalar(query.order_by(Menu.created_at.desc()).limit(1))
    if found is None:
        return None
    value = menu(session, user_id, found, units=units)
    return value, value.days[(date - value.summary.start_date).days]


def in_flight(session: Session, user_id: uuid.UUID) -> MenuSummary | None:
    """The menu that is being made for the person."""
    query = select(*_SUMMARY).where(Menu.user_id == user_id, Menu.status.in_(IN_FLIGHT))
    row = session.execute(query).one_or_none()
    return _summary(row) if row is not None else None


def _one(session: Session, query: Select[*tuple[Any, ...]]) -> Row[*tuple[Any, ...]]:
    row = session.execute(query).one_or_none()
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
    query = select(Meal.menu_id, *_MEAL).join(Recipe, Recipe.id == Meal.recipe_id).where(Meal.menu_id.in_(starts))
    rows = session.execute(query.order_by(Meal.day, Meal.position)).all()
    items = ingredients(session, {row.recipe_id for row in rows})
    meals: dict[uuid.UUID, dict[int, list[MealValue]]] = {menu_id: defaultdict(list) for menu_id in starts}
    for row in rows:
        meals[row.menu_id][row.day].append(_meal(row, items[row.recipe_id], units))
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


def _meal(row: Row[*tuple[Any, ...]], items: Iterable[Ingredient], units: Units) -> MealValue:
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
        ingredients=ingredient_lines(items, portion * row.servings, units),
    )
