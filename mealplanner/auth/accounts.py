"""An account as plain values, and how it is read."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Label, Row, func

from mealplanner.auth.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who somebody is, and how they want things shown. `verified`: mail is known to arrive at `email`."""

    id: uuid.UUID
    email: str
    session_token: uuid.UUID
    verified: bool
    time_zone: str
    units: Literal["metric", "imperial"]


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


def has_email(email: str) -> ColumnElement[bool]:
    """In a query of users: whose address this is, in whatever case; the database decides, as the constraint does."""
    return func.lower(User.email) == func.lower(email)


def account_of(row: Row[*tuple[Any, ...]]) -> Account:
    """The account in a row of `ACCOUNT_COLUMNS`, and perhaps more."""
    return Account(**{name: getattr(row, name) for name in _ACCOUNT})
