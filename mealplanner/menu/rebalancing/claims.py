"""A worker's claim to a rebalancing, and everything it writes to its row, by `jobs.fence`."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mealplanner.jobs.fence import Fence
from mealplanner.menu.models import Menu
from mealplanner.menu.rebalancing.models import UNFINISHED, Rebalancing

_REBALANCINGS: Final = Fence(Rebalancing.metadata.tables[Rebalancing.__tablename__], "menu_id", UNFINISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What entitles one worker to one rebalancing."""

    menu_id: uuid.UUID
    user_id: uuid.UUID
    token: uuid.UUID
    version: int
    """Of the menu, as the person saw it."""


def claim(session: Session, *, menu_id: uuid.UUID, token: uuid.UUID, is_current: Callable[[Session], bool]) -> Claim:
    """Claim a rebalancing that is not finished. Raise `ClaimLost`."""
    first = "Looking at your menu"
    version = _REBALANCINGS.claim(
        session, menu_id, token=token, message=first, is_current=is_current, returning="version"
    )
    user_id = session.scalars(select(Menu.user_id).where(Menu.id == menu_id)).one()
    return Claim(menu_id=menu_id, user_id=user_id, token=token, version=version)


def report_progress(session: Session, claim: Claim, *, percent: int, message: str) -> None:
    """Store how far it is."""
    _REBALANCINGS.report(session, claim.menu_id, claim.token, percent=percent, message=message)


def finish(session: Session, claim: Claim, *, status: str, message: str) -> None:
    """Say how it ended: `done`, `changed` or `failed`."""
    ended = {"status": status, "step": Rebalancing.steps, "message": message}
    _REBALANCINGS.write(session, claim.menu_id, claim.token, **ended)
