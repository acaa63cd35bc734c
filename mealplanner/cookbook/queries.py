"""Reading where dishes stand on a person's menus. Meals of other people are treated as nonexistent."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Date, Row, bindparam, func, select
from sqlalchemy.orm import Session

from mealplanner.cookbook.values import DishRead, EaterRead, Place, PlanRead
from mealplanner.errors import Invalid, NotFound
from mealplanner.menu.editing.errors import DayOver
from mealplanner.menu.models import Meal, Menu, ends_after
from mealplanner.menu.planned_days.ownership import belongs_elsewhere
from mealplanner.preferences import services as preferences
from mealplanner.presentation.formatting import day
from mealplanner.recipes import queries as recipes
from mealplanner.recipes.models import Recipe
from mealplanner.recipes.opinions import queries as opinions
from mealplanner.recipes.values import at_least

_DATE = Menu.start_date + Meal.day
_TODAY = bindparam("today", type_=Date)
_PLACE = (
    select(
        Meal.id.label("meal_id"), Meal.menu_id, Menu.version, _DATE.label("date"), Meal.day, Meal.slot, Meal.recipe_id,
        Recipe.title, (Meal.portion * Meal.servings).label("servings"), Meal.locked,
        Meal.eaten_at.is_not(None).label("eaten"), Meal.cooked_at.is_not(None).label("cooked"),
    )
    .join(Menu, Menu.id == Meal.menu_id)
    .join(Recipe, Recipe.id == Meal.recipe_id)
    .where(Menu.user_id == bindparam("user_id"), Menu.status == "ready")
)  # fmt: skip
_ONE = _PLACE.where(Meal.id == bindparam("meal_id"))
_UPCOMING = _PLACE.where(
    _TODAY <= _DATE, ends_after(_TODAY), Meal.eaten_at.is_(None), ~belongs_elsewhere(_DATE)
).order_by(_DATE, Menu.created_at.desc(), Meal.position)
_NEEDED = select(func.sum(Meal.portion * Meal.servings)).where(
    Meal.menu_id == bindparam("menu_id"),
    Meal.recipe_id == bindparam("recipe_id"),
    Meal.skipped.is_(None),
    Meal.day.between(bindparam("day"), bindparam("last_day")),
)
_SERVING = _UPCOMING.where(Recipe.slug == bindparam("slug"), Meal.skipped.is_(None))


def dish(
    session: Session,
    user_id: uuid.UUID,
    recipe_id: uuid.UUID,
    *,
    servings: float | None,
    meal: uuid.UUID | None,
    today: datetime.date,
) -> DishRead:
    """Return a dish for `servings`, else for those of the meal it was opened from, else for one, and at least for those
    that it is made for. Raise `NotFound`.

    A meal that is not there any more is no error: the page may have been open in a kitchen since before it went.
    """
    row = recipes.recipe(session, user_id, recipe_id)
    found = place(session, user_id, meal) if meal is not None else None
    serves_it = found is not None and found.recipe_id == recipe_id
    needed = _needed(session, found, keeps_days=row.keeps_days) if found is not None and serves_it else None
    return DishRead(
        row=row,
        opinions=opinions.of_dish(session, user_id, row.slug),
        servings=servings or at_least(needed or 1.0, row.makes),
        needed=needed,
        place=found,
        meal_is_gone=meal is not None and found is None,
        can_be_served=found is not None and not serves_it and found.date >= today and not (found.locked or found.eaten),
        still_planned=serving(session, user_id, row.slug, today=today) if row.rating < 0 else (),
    )


def eater(session: Session, user_id: uuid.UUID) -> EaterRead:
    """Return how the person eats, what they think of dishes, and which are their own."""
    return EaterRead(
        preferences=preferences.get(session, user_id).preferences,
        ratings=recipes.ratings(session, user_id),
        opinions=opinions.opinions(session, user_id),
        own=recipes.planned_recipes(session, user_id),
    )


def place(session: Session, user_id: uuid.UUID, meal_id: uuid.UUID) -> Place | None:
    """Return a meal of the person's, or None if it is not there any more."""
    row = session.execute(_ONE, {"user_id": user_id, "meal_id": meal_id}).one_or_none()
    return _place(row) if row is not None else None


def upcoming(session: Session, user_id: uuid.UUID, *, today: datetime.date) -> Sequence[Place]:
    """Return the person's meals from `today` on that are not eaten yet, in order."""
    return [_place(row) for row in session.execute(_UPCOMING, {"user_id": user_id, "today": today})]


def places(session: Session, user_id: uuid.UUID, recipe_id: uuid.UUID, *, today: datetime.date) -> PlanRead:
    """Return a dish and the meals from `today` on. Raise `NotFound`, also for a dish that its owner deleted."""
    row = recipes.recipe(session, user_id, recipe_id)
    if row.retired_at is not None:
        raise NotFound
    return PlanRead(row=row, places=upcoming(session, user_id, today=today))


def place_on(session: Session, user_id: uuid.UUID, *, date: datetime.date, slot: str, today: datetime.date) -> Place:
    """Return the meal of a day; of several snacks, the first that may change. Raise `Invalid` where there is none."""
    if date < today:
        raise DayOver(date, "date")
    of_day = [one for one in upcoming(session, user_id, today=date) if one.date == date]
    if not of_day:
        raise Invalid({"date": [f"You have no menu for {day(date)} yet. Make one first, then put this dish on it."]})
    found = sorted((one for one in of_day if one.slot == slot), key=lambda one: one.locked)
    if not found:
        raise Invalid({"slot": [f"There is no {slot} left to change on {day(date)}."]})
    return found[0]


def serving(session: Session, user_id: uuid.UUID, slug: str, *, today: datetime.date) -> Sequence[Place]:
    """Return the person's meals from `today` on that serve the dish `slug`."""
    return [_place(row) for row in session.execute(_SERVING, {"user_id": user_id, "slug": slug, "today": today})]


def _needed(session: Session, place: Place, *, keeps_days: int) -> float:
    """Return the servings of a meal's dish that are eaten at this meal and at later ones, for as long as it keeps."""
    if not keeps_days:
        return place.servings
    days = {"day": place.day, "last_day": place.day + keeps_days}
    needed = session.scalar(_NEEDED, {"menu_id": place.menu_id, "recipe_id": place.recipe_id, **days})
    return float(needed or place.servings)


def _place(row: Row[*tuple[Any, ...]]) -> Place:
    return Place(**{**row._mapping, "servings": float(row.servings)})
