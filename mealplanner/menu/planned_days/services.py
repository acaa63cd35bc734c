"""Days change hands here, and only here: a finished menu takes its days, a deleted one gives them back."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import Select, literal, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from mealplanner.menu.models import Meal, Menu, ends_after
from mealplanner.menu.planned_days import queries
from mealplanner.menu.planned_days.models import PlannedDay
from mealplanner.menu.planned_days.overlaps import (
    AFTER,
    REPLACE,
    DaysPlanned,
    days_from,
    require_possible,
    ways,
)

_date = Menu.start_date + Meal.day
_SERVED = (
    select(Menu.user_id, _date, Menu.id)
    .join(Meal, Meal.menu_id == Menu.id)
    .where(Menu.status == "ready")
    .ext(distinct_on(Menu.user_id, _date))
    .order_by(Menu.user_id, _date, Menu.created_at.desc(), Menu.id)
)
"""The days of finished menus, each with the newest menu that serves it."""


def settle(
    session: Session,
    user_id: uuid.UUID,
    *,
    start: datetime.date,
    days: int,
    overlap: str | None,
    today: datetime.date,
) -> tuple[datetime.date, str | None]:
    """Return on which day a menu for so many `days` begins, and what becomes of days that are planned already.

    `overlap` is the person's choice, if they made one. Raise `DaysPlanned` when it is needed, and `Invalid` when what
    was chosen cannot be done.
    """
    take_unowned(session, user_id, since=start)
    planned, wanted = queries.planned(session, user_id, start=start), days_from(start, days)
    if planned.isdisjoint(wanted):
        return start, None
    offered = ways(start, days, planned=planned, today=today)
    if overlap is None:
        raise DaysPlanned(start, sorted(planned.intersection(wanted)), offered)
    chosen = require_possible(overlap, offered)
    return (chosen.dates[0], None) if overlap == AFTER else (start, overlap)


def take(session: Session, menu_id: uuid.UUID) -> None:
    """Give a finished menu the days that it serves: all where it was to replace others, or else those that are free."""
    overlap = session.scalar(select(Menu.overlap).where(Menu.id == menu_id))
    _assign(session, _SERVED.where(Menu.id == menu_id), replace=overlap == REPLACE)


def served(session: Session, user_id: uuid.UUID, *, since: datetime.date) -> frozenset[datetime.date]:
    """Return the days of the person's finished menus: those that are planned once `take_unowned` has run."""
    own = _SERVED.where(Menu.user_id == user_id, ends_after(literal(since)))
    return frozenset(row[1] for row in session.execute(own))


def take_unowned(session: Session, user_id: uuid.UUID, *, since: datetime.date) -> None:
    """Give every day from `since` on that belongs to no menu to the newest menu that serves it, and some days before.

    What is read is bounded by `since`: menus that ended before it keep their days as they are.
    """
    _assign(session, _SERVED.where(Menu.user_id == user_id, ends_after(literal(since))), replace=False)


def _assign(session: Session, served: Select[uuid.UUID, datetime.date, uuid.UUID], *, replace: bool) -> None:
    new = insert(PlannedDay).from_select(["user_id", "date", "menu_id"], served)
    key = [PlannedDay.user_id, PlannedDay.date]
    if replace:
        session.execute(new.on_conflict_do_update(index_elements=key, set_={"menu_id": new.excluded.menu_id}))
    else:
        session.execute(new.on_conflict_do_nothing(index_elements=key))
