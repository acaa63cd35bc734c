"""What becomes of all API tokens of an account when its password changes; the rest is in `mealplanner/tokens/`."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Actor, Event
from mealplanner.auth.api_tokens.models import ApiToken
from mealplanner.client import Client


def names(session: Session, user_id: uuid.UUID, *, now: datetime.datetime) -> list[str]:
    """Return the names of the tokens that work at `now`, in order."""
    working = (ApiToken.user_id == user_id, ApiToken.ended_at.is_(None), ApiToken.expires_at > now)
    return list(session.scalars(select(ApiToken.name).where(*working).order_by(ApiToken.name)))


def end_all(
    session: Session,
    user_id: uuid.UUID,
    *,
    now: datetime.datetime,
    client: Client | None = None,
    actor: Actor | None = None,
) -> int:
    """End every token of the account at once, and return how many there were."""
    mine = update(ApiToken).where(ApiToken.user_id == user_id, ApiToken.ended_at.is_(None)).values(ended_at=now)
    ended = session.scalars(mine.returning(ApiToken.name)).all()
    for name in sorted(ended):
        audit.record(session, Event.TOKEN_ENDED, user_id, client, actor=actor, name=name)
    return len(ended)
