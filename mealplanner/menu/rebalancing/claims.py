"""A worker's claim to a rebalancing, and everything it writes to its row: like `menu.generation.claims`."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Update, func, select, update
from sqlalchemy.orm import Session

from mealplanner.menu.models import Menu
from mealplanner.menu.rebalancing.models import UNFINISHED, Rebalancing


class ClaimLost(Exception):
    """The rebalancing no longer belongs to this worker, which must stop and write nothing more."""

    def __init__(self) -> None:
        super().__init__("it was cancelled, deleted or claimed by another worker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What entitles one worker to one rebalancing."""

    menu_id: uuid.UUID
    user_id: uuid.UUID
    token: uuid.UUID
    version: int
    """Of the menu, as the person saw it."""


def claim(session: Session, *, menu_id: uuid.UUID, token: uuid.UUID, is_current: Callable[[Session], bool]) -> Claim:
    """Claim a rebalancing that is not finished. Raise `ClaimLost` when it is, or when another attempt replaced this."""
    wanted = update(Rebalancing).where(Rebalancing.menu_id == menu_id, Rebalancing.status.in_(UNFINISHED))
    running = wanted.values(status="running", token=token, message="Looking at your menu")
    version = session.scalar(running.returning(Rebalancing.version))
    if version is None or not is_current(session):
        raise ClaimLost
    user_id = session.scalars(select(Menu.user_id).where(Menu.id == menu_id)).one()
    return Claim(menu_id=menu_id, user_id=user_id, token=token, version=version)


def report_progress(session: Session, claim: Claim, *, percent: int, message: str) -> None:
    """Store how far it is. `percent` never falls below what was reported before."""
    _write(session, claim, step=func.greatest(Rebalancing.step, percent), steps=100, message=message)


def finish(session: Session, claim: Claim, *, status: str, message: str) -> None:
    """Say how it ended: `done`, `changed` or `failed`."""
    _write(session, claim, status=status, step=Rebalancing.steps, message=message)


def _write(session: Session, claim: Claim, **values: object) -> None:
    statement: Update = update(Rebalancing).where(
        Rebalancing.menu_id == claim.menu_id, Rebalancing.token == claim.token, Rebalancing.status == "running"
    )
    if session.scalar(statement.values(**values).returning(Rebalancing.menu_id)) is None:
        raise ClaimLost
