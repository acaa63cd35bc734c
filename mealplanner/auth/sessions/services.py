"""Sessions in the database: the account that a cookie names, and the end of every session at once."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Event
from mealplanner.auth.accounts import BY_TOKEN, Account, AnyRow, Query, change
from mealplanner.client import Client
from mealplanner.db import read


def row_by_token(session: Session, token: uuid.UUID, query: Query = BY_TOKEN, **parameters: Any) -> AnyRow | None:
    """Return the row of the account whose sessions carry `token`, None when they were ended or it is disabled.

    A `query` of `beside_account` reads more of the person with the same statement.
    """
    return read(session, query, {"token": token, **parameters}).one_or_none()


def end_sessions(session: Session, user_id: uuid.UUID, *, client: Client) -> Account:
    """End every session of the account; the one that asked goes on if it is told the new token."""
    audit.record(session, Event.SIGNED_OUT_EVERYWHERE, user_id, client)
    return change(session, user_id, session_token=uuid.uuid4())
