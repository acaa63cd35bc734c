"""Accounts: making one, signing in, finding out who somebody is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Label, Row, Select, func, select, update
from sqlalchemy.orm import Session

from mealplanner.auth.errors import WrongCredentials
from mealplanner.auth.jobs import SEND
from mealplanner.auth.models import User
from mealplanner.auth.passwords import check_new, hashed, matches, outdated
from mealplanner.db.uow import savepoint, unit_of_work_of
from mealplanner.mail import outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who somebody is, and how they want things shown. `verified`: mail is known to arrive at `email`."""

    id: uuid.UUID
    email: str
    session_token: uuid.UUID
    verified: bool
    time_zone: str
    units: str


_ACCOUNT = {
    "id": User.id,
    "email": User.email,
    "session_token": User.session_token,
    "verified": User.verified_at.is_not(None),
    "time_zone": User.time_zone,
    "units": User.units,
}
"""Field of `Account` -> where it is read."""

ACCOUNT_COLUMNS: tuple[Label[Any], ...] = tuple(column.label(name) for name, column in _ACCOUNT.items())


def register(session: Session, *, email: str, password: str, verified: bool = False) -> Account:
    """Makes an account, and mails a link to confirm the address unless that is `verified` already.

    Raises `EmailTaken` when the address has an account, in whatever case it is written, and `Invalid`.
    """
    check_new(password, email=email)
    user = User(email=email, password_hash=hashed(password), verified_at=func.now() if verified else None)
    with savepoint(session):
        session.add(user)
        session.flush()  # the constraint answers here, where the form can still show it
    if not verified:
        outbox.post(session, SEND, user_id=user.id, kind="verify", recipient=email)
    return account_of(session.execute(select(*ACCOUNT_COLUMNS).where(User.id == user.id)).one())


def authenticate(session: Session, *, email: str, password: str) -> Account:
    """The account of `email`. Raises `WrongCredentials`; the failure is counted, whatever becomes of the request."""
    found = session.execute(_by_email(email)).one_or_none()
    unit = unit_of_work_of(session)
    unit.release()  # verifying takes tens of milliseconds, and nobody should wait for this connection meanwhile
    if found is None or not matches(password, found.password_hash):
        if found is None:
            matches(password, None)
        else:
            unit.always(lambda connection: _count_failure(connection, found.id))
        raise WrongCredentials
    _tidy_up(session, found.id, password, found.password_hash, found.failed_logins)
    return account_of(found)


def set_password(session: Session, *, email: str, password: str) -> bool:
    """Gives the account of `email` another password and ends its sessions; False when there is no such account.

    Raises `Invalid` for one that is short or easy to guess.
    """
    check_new(password, email=email)
    found = update(User).where(func.lower(User.email) == email.lower())
    changed = session.execute(
        found.values(password_hash=hashed(password), session_token=uuid.uuid4(), failed_logins=0).returning(User.id)
    )
    return changed.one_or_none() is not None


def account_by_token(session: Session, token: uuid.UUID) -> Account | None:
    """The account whose sessions carry `token`, None when they were ended."""
    found = session.execute(select(*ACCOUNT_COLUMNS).where(User.session_token == token)).one_or_none()
    return account_of(found) if found is not None else None


def account_of(row: Row[*tuple[Any, ...]]) -> Account:
    """The account in a row of `ACCOUNT_COLUMNS`, and perhaps more."""
    return Account(**{name: getattr(row, name) for name in _ACCOUNT})


def _by_email(email: str) -> Select[*tuple[Any, ...]]:
    columns = (*ACCOUNT_COLUMNS, User.password_hash, User.failed_logins)
    return select(*columns).where(func.lower(User.email) == email.lower())


def _tidy_up(session: Session, user_id: uuid.UUID, password: str, password_hash: str, failed_logins: int) -> None:
    """After a success: failures are forgotten, and a hash with parameters of the past is made again."""
    if failed_logins:
        session.execute(update(User).where(User.id == user_id).values(failed_logins=0))
    if outdated(password_hash):
        unchanged = (User.id == user_id) & (User.password_hash == password_hash)
        session.execute(update(User).where(unchanged).values(password_hash=hashed(password)))


def _count_failure(connection: Connection, user_id: uuid.UUID) -> None:
    connection.execute(update(User).where(User.id == user_id).values(failed_logins=User.failed_logins + 1))
