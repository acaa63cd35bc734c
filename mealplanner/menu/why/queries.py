"""Reading what explains the meals of a menu. A menu that belongs to another person is treated as nonexistent."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from mealplanner.errors import NotFound
from mealplanner.larder.queries import to_use
from mealplanner.larder.values import Item
from mealplanner.menu.assembly import AnyRow
from mealplanner.menu.eaten.queries import eaten
from mealplanner.menu.models import Meal, Menu
from mealplanner.menu.usual import queries as usual
from mealplanner.menu.usual.values import Usual
from mealplanner.preferences import services as preferences_services
from mealplanner.preferences.values import Preferences
from mealplanner.recipes import queries as recipes
from mealplanner.recipes.models import Recipe
from mealplanner.recipes.opinions.queries import opinions
from mealplanner.recipes.opinions.values import Opinions
from mealplanner.recipes.queries import COMPOSITION

REMEMBERED_DAYS: Final = 84
"""How far back a dish is looked for in what was eaten before the menu."""

_menus, _meals, _recipes = Menu.__table__.c, Meal.__table__.c, Recipe.__table__.c
_MENU = select(_menus.id, _menus.start_date, _menus.days, _menus.targets, _menus.preferences).where(
    _menus.id == bindparam("menu_id"), _menus.user_id == bindparam("user_id"), _menus.status == "ready"
)
_MEALS = (
    select(
        _meals.id.label("meal_id"), _meals.day, _meals.slot, _meals.portion, _meals.servings, _meals.locked,
        _meals.skipped, _meals.kcal, _meals.protein_g, _meals.carbohydrate_g, _meals.fat_g, _recipes.id,
        _recipes.owner_id, _recipes.slug, _recipes.title, _recipes.kinds, _recipes.cuisine, _recipes.main_protein,
        _recipes.minutes, _recipes.appliances, _recipes.steps, _recipes.day_before, _recipes.makes,
        _recipes.keeps_days, *COMPOSITION,
    )
    .join_from(Meal.__table__, Recipe.__table__, _recipes.id == _meals.recipe_id)
    .where(_meals.menu_id == bindparam("menu_id"))
    .order_by(_meals.day, _meals.position)
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyRows:
    """What explains the meals of a menu, as it was read."""

    menu: AnyRow
    meals: Sequence[AnyRow]
    preferences: Preferences
    """As they are now; those that the menu was made by are in its row."""
    ratings: Mapping[str, int]
    opinions: Opinions
    usual: Sequence[Usual]
    to_use: Sequence[Item]
    """What is in the house and best before a day of the menu, if the person wants menus that use it up."""
    last_eaten: Mapping[str, datetime.date]
    """Slug of a dish -> when it was eaten last before the menu, within `REMEMBERED_DAYS`."""


def why(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> WhyRows:
    """Return what explains the meals of a finished menu. Raise `NotFound`."""
    menu = session.execute(_MENU, {"menu_id": menu_id, "user_id": user_id}).one_or_none()
    if menu is None:
        raise NotFound
    past = eaten(session, user_id, before=menu.start_date, days=REMEMBERED_DAYS)
    return WhyRows(
        menu=menu,
        meals=session.execute(_MEALS, {"menu_id": menu_id}).all(),
        preferences=preferences_services.get(session, user_id).preferences,
        ratings=recipes.ratings(session, user_id),
        opinions=opinions(session, user_id),
        usual=usual.usual_meals(session, user_id),
        to_use=to_use(session, user_id, start=menu.start_date, days=menu.days),
        last_eaten={dish.slug: dish.last for dish in reversed(past)},
    )


def why_meal(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID, meal_id: uuid.UUID) -> WhyRows:
    """Return the same for a menu that has this meal. Raise `NotFound`, also for a meal of another menu."""
    rows = why(session, user_id, menu_id)
    if all(row.meal_id != meal_id for row in rows.meals):
        raise NotFound
    return rows
