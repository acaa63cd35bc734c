"""Correcting and forgetting what was eaten. Both are edits of menus, which can be undone there."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from mealplanner.errors import Invalid, NotFound
from mealplanner.menu.editing.decisions import cook
from mealplanner.menu.editing.services import FORGET, edit_meal
from mealplanner.menu.editing.values import Moment, OpenMenu, PlacedMeal, Seen
from mealplanner.menu.models import Meal, Menu

LATER = "Choose a date that is not later than today."
SKIPPED = "You skipped this meal. Plan it again first if you ate it after all."


def correct(
    session: Session,
    user_id: uuid.UUID,
    meal_id: uuid.UUID,
    *,
    version: int,
    eaten: bool,
    eaten_on: datetime.date | None,
    cooked: bool | None,
    moment: Moment,
    zone: ZoneInfo,
) -> None:
    """Say whether and when a meal was eaten, and whether it was cooked; None leaves that as it is.

    Without `eaten_on` it is the day for which it was planned, or today if that is still to come. Raise `NotFound`,
    `Invalid` for a date to come and for a meal that was skipped, and what `edit_meal` raises.
    """
    if eaten_on is not None and eaten_on > moment.today:
        raise Invalid({"eaten_on": [LATER]})
    seen = Seen(user_id=user_id, menu_id=_menu_of(session, user_id, meal_id), meal_id=meal_id, version=version)
    decide = partial(_eat_on, date=eaten_on, moment=moment, zone=zone) if eaten else _not_eaten
    stored = edit_meal(session, seen, what="eaten", decide=decide, moment=moment)
    if cooked is not None:
        seen = replace(seen, version=stored.version)
        edit_meal(session, seen, what="cooked", decide=partial(cook, cooked=cooked, now=moment.now), moment=moment)


def forget_all(session: Session, user_id: uuid.UUID, *, moment: Moment) -> None:
    """Take away every tick of the person's menus, in one edit of each."""
    ticked = (Menu.user_id == user_id, Meal.eaten_at.is_not(None) | Meal.cooked_at.is_not(None))
    meals = select(Menu.id, Menu.version, Meal.id).join(Meal, Meal.menu_id == Menu.id).where(*ticked)
    one_of_each = {menu_id: (version, meal_id) for menu_id, version, meal_id in session.execute(meals)}
    for menu_id, (version, meal_id) in sorted(one_of_each.items()):
        seen = Seen(user_id=user_id, menu_id=menu_id, meal_id=meal_id, version=version)
        edit_meal(session, seen, what=FORGET, decide=_nothing_ticked, moment=moment)


def _eat_on(
    menu: OpenMenu, meal: PlacedMeal, *, date: datetime.date | None, moment: Moment, zone: ZoneInfo
) -> Sequence[PlacedMeal]:
    """Mark a meal as eaten on a date: at the time of the meal, unless it has a mark of that day already."""
    if meal.skipped is not None:
        raise Invalid({"eaten": [SKIPPED]})
    day = date or min(menu.date_of(meal), moment.today)
    if meal.eaten_at is not None and meal.eaten_at.astimezone(zone).date() == day:
        return [meal]
    return [replace(meal, eaten_at=min(datetime.datetime.combine(day, meal.time, zone), moment.now))]


def _not_eaten(_menu: OpenMenu, meal: PlacedMeal) -> Sequence[PlacedMeal]:
    return [replace(meal, eaten_at=None)]


def _nothing_ticked(menu: OpenMenu, _meal: PlacedMeal) -> Sequence[PlacedMeal]:
    return [replace(meal, eaten_at=None, cooked_at=None) for meal in menu.meals.values()]


def _menu_of(session: Session, user_id: uuid.UUID, meal_id: uuid.UUID) -> uuid.UUID:
    own = select(Menu.id).join(Meal, Meal.menu_id == Menu.id).where(Menu.user_id == user_id, Meal.id == meal_id)
    menu_id = session.scalar(own)
    if menu_id is None:
        raise NotFound
    return menu_id
