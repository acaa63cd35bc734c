"""Choosing and forgetting usual meals."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.errors import Invalid, NotFound
from mealplanner.food.suitability import forbidden
from mealplanner.food.table import load_foods
from mealplanner.menu.usual.models import UsualMeal
from mealplanner.planner.model import SNACK
from mealplanner.planner.restrictions import refusal
from mealplanner.planner.targets import MEALS
from mealplanner.preferences import services as preferences_services
from mealplanner.recipes import queries as recipes
from mealplanner.recipes.assembly import RecipeRow, planner_dishes


def choose(session: Session, user_id: uuid.UUID, recipe_id: uuid.UUID, *, slot: str, weekdays: Collection[int]) -> None:
    """Make a dish the person's usual one for `slot` on exactly these weekdays; Monday is 0.

    It takes the place of what was usual there. Raise `NotFound`, also for a dish that they deleted, and `Invalid` for
    a dish that is no such meal or that is against their diet or restrictions.
    """
    row = recipes.recipe(session, user_id, recipe_id)
    if row.retired_at is not None:
        raise NotFound
    _require_kind(row, slot)
    _require_safe(session, user_id, row)
    this = (UsualMeal.user_id == user_id, UsualMeal.slot == slot, UsualMeal.slug == row.slug)
    session.execute(delete(UsualMeal).where(*this, UsualMeal.weekday.not_in(weekdays)))
    chosen = insert(UsualMeal).values(
        [{"user_id": user_id, "slot": slot, "weekday": day, "slug": row.slug} for day in sorted(weekdays)]
    )
    place = [UsualMeal.user_id, UsualMeal.slot, UsualMeal.weekday]
    session.execute(
        chosen.on_conflict_do_update(
            index_elements=place, set_={"slug": chosen.excluded.slug, "chosen_at": chosen.excluded.chosen_at}
        )
    )


def forget(session: Session, user_id: uuid.UUID, *, slot: str, weekdays: Collection[int]) -> None:
    """Have no usual dish for `slot` on these weekdays. Raise `NotFound` when there is none."""
    there = (UsualMeal.user_id == user_id, UsualMeal.slot == slot, UsualMeal.weekday.in_(weekdays))
    if not session.scalars(delete(UsualMeal).where(*there).returning(UsualMeal.weekday)).all():
        raise NotFound


def _require_kind(row: RecipeRow, slot: str) -> None:
    if MEALS.get(slot, SNACK) not in row.kinds:
        meals = [meal for meal, kind in (*MEALS.items(), ("snack", SNACK)) if kind in row.kinds]
        raise Invalid({"slot": [f"{row.title} is no {slot}. Choose {' or '.join(meals)}."]})


def _require_safe(session: Session, user_id: uuid.UUID, row: RecipeRow) -> None:
    preferences = preferences_services.get(session, user_id).preferences
    (dish,) = planner_dishes([row]).values()
    foods = load_foods()
    if found := refusal(dish, foods, {preferences.diet_type, *preferences.dietary_restrictions}):
        raise Invalid({"recipe_id": [f"“{row.title}” does not suit you. {forbidden(found, foods).reason}"]})
