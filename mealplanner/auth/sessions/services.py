"""Sessions in the database: the account that a cookie names, and the end of every session at once."""

from __future__ import annotations

import uuid

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from mealplanner.auth.accounts import ACCOUNT_COLUMNS, Account, account_of, change
from mealplanner.auth.models import User
from mealplanner.db import read

_users = User.__table__.c
_BY_TOKEN = select(*ACCOUNT_COLUMNS).where(_users.session_token == bindparam("token"), _users.disabled_at.is_(None))
"""Built once, and from the table rather than the entity: every page for people who are signed in begins with it."""


def account_by_token(session: Session, token: uuid.UUID) -> Account | None:
    """Return the account whose sessions carry `token`, None when they were ended or the account is disabled."""
    found = read(session, _BY_TOKEN, {"token": token}).one_or_none()
    return account_of(found) if found is not None else None


def end_sessions(session: Session, user_id: uuid.UUID) -> Account:
    """End every session of the account; the one that asked goes on if it is told the new token."""
    return change(session, user_id, session_token=uuid.uuid4())
