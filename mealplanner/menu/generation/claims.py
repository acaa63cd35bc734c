"""A worker's claim to a menu, and everything it writes to the menu's row.

A worker claims a menu by writing a fresh token into its row. Each later write asks for that token and for the status
`running`. When no row matches, the menu was cancelled, deleted or claimed by another worker: `ClaimLost` is raised.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Update, func, insert, update
from sqlalchemy.orm import Session

from mealplanner.menu.generation.content import MenuContent
from mealplanner.menu.models import IN_FLIGHT, Meal, Menu
from mealplanner.menu.planned_days import services as planned_days
from mealplanner.planner.version import PLANNER_VERSION
from mealplanner.recipes import services as recipes
from mealplanner.spending import services as spending


class ClaimLost(Exception):
    """The menu no longer belongs to this worker, which must stop and write nothing more."""

    def __init__(self) -> None:
        super().__init__("it was cancelled, deleted or claimed by another worker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What entitles one worker to write to one menu."""

    menu_id: uuid.UUID
    user_id: uuid.UUID
    token: uuid.UUID


def claim(
    session: Session,
    *,
    menu_id: uuid.UUID,
    token: uuid.UUID,
    now: datetime.datetime,
    is_current: Callable[[Session], bool],
) -> Claim:
    """Claim a menu that is still to be generated, and settle the model calls that an earlier worker left open.

    `is_current` is the queue's word on whether the job still belongs to this attempt: an attempt that another worker
    has replaced must not take the menu back. Raise `ClaimLost` when it has, or when the menu is finished or gone.
    """
    wanted = update(Menu).where(Menu.id == menu_id, Menu.status.in_(IN_FLIGHT))
    running = wanted.values(status="running", token=token, message="Reading your preferences")
    user_id = session.scalar(running.returning(Menu.user_id))
    if user_id is None or not is_current(session):
        raise ClaimLost
    spending.settle_abandoned(session, menu_id, now=now)
    return Claim(menu_id=menu_id, user_id=user_id, token=token)


def report_progress(session: Session, claim: Claim, *, percent: int, message: str) -> None:
    """Store how far the menu is. `percent` never falls below what was reported before, by any worker."""
    _write(session, _claimed(claim).values(step=func.greatest(Menu.step, percent), steps=100, message=message))


def finish(session: Session, claim: Claim, *, content: MenuContent) -> None:
    """Store the meals, declare the menu ready and give it its days."""
    ready = _claimed(claim).values(
        status="ready",
        step=Menu.steps,
        message="Ready",
        warnings=content.warnings,
        planner_version=PLANNER_VERSION,
        catalogue_version=content.catalogue_version,
        finished_at=func.now(),
    )
    _write(session, ready)
    store_meals(session, claim.menu_id, content)


def store_meals(session: Session, menu_id: uuid.UUID, content: MenuContent) -> None:
    """Store the meals of a menu that is ready, with their dishes, and give it its days."""
    for rows in content.recipes:
        recipes.store(session, rows)
    session.execute(insert(Meal).values(menu_id=menu_id), content.meals)
    planned_days.take(session, menu_id)


def fail(session: Session, claim: Claim, *, code: str, message: str) -> None:
    """Declare that the menu could not be generated, with the reason for the person who waits for it."""
    _write(session, _claimed(claim).values(status="failed", error_code=code, message=message, finished_at=func.now()))


def _claimed(claim: Claim) -> Update:
    return update(Menu).where(Menu.id == claim.menu_id, Menu.token == claim.token, Menu.status == "running")


def _write(session: Session, statement: Update) -> None:
    if session.scalar(statement.returning(Menu.id)) is None:
        raise ClaimLost
