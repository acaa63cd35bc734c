"""Asking for a day or the rest of a menu to be planned again, and cancelling that."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.errors import NotFound
from mealplanner.jobs.queue import cancel as cancel_job
from mealplanner.jobs.queue import enqueue
from mealplanner.menu.editing import queries as editing
from mealplanner.menu.editing.errors import StaleMenu
from mealplanner.menu.models import Menu
from mealplanner.menu.rebalancing.job import REBALANCE
from mealplanner.menu.rebalancing.models import UNFINISHED, Rebalancing
from mealplanner.menu.rebalancing.planning import open_meals
from mealplanner.menu.rebalancing.values import PastRequest, Progress


def request(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID, *, version: int, now: datetime.datetime) -> None:
    """Enqueue the job that plans the rest of a menu again, unless one is under way. `now` is local time.

    Raise `NotFound`, `MenuNotReady`, `StaleMenu` when `version` is not the newest, and `Refused` when nothing is left
    to plan.
    """
    menu = editing.locked_menu(session, user_id, menu_id)
    menu.require_known(version)
    if menu.version != version:
        raise StaleMenu
    open_meals(menu, date=None, now=now)
    if session.scalar(select(Rebalancing.status).where(Rebalancing.menu_id == menu_id)) in UNFINISHED:
        return
    fresh: Mapping[str, object] = {
        "version": version,
        "status": "queued",
        "token": None,
        "step": 0,
        "steps": 1,
        "message": "Waiting to start",
        "job_id": enqueue(session, REBALANCE, person=user_id, menu_id=str(menu_id)),
        "requested_at": now,
    }
    new = insert(Rebalancing).values(menu_id=menu_id, **fresh)
    session.execute(new.on_conflict_do_update(index_elements=[Rebalancing.menu_id], set_=fresh))


def cancel(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> None:
    """Stop a rebalancing that is not finished, and its job. Raise `NotFound` when there never was one."""
    progress(session, user_id, menu_id)
    unfinished = update(Rebalancing).where(Rebalancing.menu_id == menu_id, Rebalancing.status.in_(UNFINISHED))
    cancelled = unfinished.values(status="cancelled", message="You stopped this; your menu is as it was.")
    job_id = session.scalar(cancelled.returning(Rebalancing.job_id))
    if job_id is not None:
        cancel_job(session, job_id)


def progress(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> Progress:
    """Return how the latest rebalancing of a menu stands. Raise `NotFound`."""
    columns = (Rebalancing.status, Rebalancing.step, Rebalancing.steps, Rebalancing.message)
    query = select(*columns).join(Menu, Menu.id == Rebalancing.menu_id)
    row = session.execute(query.where(Menu.id == menu_id, Menu.user_id == user_id)).one_or_none()
    if row is None:
        raise NotFound
    return Progress(**row._mapping)


def past_requests(session: Session, user_id: uuid.UUID) -> list[PastRequest]:
    """Return the latest request for each of the person's menus that had one."""
    columns = (
        Rebalancing.menu_id, Rebalancing.version, Rebalancing.status, Rebalancing.message, Rebalancing.requested_at,
    )  # fmt: skip
    query = select(*columns).join(Menu, Menu.id == Rebalancing.menu_id).where(Menu.user_id == user_id)
    return [PastRequest(**row._mapping) for row in session.execute(query.order_by(Rebalancing.requested_at))]
