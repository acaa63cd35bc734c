"""For how long a person wants their menus kept."""

from __future__ import annotations

import uuid

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mealplanner.auth.models import User
from mealplanner.errors import Unauthenticated


def kept_months(session: Session, user_id: uuid.UUID) -> int | None:
    """Return for how many months after its last day a menu is kept; None for as long as the account."""
    return session.scalar(select(User.keep_menu_months).where(User.id == user_id))


def keep_menus(session: Session, user_id: uuid.UUID, *, months: int | None) -> None:
    """Remember for how long menus are kept. Raise `Unauthenticated` if the account was deleted in the meantime."""
    chosen = update(User).where(User.id == user_id).values(keep_menu_months=months)
    if session.scalar(chosen.returning(User.id)) is None:
        raise Unauthenticated
