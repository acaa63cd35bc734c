"""The audit log: everything that concerns the safety of an account, for its owner to read.

`record` writes in the transaction of the change itself, so that neither is stored without the other.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, fields
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from mealplanner.audit.events import Actor, Details, Event
from mealplanner.audit.models import AuditEntry
from mealplanner.client import Client
from mealplanner.telemetry.scope import current_scope

KEPT: Final = datetime.timedelta(days=365)
"""After this the daily retention deletes an entry."""

PAGE: Final = 50
"""Lines on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log."""

    id: int
    event: str
    actor: str
    details: Details
    address: str | None
    at: datetime.datetime


_COLUMNS = [getattr(AuditEntry, field.name) for field in fields(Entry)]


def record(
    session: Session,
    event: Event,
    user_id: uuid.UUID | None,
    client: Client | None = None,
    *,
    actor: Actor | None = None,
    **details: str | int,
) -> None:
    """Add a line about the account `user_id`, None when it concerns no account that goes on to exist.

    Without a `client`, no request caused it: it happens now, at no address. Left out, `actor` is the person, or a
    program of theirs if the request came with a token.
    """
    if actor is None:
        actor = Actor.SELF if current_scope().token == "-" else Actor.TOKEN
    where = {"at": client.now, "address": client.address} if client is not None else {}
    values = {"user_id": user_id, "event": event, "actor": actor, "details": details, **where}
    session.execute(insert(AuditEntry).values(values))


def entries(session: Session, user_id: uuid.UUID, *, before: int | None = None) -> list[Entry]:
    """Return the newest lines about an account, of those older than the line `before`: one more than a page holds."""
    mine = select(*_COLUMNS).where(AuditEntry.user_id == user_id)
    if before is not None:
        mine = mine.where(AuditEntry.id < before)
    return [Entry(**row._mapping) for row in session.execute(mine.order_by(AuditEntry.id.desc()).limit(PAGE + 1))]


def all_entries(session: Session, user_id: uuid.UUID) -> list[Entry]:
    """Return every line about an account, the newest first."""
    mine = select(*_COLUMNS).where(AuditEntry.user_id == user_id).order_by(AuditEntry.id.desc())
    return [Entry(**row._mapping) for row in session.execute(mine)]
