"""Changing how things are shown."""

from __future__ import annotations

from sqlalchemy.orm import Session

from mealplanner.auth.accounts import Account, change


def save(session: Session, account: Account, *, time_zone: str, units: str) -> Account:
    """Store the time zone and the units. Raise `Unauthenticated` if the account was deleted in the meantime."""
    return change(session, account.id, time_zone=time_zone, units=units)
