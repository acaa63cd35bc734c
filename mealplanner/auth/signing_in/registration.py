"""Who may create an account on this installation."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mealplanner.auth.errors import RegistrationClosed
from mealplanner.auth.models import User

_ONE_AT_A_TIME: Final = 7_305_161
"""The advisory lock of registrations of which only the first may succeed."""


def is_open(session: Session, policy: str) -> bool:
    """Return whether a person without an invitation may create an account: when `open`, and if `first` the first."""
    return policy == "open" or (policy == "first" and session.scalar(select(User.id).limit(1)) is None)


def admit(session: Session, policy: str, *, invited: bool = False) -> None:
    """Raise `RegistrationClosed` unless one more account may be created; of two at once, only one is the first."""
    if invited and policy != "closed":
        return
    if policy == "first":
        session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    if not is_open(session, policy):
        raise RegistrationClosed
