"""A worker's claim to a menu, and everything it writes to the menu's row, by `jobs.fence`."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, insert
from sqlalchemy.orm import Session

from mealplanner.jobs.fence import Fence
from mealplanner.menu.generation.content import MenuContent
from mealplanner.menu.models import IN_FLIGHT, Meal, Menu
from mealplanner.menu.planned_days import services as planned_days
from mealplanner.planner.version import PLANNER_VERSION
from mealplanner.recipes import services as recipes
from mealplanner.spending import services as spending

_MENUS: Final = Fence(Menu.metadata.tables[Menu.__tablename__], "id", IN_FLIGHT)


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

    Raise `ClaimLost`.
    """
    first = "Reading your preferences"
    user_id = _MENUS.claim(session, menu_id, token=token, message=first, is_current=is_current, returning="user_id")
    spending.settle_abandoned(session, menu_id, now=now)
    return Claim(menu_id=menu_id, user_id=user_id, token=token)


def report_progress(session: Session, claim: Claim, *, percent: int, message: str) -> None:
    """Store how far the menu is."""
    _MENUS.report(session, claim.menu_id, claim.token, percent=percent, message=message)


def finish(session: Session, claim: Claim, *, content: MenuContent) -> None:
    """Store the meals, declare the menu ready and give it its days."""
    _write(
        session,
        claim,
        status="ready",
        step=Menu.steps,
        message="Ready",
        warnings=content.warnings,
        advice=content.advice,
        as_planned=content.as_planned,
        remedies=content.remedies,
        planner_version=PLANNER_VERSION,
        catalogue_version=content.catalogue_version,
        finished_at=func.now(),
    )
    store_meals(session, claim.menu_id, content)


def store_meals(session: Session, menu_id: uuid.UUID, content: MenuContent) -> None:
    """Store the meals of a menu that is ready, with their dishes, and give it its days."""
    for rows in content.recipes:
        recipes.store(session, rows)
    session.execute(insert(Meal).values(menu_id=menu_id), content.meals)
    planned_days.take(session, menu_id)


def fail(
    session: Session, claim: Claim, *, code: str, message: str, remedies: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Declare that the menu could not be generated, with the reason for the person who waits for it."""
    _write(
        session,
        claim,
        status="failed",
        error_code=code,
        message=message,
        warnings=[remedy["text"] for remedy in remedies],
        remedies=list(remedies),
        finished_at=func.now(),
    )


def _write(session: Session, claim: Claim, **values: Any) -> None:
    _MENUS.write(session, claim.menu_id, claim.token, **values)
