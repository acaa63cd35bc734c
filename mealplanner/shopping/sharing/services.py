"""Links to lists: making, ending and finding them."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Event
from mealplanner.auth.models import User
from mealplanner.client import Client
from mealplanner.errors import Invalid
from mealplanner.food.wording import Units
from mealplanner.shopping.errors import DeadShare
from mealplanner.shopping.models import Share
from mealplanner.shopping.sharing.values import PURPOSE, LiveShare, SharedList
from mealplanner.shopping.values import Span
from mealplanner.unguessable import Keys, hash_of, known_token, token_of

MOST_SHARES = 20
TOO_MANY = f"You have {MOST_SHARES} links to your lists. End one of them first."


def share(
    session: Session,
    user_id: uuid.UUID,
    span: Span,
    *,
    share_id: uuid.UUID,
    days: int,
    keys: Keys,
    client: Client,
) -> None:
    """Make a link to a list that works for so many days; asked for twice under one id it is made once.

    Raise `Invalid` when there are too many.
    """
    now = client.now
    made = {"created_at": now, "expires_at": now + datetime.timedelta(days=days)}
    place = {"user_id": user_id, "first_day": span.first, "last_day": span.last}
    token_hash = hash_of(token_of(PURPOSE, share_id, keys))
    link = insert(Share).values(id=share_id, token_hash=token_hash, **place, **made)
    if session.scalar(link.on_conflict_do_nothing().returning(Share.id)) is None:
        return
    if session.scalars(select(func.count()).where(Share.user_id == user_id, *_live(now))).one() > MOST_SHARES:
        raise Invalid({"days": [TOO_MANY]})
    audit.record(session, Event.LIST_LINK_MADE, user_id, client, days=days)


def revoke(session: Session, user_id: uuid.UUID, share_id: uuid.UUID, *, client: Client) -> None:
    """End a link of the person's, if it has not ended yet."""
    this = (Share.user_id == user_id, Share.id == share_id, Share.revoked_at.is_(None))
    if session.execute(update(Share).where(*this).values(revoked_at=client.now).returning(Share.id)).all():
        audit.record(session, Event.LIST_LINK_ENDED, user_id, client)


def live_shares(
    session: Session, user_id: uuid.UUID, span: Span, *, keys: Keys, now: datetime.datetime
) -> Sequence[LiveShare]:
    """Return the links to a list that work, the newest first."""
    this = (Share.user_id == user_id, Share.first_day == span.first, Share.last_day == span.last)
    query = select(Share.id, Share.created_at, Share.expires_at, Share.token_hash).where(*this, *_live(now))
    rows = session.execute(query.order_by(Share.created_at.desc(), Share.id))
    return [
        LiveShare(
            id=row.id,
            created_at=row.created_at,
            expires_at=row.expires_at,
            token=known_token(PURPOSE, row.id, keys, row.token_hash),
        )
        for row in rows
    ]


def find(session: Session, token: str, *, now: datetime.datetime) -> SharedList:
    """Return the list that a link leads to. Raise `DeadShare` for one that does not work, whatever the reason."""
    columns = (Share.id, Share.user_id, Share.first_day, Share.last_day, Share.expires_at, User.units)
    query = select(*columns).join(User, User.id == Share.user_id).where(Share.token_hash == hash_of(token))
    row = session.execute(query.where(*_live(now), User.disabled_at.is_(None))).one_or_none()
    if row is None:
        raise DeadShare
    span = Span(row.first_day, row.last_day)
    units: Units = "imperial" if row.units == "imperial" else "metric"
    return SharedList(share_id=row.id, user_id=row.user_id, span=span, units=units, expires_at=row.expires_at)


def _live(now: datetime.datetime) -> tuple[ColumnElement[bool], ...]:
    return Share.revoked_at.is_(None), Share.expires_at > now
