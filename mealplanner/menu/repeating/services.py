"""Storing a week that is served once more."""

from __future__ import annotations

import datetime
import random
import uuid
from dataclasses import asdict, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from mealplanner.errors import NotFound
from mealplanner.menu import queries as menus
from mealplanner.menu.editing import queries as editing
from mealplanner.menu.editing.values import Kitchen, Moment
from mealplanner.menu.generation.claims import store_meals
from mealplanner.menu.generation.content import MenuContent
from mealplanner.menu.generation.plan_request import macros
from mealplanner.menu.models import Menu
from mealplanner.menu.planned_days import queries as planned_days
from mealplanner.menu.planned_days import services as ownership
from mealplanner.menu.planned_days.overlaps import first_free
from mealplanner.menu.repeating.planning import WEEK
from mealplanner.menu.services import MAXIMUM_SEED
from mealplanner.planner.targets import daily_target
from mealplanner.planner.version import PLANNER_VERSION
from mealplanner.preferences import services as preferences_services


def latest(session: Session, user_id: uuid.UUID) -> uuid.UUID:
    """Return the id of the finished menu with the latest first day. Raise `NotFound` when there is none."""
    found = menus.latest(session, user_id)
    if found is None:
        raise NotFound("You have no menu yet that could be repeated.")
    return found.id


def kitchen(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID, *, today: datetime.date) -> Kitchen:
    """Return a menu that is to be repeated, with all that bears on it on the days that are free. Raise `NotFound`."""
    found = editing.kitchen(session, user_id, menu_id)
    days = min(found.menu.days, WEEK)
    start = first_free(today, days, planned=ownership.served(session, user_id, since=today))
    return replace(found, inputs=replace(found.inputs, start_date=start, days=tuple(range(days))))


def existing(session: Session, user_id: uuid.UUID, key: uuid.UUID) -> uuid.UUID | None:
    """Return the id of the menu that was asked for with this key already."""
    return session.scalar(select(Menu.id).where(Menu.user_id == user_id, Menu.idempotency_key == key))


def store_week(
    session: Session,
    user_id: uuid.UUID,
    *,
    content: MenuContent,
    key: uuid.UUID,
    moment: Moment,
    rng: random.Random,
) -> uuid.UUID:
    """Store `content` as a finished menu on the next free days, and return its id."""
    ownership.take_unowned(session, user_id, since=moment.today)
    days = 1 + max(meal["day"] for meal in content.meals)
    planned = planned_days.planned(session, user_id, start=moment.today)
    preferences = preferences_services.get(session, user_id).preferences
    menu = Menu(
        user_id=user_id,
        idempotency_key=key,
        status="ready",
        message="Ready",
        start_date=first_free(moment.today, days, planned=planned),
        days=days,
        source="catalogue",
        seed=rng.randint(0, MAXIMUM_SEED),
        preferences=preferences.for_a_menu(),
        targets=asdict(daily_target(preferences.calorie_goal, *macros(preferences))),
        warnings=list(content.warnings),
        advice=list(content.advice),
        as_planned=content.as_planned,
        remedies=[dict(remedy) for remedy in content.remedies],
        planner_version=PLANNER_VERSION,
        catalogue_version=content.catalogue_version,
        finished_at=moment.now,
    )
    session.add(menu)
    session.flush()
    store_meals(session, menu.id, content)
    return menu.id
