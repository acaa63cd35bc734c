"""What an operator does with accounts, by their e-mail address."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mealplanner.auth.errors import UnknownAccount
from mealplanner.auth.models import User
from mealplanner.auth.services import set_password
from mealplanner.throttle import services as throttle
from mealplanner.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """Somebody, or some address, that cannot sign in: `until` then, or for None until the operator says so."""

    who: str
    until: datetime.datetime | None


def verify(session: Session, *, email: str, now: datetime.datetime) -> None:
    """Takes the operator's word that mail arrives at `email`. Raises `UnknownAccount`."""
    _update(session, email, verified_at=func.coalesce(User.verified_at, now))


def disable(session: Session, *, email: str, now: datetime.datetime) -> None:
    """Closes the account and ends its sessions; nothing is deleted. Raises `UnknownAccount`."""
    _update(session, email, disabled_at=func.coalesce(User.disabled_at, now), session_token=uuid.uuid4())


def enable(session: Session, *, email: str) -> None:
    """Opens a closed account again. Raises `UnknownAccount`."""
    _update(session, email, disabled_at=None)


def reset(session: Session, *, email: str, password: str) -> None:
    """Gives the account another password, ends its sessions and any wait. Raises `UnknownAccount` and `Invalid`."""
    if not set_password(session, email=email, password=password):
        raise UnknownAccount(email)
    throttle.forget_account(session, "login", email=email)


def list_locked(session: Session, visit: Visit) -> list[Locked]:
    """Closed accounts, accounts that have to wait after wrong passwords, and addresses that have to."""
    closed = session.scalars(select(User.email).where(User.disabled_at.is_not(None)).order_by(User.email))
    accounts = throttle.locked(session, "login", "account", visit)
    known = session.scalars(select(User.email).where(func.lower(User.email).in_(accounts)).order_by(User.email))
    addresses = throttle.locked(session, "login", "address", visit)
    return [
        *(Locked(who=email, until=None) for email in closed),
        *(Locked(who=email, until=accounts[email.lower()]) for email in known),
        *(Locked(who=address, until=until) for address, until in sorted(addresses.items())),
    ]


def _update(session: Session, email: str, **values: object) -> None:
    found = update(User).where(func.lower(User.email) == email.lower()).values(**values).returning(User.id)
    if session.scalar(found) is None:
        raise UnknownAccount(email)
