"""Reading menus and recipes into plain values: a few queries whatever their size, and no entities.

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
from mealplanner.food.table import load_foods
from mealplanner.food.wording import ingredient_text
from mealplanner.menu.models import IN_FLIGHT, Meal, Menu, Recipe, RecipeIngredient
from mealplanner.menu.values import (
    DayValue,
    IngredientLine,
    MealValue,
    MenuSummary,
    MenuValue,
    Numbers,
    RecipeSummary,
    RecipeValue,
)
from mealplanner.planner.model import Ingredient
from mealplanner.planner.nutrition import total

_SUMMARY = (
    Menu.id, Menu.status, Menu.start_date, Menu.days, Menu.source, Menu.seed, Menu.step, Menu.steps, Menu.message,
    Menu.error_code, Menu.created_at,
)  # fmt: skip
_MEAL = (
    Meal.id, Meal.day, Meal.slot, Meal.time, Meal.portion, Meal.servings, Meal.locked, Meal.kcal, Meal.protein_g,
    Meal.carbohydrate_g, Meal.fat_g, Recipe.id.label("recipe_id"), Recipe.title, Recipe.owner_id, Recipe.minutes,
    Recipe.cuisine,
)  # fmt: skip


def menus(session: Session, user_id: uuid.UUID) -> list[MenuSummary]:
    """The person's menus, newest first."""
    query = select(*_SUMMARY).where(Menu.user_id == user_id).order_by(Menu.created_at.desc())
    return [_summary(row) for row in session.execute(query)]


def summary(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> MenuSummary:
    """How far a menu is. Raises `NotFound`."""
    return _summary(_one(session, select(*_SUMMARY).where(Menu.id == menu_id, Menu.user_id == user_id)))


def menu(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> MenuValue:
    """A whole menu, in three queries. Raises `NotFound`."""
    columns = (*_SUMMARY, Menu.targets, Menu.preferences, Menu.warnings)
    row = _one(session, select(*columns).where(Menu.id == menu_id, Menu.user_id == user_id))
    return MenuValue(
        summary=_summary(row),
        targets=Numbers(**row.targets),
        preferences=row.preferences,
        warnings=tuple(row.warnings),
        days=_days(session, menu_id, row.start_date),
    )


def today(session: Session, user_id: uuid.UUID, date: datetime.date) -> tuple[MenuValue, DayValue] | None:
    """The newest finished menu that covers `date`, and that day of it."""
    covers = (Menu.start_date <= date) & (Menu.start_date + Menu.days > date)
    query = select(Menu.id).where(Menu.user_id == user_id, Menu.status == "ready", covers)
    found = session.scalar(query.order_by(Menu.created_at.desc()).limit(1))
    if found is None:
        return None
    value = menu(session, user_id, found)
    return value, value.days[(date - value.summary.start_date).days]


def in_flight(session: Session, user_id: uuid.UUID) -> MenuSummary | None:
    """The menu that is being made for the person."""
    query = select(*_SUMMARY).where(Menu.user_id == user_id, Menu.status.in_(IN_FLIGHT))
    row = session.execute(query).one_or_none()
    return _summary(row) if row is not None else None


def recipe(session: Session, user_id: uuid.UUID, recipe_id: uuid.UUID, *, servings: float) -> RecipeValue:
    """A recipe of the catalogue or of the person's own, for `servings`. Raises `NotFound`."""
    visible = Recipe.owner_id.is_(None) | (Recipe.owner_id == user_id)
    found = session.scalar(select(Recipe).where(Recipe.id == recipe_id, visible))
    if found is None:
        raise NotFound
    items = _ingredients(session, [recipe_id])[recipe_id]
    numbers = total(items, load_foods())
    return RecipeValue(
        id=found.id,
        title=found.title,
        source=_source(found.owner_id),
        cuisine=found.cuisine,
        main_protein=found.main_protein,
        minutes=found.minutes,
        appliances=tuple(found.appliances),
        servings=servings,
        numbers=Numbers(numbers.kcal, numbers.protein_g, numbers.carbohydrate_g, numbers.fat_g),
        ingredients=_lines(items, servings),
        steps=tuple(found.steps),
    )


def _one(session: Session, query: Select[*tuple[Any, ...]]) -> Row[*tuple[Any, ...]]:
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def _summary(row: Row[*tuple[Any, ...]]) -> MenuSummary:
    return MenuSummary(**{column.key: getattr(row, column.key) for column in _SUMMARY})


def _days(session: Session, menu_id: uuid.UUID, start: datetime.date) -> tuple[DayValue, ...]:
    query = select(*_MEAL).join(Recipe, Recipe.id == Meal.recipe_id).where(Meal.menu_id == menu_id)
    rows = session.execute(query.order_by(Meal.day, Meal.position)).all()
    ingredients = _ingredients(session, {row.recipe_id for row in rows})
    by_day: dict[int, list[MealValue]] = defaultdict(list)
    for row in rows:
        by_day[row.day].append(_meal(row, ingredients[row.recipe_id]))
    return tuple(_day(start + datetime.timedelta(days=day), meals) for day, meals in by_day.items())


def _day(date: datetime.date, meals: Sequence[MealValue]) -> DayValue:
    totals = Numbers(
        kcal=sum(meal.numbers.kcal for meal in meals),
        protein_g=sum(meal.numbers.protein_g for meal in meals),
        carbohydrate_g=sum(meal.numbers.carbohydrate_g for meal in meals),
        fat_g=sum(meal.numbers.fat_g for meal in meals),
    )
    return DayValue(date=date, minutes=sum(meal.recipe.minutes for meal in meals), totals=totals, meals=tuple(meals))


def _meal(row: Row[*tuple[Any, ...]], items: Iterable[Ingredient]) -> MealValue:
    portion = float(row.portion)
    return MealValue(
        id=row.id,
        slot=row.slot,
        time=row.time,
        portion=portion,
        servings=row.servings,
        locked=row.locked,
        recipe=RecipeSummary(
            id=row.recipe_id, title=row.title, source=_source(row.owner_id), minutes=row.minutes, cuisine=row.cuisine
        ),
        numbers=Numbers(row.kcal, row.protein_g, row.carbohydrate_g, row.fat_g),
        ingredients=_lines(items, portion * row.servings),
    )


def _ingredients(session: Session, recipe_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, list[Ingredient]]:
    """The ingredients of one serving of each recipe, in one query."""
    columns = (RecipeIngredient.recipe_id, RecipeIngredient.food_id, RecipeIngredient.grams)
    query = select(*columns).where(RecipeIngredient.recipe_id.in_(recipe_ids)).order_by(RecipeIngredient.position)
    found: dict[uuid.UUID, list[Ingredient]] = defaultdict(list)
    for recipe_id, food_id, grams in session.execute(query):
        found[recipe_id].append(Ingredient(food_id=food_id, grams=grams))
    return found


def _lines(items: Iterable[Ingredient], servings: float) -> tuple[IngredientLine, ...]:
    foods = load_foods()
    return tuple(
        IngredientLine(
            food=item.food_id,
            name=foods[item.food_id].name,
            grams=item.grams * servings,
            text=ingredient_text(foods[item.food_id], item.grams * servings),
        )
        for item in items
    )


def _source(owner_id: uuid.UUID | None) -> str:
    return "catalogue" if owner_id is None else "model"
