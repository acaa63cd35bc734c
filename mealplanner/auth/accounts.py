"""An account as plain values, how it is read, and how it is changed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Label, Row, Select, bindparam, select, update
from sqlalchemy.orm import Session

from mealplanner.auth.addresses.normal_form import normal_form
from mealplanner.auth.models import User
from mealplanner.auth.sessions.models import OpenSession
from mealplanner.db.base import Base
from mealplanner.errors import Unauthenticated
from mealplanner.presentation.formatting import Dates, Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who a person is, and how they want things shown. `verified`: mail is known to arrive at `email`."""

    id: uuid.UUID
    email: str
    session_token: uuid.UUID
    verified: bool
    time_zone: str
    units: Literal["metric", "imperial"]
    hours: Hours
    dates: Dates


Query = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]

_users, _sessions = User.__table__.c, OpenSession.__table__.c

_ACCOUNT = {
    "id": _users.id,
    "email": _users.email,
    "session_token": _users.session_token,
    "verified": _users.verified_at.is_not(None),
    "time_zone": _users.time_zone,
    "units": _users.units,
    "hours": _users.hours,
    "dates": _users.dates,
}
"""Field of `Account` -> where it is read."""

_LABELS = {name: f"account_{name}" for name in _ACCOUNT}
ACCOUNT_COLUMNS: tuple[Label[Any], ...] = tuple(column.label(_LABELS[name]) for name, column in _ACCOUNT.items())


@dataclass(frozen=True, slots=True)
class Reading:
    """A query for an account and perhaps more: by the secret of a session, which it reads too, and by its id."""

    by_secret: Query
    by_id: Query


ACCOUNT: Final = Reading(
    select(
        *ACCOUNT_COLUMNS,
        _sessions.id.label("session_id"),
        _sessions.created_at.label("session_created_at"),
        _sessions.used_at.label("session_used_at"),
    )
    .join_from(OpenSession.__table__, User.__table__, _users.id == _sessions.user_id)
    .where(_sessions.secret_hash == bindparam("secret_hash"), _users.disabled_at.is_(None)),
    select(*ACCOUNT_COLUMNS).where(_users.id == bindparam("account_id"), _users.disabled_at.is_(None)),
)
"""Every page for people who are signed in begins with it. Built once, and from the tables rather than the entities."""


def beside_account(entity: type[Base], columns: Sequence[ColumnElement[Any]], where: ColumnElement[bool]) -> Reading:
    """Return the query for an account that has `columns` of its own row of `entity` beside it, null without such a row.

    The condition `where` has to single out one row.
    """
    own = entity.__table__.c.user_id == _users.id

    def beside(query: Query) -> Query:
        return query.add_columns(*columns).outerjoin(entity.__table__, own & where)

    return Reading(beside(ACCOUNT.by_secret), beside(ACCOUNT.by_id.select_from(User.__table__)))


def has_email(email: str) -> ColumnElement[bool]:
    """Return the condition for the account of an address, however it is spelled."""
    return User.email_key == normal_form(email)


def account_of(row: AnyRow) -> Account:
    """Return the account in a row that has `ACCOUNT_COLUMNS`, and perhaps more."""
    return Account(**{name: getattr(row, label) for name, label in _LABELS.items()})


def change(session: Session, user_id: uuid.UUID, **values: Any) -> Account:
    """Change columns of an account and return it. Raise `Unauthenticated` if it was deleted in the meantime."""
    changed = update(User).where(User.id == user_id).values(**values)
    row = session.execute(changed.returning(*ACCOUNT_COLUMNS)).one_or_none()
    if row is None:
        raise Unauthenticated
    return account_of(row)
