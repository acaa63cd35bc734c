"""An account as plain values, how it is read, and how it is changed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Label, Row, update
from sqlalchemy.orm import Session

from mealplanner.auth.addresses.normal_form import normal_form
from mealplanner.auth.models import User
from mealplanner.errors import Unauthenticated
from mealplanner.formatting import Hours


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


_users = User.__table__.c

_ACCOUNT = {
    "id": _users.id,
    "email": _users.email,
    "session_token": _users.session_token,
    "verified": _users.verified_at.is_not(None),
    "time_zone": _users.time_zone,
    "units": _users.units,
    "hours": _users.hours,
}
"""Field of `Account` -> where it is read."""

ACCOUNT_COLUMNS: tuple[Label[Any], ...] = tuple(column.label(name) for name, column in _ACCOUNT.items())


def has_email(email: str) -> ColumnElement[bool]:
    """Return the condition for the account of an address, however it is spelled."""
    return User.email_key == normal_form(email)


def account_of(row: Row[*tuple[Any, ...]]) -> Account:
    """Return the account in a row that has `ACCOUNT_COLUMNS`, and perhaps more."""
    return Account(**{name: getattr(row, name) for name in _ACCOUNT})


def change(session: Session, user_id: uuid.UUID, **values: Any) -> Account:
    """Change columns of an account and return it. Raise `Unauthenticated` if it was deleted in the meantime."""
    changed = update(User).where(User.id == user_id).values(**values)
    row = session.execute(changed.returning(*ACCOUNT_COLUMNS)).one_or_none()
    if row is None:
        raise Unauthenticated
    return account_of(row)
