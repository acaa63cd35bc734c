"""What an operator does with accounts, by their e-mail address."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mealplanner.auth.accounts import has_email
from mealplanner.auth.errors import UnknownAccount
from mealplanner.auth.links import services as links
from mealplanner.auth.models import User
from mealplanner.auth.passwords.services import set_password
from mealplanner.client import Client
from mealplanner.throttle import services as throttle


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """Somebody, or some address, that cannot sign in: `until` then, or for None until the operator says so."""

    who: str
    until: datetime.datetime | None


def verify(session: Session, *, email: str, now: datetime.datetime) -> None:
    """Takes the operator's word that mail arrives at `email`. Raises `UnknownAccount`."""
    _update(session, email, verified_at=func.coalesce(User.verified_at, now))


def disable(session: Session, *, email: str, now: datetime.datetime) -> None:
    """Closes the account, ends its sessions and its links; nothing is deleted. Raises `UnknownAccount`."""
    links.end_all(session, _id_of(session, email), now=now)
    _update(session, email, disabled_at=func.coalesce(User.disabled_at, now), session_token=uuid.uuid4())


def enable(session: Session, *, email: str) -> None:
    """Opens a closed account again. Raises `UnknownAccount`."""
    _update(session, email, disabled_at=None)


def reset(session: Session, *, email: str, password: str) -> None:
    """Gives the account another password, ends its sessions and any wait. Raises `UnknownAccount` and `Invalid`."""
    if not set_password(session, email=email, password=password):
        raise UnknownAccount(email)
    throttle.forget_account(session, "login", email=email)


def list_locked(session: Session, client: Client) -> list[Locked]:
    """Closed accounts, accounts that have to wait after wrong passwords, and addresses that have to."""
    closed = session.scalars(select(User.email).where(User.disabled_at.is_not(None)).order_by(User.email))
    waiting = {kind: throttle.locked(session, "login", kind, client) for kind in ("account", "pair", "address")}
    return [
        *(Locked(who=email, until=None) for email in closed),
        *(_known(session, waiting["account"])),
        *(_known(session, waiting["pair"])),
        *(Locked(who=address, until=until) for address, until in sorted(waiting["address"].items())),
    ]


def _known(session: Session, waiting: Mapping[str, datetime.datetime]) -> Iterator[Locked]:
    """Those that wait and have an account; of a pair, the address that the account signed in from follows."""
    for key, until in sorted(waiting.items()):
        email, _, address = key.partition(" ")
        if session.scalar(select(User.id).where(has_email(email))) is not None:
            yield Locked(who=f"{email} at {address}" if address else email, until=until)


def _id_of(session: Session, email: str) -> uuid.UUID:
    user_id = session.scalar(select(User.id).where(has_email(email)))
    if user_id is None:
        raise UnknownAccount(email)
    return user_id


def _update(session: Session, email: str, **values: object) -> None:
    session.execute(update(User).where(User.id == _id_of(session, email)).values(**values))
