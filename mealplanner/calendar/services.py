"""The address at which a person's meals can be followed: making it, showing it again, taking it back."""

from __future__ import annotations

import datetime
import uuid
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Event
from mealplanner.calendar.models import Feed
from mealplanner.calendar.values import FeedAddress
from mealplanner.client import Client
from mealplanner.unguessable import Keys, hash_of, known_token, token_of

PURPOSE: Final = "calendar feed"
"""Tells these addresses from other secret ones."""


def make_feed(session: Session, user_id: uuid.UUID, *, feed_id: uuid.UUID, keys: Keys, client: Client) -> None:
    """Give the person a new address; the one before it ends."""
    made = {"id": feed_id, "token_hash": hash_of(token_of(PURPOSE, feed_id, keys)), "created_at": client.now}
    new = insert(Feed).values(user_id=user_id, **made)
    session.execute(new.on_conflict_do_update(index_elements=[Feed.user_id], set_=made))
    audit.record(session, Event.CALENDAR_MADE, user_id, client)


def end_feed(session: Session, user_id: uuid.UUID, *, client: Client) -> None:
    """Take back the person's address, if there is one."""
    if session.execute(delete(Feed).where(Feed.user_id == user_id).returning(Feed.id)).all():
        audit.record(session, Event.CALENDAR_ENDED, user_id, client)


def made_at(session: Session, user_id: uuid.UUID) -> datetime.datetime | None:
    """Return when the person's address was made; None without one."""
    return session.scalar(select(Feed.created_at).where(Feed.user_id == user_id))


def feed(session: Session, user_id: uuid.UUID, *, keys: Keys) -> FeedAddress | None:
    """Return the person's address; None without one."""
    query = select(Feed.id, Feed.token_hash, Feed.created_at).where(Feed.user_id == user_id)
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    return FeedAddress(created_at=row.created_at, token=known_token(PURPOSE, row.id, keys, row.token_hash))
