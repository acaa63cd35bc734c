"""Changing how things are shown."""

from __future__ import annotations

from sqlalchemy.orm import Session

from mealplanner.auth.accounts import Account, change


def save(session: Session, account: Account, **settings: str) -> Account:
    """Store any of the settings. Raise `Unauthenticated` if the account was deleted in the meantime."""
    return change(session, account.id, **settings)
