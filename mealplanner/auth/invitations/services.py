"""Invitations: links of which each lets one person create an account. Made, listed and revoked by an operator."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Actor, Event
from mealplanner.auth.errors import DeadInvitation, UnknownInvitation
from mealplanner.auth.invitations.models import Invitation
from mealplanner.auth.invitations.values import PURPOSE, ListedInvitation, UsedInvitation, state_of
from mealplanner.client import Client
from mealplanner.unguessable import Keys, hash_of, known_token, token_of

REMEMBERED: Final = datetime.timedelta(days=90)
"""For so long after its end the holder of an invitation is told why it does nothing."""


def invite(
    session: Session, *, invitation_id: uuid.UUID, note: str, days: int, keys: Keys, client: Client
) -> ListedInvitation:
    """Make an invitation that works once, for so many days. Return it with the end of its link."""
    token = token_of(PURPOSE, invitation_id, keys)
    made = {"created_at": client.now, "expires_at": client.now + datetime.timedelta(days=days)}
    session.execute(insert(Invitation).values(id=invitation_id, token_hash=hash_of(token), note=note, **made))
    audit.record(session, Event.INVITATION_MADE, None, client, actor=Actor.OPERATOR, invitation=str(invitation_id))
    return ListedInvitation(id=invitation_id, note=note, state="open", token=token, **made)


def invitations(session: Session, *, keys: Keys, now: datetime.datetime) -> Sequence[ListedInvitation]:
    """Return all invitations that are remembered, the newest first."""
    rows = session.scalars(select(Invitation).order_by(Invitation.created_at.desc(), Invitation.id))
    return [_listed(row, keys, now) for row in rows]


def revoke(session: Session, invitation_id: uuid.UUID, *, client: Client) -> None:
    """End an invitation that was not used. Raise `UnknownInvitation` when there is none that could still be used."""
    this = (Invitation.id == invitation_id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    ended = update(Invitation).where(*this).values(revoked_at=client.now).returning(Invitation.id)
    if session.scalar(ended) is None:
        raise UnknownInvitation
    audit.record(session, Event.INVITATION_ENDED, None, client, actor=Actor.OPERATOR, invitation=str(invitation_id))


def look_at(session: Session, token: str, *, now: datetime.datetime) -> None:
    """Raise `DeadInvitation`, with the reason, for the end of a link that makes no account."""
    columns = (Invitation.used_at, Invitation.revoked_at, Invitation.expires_at)
    row = session.execute(select(*columns).where(Invitation.token_hash == hash_of(token))).one_or_none()
    state = state_of(**row._mapping, now=now) if row is not None else "unknown"
    if state != "open":
        raise DeadInvitation(state)


def use(session: Session, token: str, *, user_id: uuid.UUID, now: datetime.datetime) -> uuid.UUID:
    """Use an invitation up for an account that was just made, and return its id.

    Raise `DeadInvitation` if it does not work any more: of two that try at once one succeeds.
    """
    works = (Invitation.used_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > now)
    this = update(Invitation).where(Invitation.token_hash == hash_of(token), *works)
    found: uuid.UUID | None = session.scalar(this.values(used_at=now, used_by=user_id).returning(Invitation.id))
    if found is None:
        look_at(session, token, now=now)
        raise DeadInvitation("used")
    return found


def used_by(session: Session, user_id: uuid.UUID) -> UsedInvitation | None:
    """Return the invitation that the account was made with; None without one."""
    columns = (Invitation.note, Invitation.created_at, Invitation.used_at)
    row = session.execute(select(*columns).where(Invitation.used_by == user_id)).one_or_none()
    return UsedInvitation(**row._mapping) if row is not None else None


def _listed(row: Invitation, keys: Keys, now: datetime.datetime) -> ListedInvitation:
    state = state_of(used_at=row.used_at, revoked_at=row.revoked_at, expires_at=row.expires_at, now=now)
    return ListedInvitation(
        id=row.id,
        note=row.note,
        created_at=row.created_at,
        expires_at=row.expires_at,
        state=state,
        token=known_token(PURPOSE, row.id, keys, row.token_hash) if state == "open" else None,
    )
