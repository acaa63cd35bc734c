"""Reading the dishes that a person takes along."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import Date, bindparam, select
from sqlalchemy.orm import Session

from mealplanner.errors import Invalid
from mealplanner.food.catalogue import recipes_by_id
from mealplanner.menu.models import Meal, Menu, ends_after
from mealplanner.menu.planned_days.ownership import belongs_elsewhere
from mealplanner.preferences import services as preferences
from mealplanner.recipe_files.values import Collected
from mealplanner.recipes import queries as recipes
from mealplanner.recipes.assembly import RecipeRow, catalogue_row, rated_dishes

MOST = 1000
"""Dishes in one file."""

TOO_MANY = f"These are more than the {MOST} dishes that one file holds. Please save them one by one, from their pages."
NOTHING = "There is nothing to take with you yet. Plan a week, or make a dish your favourite."

_DATE = Menu.start_date + Meal.day
_TODAY = bindparam("today", type_=Date)
_PLANNED = (
    select(Meal.recipe_id)
    .join(Menu, Menu.id == Meal.menu_id)
    .where(
        Menu.user_id == bindparam("user_id"),
        Menu.status == "ready",
        ends_after(_TODAY),
        _TODAY <= _DATE,
        ~belongs_elsewhere(_DATE),
        Meal.skipped.is_(None),
    )
    .distinct()
)


def collected(session: Session, user_id: uuid.UUID, *, today: datetime.date) -> Collected:
    """Return the person's own dishes, their favourites, and what their menus serve from `today` on, by title.

    Raise `Invalid` if there are none, or more than one file holds.
    """
    known = recipes.dishes(session, user_id)
    favourites = {dish.recipe.id for dish in rated_dishes(known.rated) if dish.rating > 0}
    planned = set(session.scalars(_PLANNED, {"user_id": user_id, "today": today}))
    own = {row.id for row in known.own}
    others = (planned | favourites) - own
    if not 0 < len(own) + len(others) <= MOST:
        raise Invalid({"format": [TOO_MANY if own or others else NOTHING]})
    catalogue = recipes_by_id()
    rows: list[RecipeRow] = [
        *known.own,
        *(catalogue_row(id_, catalogue[id_], rating=int(id_ in favourites)) for id_ in others if id_ in catalogue),
        *recipes.visible_recipes(session, user_id, others - catalogue.keys()),
    ]
    servings = preferences.get(session, user_id).preferences.servings_per_meal
    return Collected(rows=sorted(rows, key=lambda row: (row.title.casefold(), str(row.id))), servings=servings)
