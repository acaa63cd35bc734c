"""What a person ate: the meals that they ticked, and those that were planned for days on which they ticked none.

A day with a tick is known: only the ticked meals of it count, on the day of their tick. Of any other day, every meal
counts that was not skipped.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Date, Row, bindparam, cast, func, or_, select
from sqlalchemy.orm import Session

from mealplanner.auth.models import User
from mealplanner.menu.eaten.values import DAYS_OF_A_PAGE, History, PastMeal
from mealplanner.menu.models import MOST_DAYS, Meal, Menu
from mealplanner.menu.planned_days.ownership import belongs_elsewhere
from mealplanner.recipes.models import Recipe

LONGEST_MENU: Final = datetime.timedelta(days=MOST_DAYS)

_SINCE, _UNTIL = bindparam("since", type_=Date), bindparam("until", type_=Date)
_PLANNED = Menu.start_date + Meal.day
_EATEN_ON = cast(func.timezone(User.time_zone, Meal.eaten_at), Date)
_TICKED = or_(Meal.eaten_at.is_not(None), Meal.cooked_at.is_not(None))
_OWN = (Menu.user_id == bindparam("user_id"), Menu.status == "ready")

# A menu that began earlier than this has no meal within the days that are asked for. It bounds what is read.
_WITHIN = (*_OWN, Menu.start_date > bindparam("begun_after", type_=Date), Menu.start_date <= _UNTIL)

_MEALS = (
    select(
        Recipe.slug,
        Recipe.title,
        func.coalesce(_EATEN_ON, _PLANNED).label("date"),
        Meal.skipped,
        _TICKED.label("ticked"),
        func.bool_or(_TICKED).over(partition_by=(Meal.menu_id, Meal.day)).label("day_known"),
    )
    .select_from(Menu)
    .join(User, User.id == Menu.user_id)
    .join(Meal, Meal.menu_id == Menu.id)
    .join(Recipe, Recipe.id == Meal.recipe_id)
    .where(*_WITHIN, ~belongs_elsewhere(_PLANNED))
).subquery()
_meals = _MEALS.c
_LAST = func.max(_meals.date)
_EATEN = (
    select(_meals.slug, _meals.title, _LAST.label("last"))
    .where(_meals.skipped.is_(None), or_(_meals.ticked, ~_meals.day_known), _meals.date.between(_SINCE, _UNTIL))
    .group_by(_meals.slug, _meals.title)
    .order_by(_LAST.desc(), _meals.slug)
)

_PAST_MEALS = (
    select(
        Meal.id,
        Meal.menu_id,
        Menu.version,
        _PLANNED.label("planned_on"),
        Meal.slot,
        Meal.recipe_id,
        Recipe.title,
        Meal.skipped.is_not(None).label("skipped"),
        _EATEN_ON.label("eaten_on"),
        cast(func.timezone(User.time_zone, Meal.cooked_at), Date).label("cooked_on"),
    )
    .select_from(Menu)
    .join(User, User.id == Menu.user_id)
    .join(Meal, Meal.menu_id == Menu.id)
    .join(Recipe, Recipe.id == Meal.recipe_id)
    .order_by(_PLANNED.desc(), Menu.created_at.desc(), Meal.position)
)
_PAST = _PAST_MEALS.where(*_WITHIN, _PLANNED.between(_SINCE, _UNTIL), ~belongs_elsewhere(_PLANNED))
_TICKS = _PAST_MEALS.where(*_OWN, _TICKED)
_EARLIER = select(func.max(Menu.start_date + Menu.days - 1)).where(*_OWN, Menu.start_date < _SINCE)

Eaten = Row[str, str, datetime.date]
"""Slug and title of a dish, and the date of its last meal."""


def eaten(session: Session, user_id: uuid.UUID, *, before: datetime.date, days: int) -> Sequence[Eaten]:
    """Return the dishes eaten within `days` days before a date, the most recent first.

    A dish whose recipe was corrected in between appears once for each version.
    """
    until = before - datetime.timedelta(days=1)
    return session.execute(_EATEN, _between(user_id, before - datetime.timedelta(days=days), until)).all()


def history(session: Session, user_id: uuid.UUID, *, until: datetime.date) -> History:
    """Return the meals of `DAYS_OF_A_PAGE` days, the last of which is `until`, the latest day first."""
    since = until - datetime.timedelta(days=DAYS_OF_A_PAGE - 1)
    within = _between(user_id, since, until)
    last = session.scalar(_EARLIER, within)
    return History(
        since=since,
        until=until,
        meals=[PastMeal(**row._mapping) for row in session.execute(_PAST, within)],
        earlier=None if last is None else min(last, since - datetime.timedelta(days=1)),
    )


def ticked(session: Session, user_id: uuid.UUID, menu_ids: Sequence[uuid.UUID]) -> Sequence[PastMeal]:
    """Return every meal of these menus that the person ticked as eaten or cooked, the latest day first."""
    rows = session.execute(_TICKS.where(Menu.id.in_(menu_ids)), {"user_id": user_id})
    return [PastMeal(**row._mapping) for row in rows]


def _between(user_id: uuid.UUID, since: datetime.date, until: datetime.date) -> dict[str, object]:
    return {"user_id": user_id, "since": since, "until": until, "begun_after": since - LONGEST_MENU}
