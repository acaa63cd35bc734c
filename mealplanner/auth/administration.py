"""What an operator does with accounts, by their e-mail address."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Actor, Event
from mealplanner.auth.accounts import has_email
from mealplanner.auth.api_tokens import services as api_tokens
from mealplanner.auth.errors import UnknownAccount
from mealplanner.auth.links import services as links
from mealplanner.auth.models import User
from mealplanner.auth.passwords.services import set_password
from mealplanner.auth.sessions import services as sessions
from mealplanner.auth.signing_in.models import SignIn
from mealplanner.client import Client
from mealplanner.throttle import services as throttle

KINDS = ("account", "pair", "address", "network")
_UUID = re.compile(r"[0-9a-f-]{36}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """An account or an address that cannot sign in: `until` then, or for None until the operator opens it."""

    who: str
    until: datetime.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An account as an operator sees it: nothing of what the person eats."""

    email: str
    created_at: datetime.datetime
    verified: bool
    disabled: bool
    last_sign_in: datetime.datetime | None


def list_accounts(session: Session) -> list[Listed]:
    """Return every account, by address."""
    last = select(func.max(SignIn.at)).where(SignIn.user_id == User.id, SignIn.succeeded).scalar_subquery()
    columns = (
        User.email,
        User.created_at,
        User.verified_at.is_not(None).label("verified"),
        User.disabled_at.is_not(None).label("disabled"),
        last.label("last_sign_in"),
    )
    return [Listed(**row._mapping) for row in session.execute(select(*columns).order_by(User.email_key))]


def verify(session: Session, *, email: str, now: datetime.datetime) -> None:
    """Count `email` as confirmed, because the operator says so. Raise `UnknownAccount`."""
    _update(session, email, Event.ADDRESS_CONFIRMED, verified_at=func.coalesce(User.verified_at, now))


def disable(session: Session, *, email: str, now: datetime.datetime) -> None:
    """Close the account, end its sessions and its links; nothing is deleted. Raise `UnknownAccount`."""
    user_id = _id_of(session, email)
    links.end_all(session, user_id, now=now)
    _update(session, email, Event.ACCOUNT_DISABLED, disabled_at=func.coalesce(User.disabled_at, now))
    sessions.end_all(session, user_id)


def enable(session: Session, *, email: str) -> None:
    """Open a closed account again. Raise `UnknownAccount`."""
    _update(session, email, Event.ACCOUNT_ENABLED, disabled_at=None)


def reset(session: Session, *, email: str, password_hash: str, now: datetime.datetime) -> None:
    """Give the account another password; end its sessions, links, API tokens and any wait. Raise `UnknownAccount`."""
    if not set_password(session, email=email, password_hash=password_hash, now=now):
        raise UnknownAccount(email)
    api_tokens.end_all(session, _id_of(session, email), now=now, actor=Actor.OPERATOR)


def list_locked(session: Session, client: Client) -> list[Locked]:
    """Return closed accounts, and the accounts and addresses that have to wait after wrong passwords."""
    closed = session.scalars(select(User.email).where(User.disabled_at.is_not(None)).order_by(User.email))
    waiting = {kind: throttle.locked(session, "login", kind, client) for kind in KINDS}
    return [
        *(Locked(who=email, until=None) for email in closed),
        *_known(session, waiting["account"]),
        *_known(session, waiting["pair"]),
        *(Locked(who=where, until=until) for where, until in sorted((waiting["address"] | waiting["network"]).items())),
    ]


def _known(session: Session, waiting: Mapping[str, datetime.datetime]) -> list[Locked]:
    """Those that have an account, by e-mail address; after it, for a pair, where the account signed in from."""
    keys = {key: key.partition(" ") for key in waiting}
    ids = {uuid.UUID(user_id) for user_id, _, _ in keys.values() if _UUID.fullmatch(user_id)}
    emails = {str(id_): email for id_, email in session.execute(select(User.id, User.email).where(User.id.in_(ids)))}
    return sorted(
        (
            Locked(who=f"{emails[user_id]} at {address}" if address else emails[user_id], until=waiting[key])
            for key, (user_id, _, address) in keys.items()
            if user_id in emails
        ),
        key=lambda locked: locked.who,
    )


def _id_of(session: Session, email: str) -> uuid.UUID:
    user_id = session.scalar(select(User.id).where(has_email(email)))
    if user_id is None:
        raise UnknownAccount(email)
    return user_id


def _update(session: Session, email: str, event: Event, **values: object) -> None:
    user_id = _id_of(session, email)
    session.execute(update(User).where(User.id == user_id).values(**values))
    audit.record(session, event, user_id, actor=Actor.OPERATOR)
